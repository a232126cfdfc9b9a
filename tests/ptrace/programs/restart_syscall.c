// SPDX-License-Identifier: GPL-2.0-only
/* PTRACE_SYSCALL over an interrupted call: its exit stop, a signal's, the restart's entry */
#include "restart.h"

static void stop(pid_t pid, int request)
{
	if (request)
		pt(request, pid, 0, 0);
	show_wait(pid, 0);
	if (WIFSTOPPED(last_status()))
		show(pid);
}

int main(void)
{
	int i, by_signal;

	stop_before = true;
	for (by_signal = 0; by_signal < 2; by_signal++) {
		out("by %s", by_signal ? "SIGUSR1, dropped" : "INTERRUPT");
		for (i = 0; i < CALLS; i++) {
			pid_t pid = begin(i);

			/* the calls before it are not shown */
			do {
				quiet_pt(PTRACE_SYSCALL, pid, 0, 0);
				waitpid(pid, NULL, 0);
			} while (sleeps_in(pid) != calls[i].nr);
			show(pid);
			pt(PTRACE_SYSCALL, pid, 0, 0);
			await_call(pid, i);
			if (by_signal)
				kill(pid, SIGUSR1);
			else
				pt(PTRACE_INTERRUPT, pid, 0, 0);
			stop(pid, 0);
			if (by_signal)
				stop(pid, PTRACE_SYSCALL);
			/* the entry of the restart, or of pause() */
			stop(pid, PTRACE_SYSCALL);
			pt(PTRACE_SYSCALL, pid, 0, 0);
			if (show_sleep(pid, i)) {
				end(pid, i);
				show_wait(pid, 0);
				show_regs(pid);
				/* wait4's would tell the pid */
				if (calls[i].end != 'c')
					show_syscall(pid);
			}
			over(pid);
		}
	}
	return 0;
}
