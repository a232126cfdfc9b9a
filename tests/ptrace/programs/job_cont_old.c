// SPDX-License-Identifier: GPL-2.0-only
/* SIGCONT to an old-style tracee in its group-stop, and to one that went on */
#include "job.h"

int main(void)
{
	pid_t pid = spawn_traced("tracee", pausing_in_group, NULL);
	int gone_on;

	run(pid, 0);
	for (gone_on = 0; gone_on < 2; gone_on++) {
		stop_it(pid, SIGTSTP);
		if (gone_on) {
			run(pid, 0);
			show_proc(pid);
		}
		kill(pid, SIGCONT);
		if (!gone_on) {
			nothing(pid);
			show_proc(pid);
			show_wait(pid, WCONTINUED | WNOHANG);
			show_siginfo(pid);
			pt(PTRACE_CONT, pid, 0, 0);
		}
		show_stop(pid);
		show_wait(pid, WCONTINUED | WNOHANG);
		run(pid, SIGCONT);
		show_proc(pid);
	}
	finish(pid);
	return 0;
}
