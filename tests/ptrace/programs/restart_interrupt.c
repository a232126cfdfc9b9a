// SPDX-License-Identifier: GPL-2.0-only
/* Each call is interrupted by PTRACE_INTERRUPT, once more after the first restart */
#include "restart.h"

int main(void)
{
	int i, times;

	for (i = 0; i < CALLS; i++) {
		pid_t pid = begin(i);

		for (times = 0; times < 2; times++) {
			pt(PTRACE_INTERRUPT, pid, 0, 0);
			show_wait(pid, 0);
			show(pid);
			pt(PTRACE_CONT, pid, 0, 0);
			if (!times && !show_sleep(pid, i))
				break;
		}
		show_end(pid, i);
		over(pid);
	}
	return 0;
}
