// SPDX-License-Identifier: GPL-2.0-only
/* CONT from the exit stop of an interrupted call: restarted without another stop */
#include "restart.h"

int main(void)
{
	int i, sig;

	stop_before = true;
	for (sig = 0; sig <= SIGUSR1; sig += SIGUSR1) {
		out("CONT with %s", signame(sig));
		for (i = 0; i < CALLS; i++) {
			pid_t pid = begin(i);

			do {
				quiet_pt(PTRACE_SYSCALL, pid, 0, 0);
				waitpid(pid, NULL, 0);
			} while (sleeps_in(pid) != calls[i].nr);
			quiet_pt(PTRACE_SYSCALL, pid, 0, 0);
			await_call(pid, i);
			pt(PTRACE_INTERRUPT, pid, 0, 0);
			show_wait(pid, 0);
			show(pid);
			pt(PTRACE_CONT, pid, 0, sig);
			if (sig) {
				/* it comes by a stop of its own */
				show_wait(pid, 0);
				show(pid);
				pt(PTRACE_CONT, pid, 0, 0);
			}
			show_end(pid, i);
			over(pid);
		}
	}
	return 0;
}
