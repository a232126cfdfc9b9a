// SPDX-License-Identifier: GPL-2.0-only
/* Each call is interrupted by a signal that the tracer drops: restarted */
#include "restart.h"

int main(void)
{
	int i;

	for (i = 0; i < CALLS; i++) {
		pid_t pid = begin(i);

		kill(pid, SIGUSR1);
		show_wait(pid, 0);
		show(pid);
		pt(PTRACE_CONT, pid, 0, 0);
		show_end(pid, i);
		over(pid);
	}
	return 0;
}
