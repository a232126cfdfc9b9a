// SPDX-License-Identifier: GPL-2.0-only
/* Each call is interrupted by a signal that does nothing, but not without a tracer */
#include "restart.h"

int main(void)
{
	int i;

	for (i = 0; i < CALLS; i++) {
		pid_t pid = begin(i);

		kill(pid, SIGWINCH);
		show_wait(pid, 0);
		show(pid);
		pt(PTRACE_CONT, pid, 0, SIGWINCH);
		show_end(pid, i);
		over(pid);
	}
	return 0;
}
