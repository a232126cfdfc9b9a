// SPDX-License-Identifier: GPL-2.0-only
/* ATTACH to a sleeper: SIGSTOP by the kernel, dropped, injected, crossed by SIGCONT */
#include "job.h"

int main(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		pid_t pid = spawn("tracee", pausing_in_group, NULL);

		await_syscall(pid, SYS_pause);
		pt(PTRACE_ATTACH, pid, 0, 0);
		show_stop(pid);
		show_proc(pid);
		if (i == 0) {
			run(pid, 0);
		} else if (i == 1) {
			go(pid, PTRACE_CONT, SIGSTOP);
			show_proc(pid);
			run(pid, 0);
		} else if (i == 2) {
			kill(pid, SIGCONT);
			go(pid, PTRACE_CONT, SIGSTOP);
			run(pid, SIGCONT);
		} else {
			pt(PTRACE_DETACH, pid, 0, SIGSTOP);
			show_wait(pid, WUNTRACED);
		}
		show_proc(pid);
		finish(pid);
	}
	return 0;
}
