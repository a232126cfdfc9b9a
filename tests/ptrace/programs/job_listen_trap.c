// SPDX-License-Identifier: GPL-2.0-only
/* LISTEN at an INTERRUPT stop: a stop by a signal later, and what wakes it */
#include "job.h"

int main(void)
{
	pid_t pid = seized_pausing();
	int i;

	for (i = 0; i < 3; i++) {
		pt(PTRACE_INTERRUPT, pid, 0, 0);
		show_stop(pid);
		pt(PTRACE_LISTEN, pid, 0, 0);
		nothing(pid);
		show_proc(pid);
		if (i == 0) {
			/* just a signal: not woken */
			kill(pid, SIGSTOP);
			nothing(pid);
			pt(PTRACE_INTERRUPT, pid, 0, 0);
		} else if (i == 1) {
			kill(pid, SIGCONT);
		} else {
			kill(pid, SIGTERM);
			nothing(pid);
			pt(PTRACE_INTERRUPT, pid, 0, 0);
		}
		show_stop(pid);
		go(pid, PTRACE_CONT, 0);
		run(pid, 0);
	}
	finish(pid);
	return 0;
}
