// SPDX-License-Identifier: GPL-2.0-only
/* A group stop begins and ends while a seized thread is in a trap: what LISTEN tells */
#include "job.h"

int main(void)
{
	int threads = 1, end;
	pid_t pid = spawn("first", pausing_threads, &threads), one;

	await_threads(pid, 1);
	one = shm->pid[1];
	pt(PTRACE_SEIZE, one, 0, 0);
	for (end = 0; end < 3; end++) {
		pt(PTRACE_INTERRUPT, one, 0, 0);
		show_stop(one);
		kill(pid, SIGTTIN);
		await_state(pid, "T");
		nothing(one);
		show_siginfo(one);
		/* it has not taken part */
		show_wait(pid, WUNTRACED | WNOHANG);
		if (end == 1) {
			kill(pid, SIGCONT);
			await_syscall(pid, SYS_pause);
		}
		if (end == 2)
			pt(PTRACE_CONT, one, 0, 0);
		else
			pt(PTRACE_LISTEN, one, 0, 0);
		show_stop(one);
		show_wait(pid, WUNTRACED | WCONTINUED | WNOHANG);
		if (end != 1) {
			kill(pid, SIGCONT);
			await_syscall(pid, SYS_pause);
			go(one, PTRACE_CONT, 0);
			show_wait(pid, WUNTRACED | WCONTINUED | WNOHANG);
		}
		run(one, 0);
		nothing(one);
	}
	finish(one);
	finish(pid);
	return 0;
}
