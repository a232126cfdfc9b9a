// SPDX-License-Identifier: GPL-2.0-only
/* ATTACH interrupts a call of an untraced process, SEIZE does not; DETACH restarts it */
#include "restart.h"

int main(void)
{
	int i;

	for (i = 0; i < CALLS; i++) {
		pid_t pid;

		pid = begin(i);
		pt(PTRACE_INTERRUPT, pid, 0, 0);
		show_wait(pid, 0);
		pt(PTRACE_DETACH, pid, 0, 0);
		if (show_sleep(pid, i)) {
			pt(PTRACE_SEIZE, pid, 0, 0);
			show_wait(pid, WNOHANG);
			show_sleep(pid, i);
			pt(PTRACE_INTERRUPT, pid, 0, 0);
			show_wait(pid, 0);
			pt(PTRACE_DETACH, pid, 0, 0);
			show_sleep(pid, i);
			pt(PTRACE_ATTACH, pid, 0, 0);
			show_wait(pid, 0);
			show(pid);
			pt(PTRACE_CONT, pid, 0, 0);
		}
		show_end(pid, i);
		over(pid);
	}
	return 0;
}
