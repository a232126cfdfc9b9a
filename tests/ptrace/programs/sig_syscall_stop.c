// SPDX-License-Identifier: GPL-2.0-only
/* Signals sent while the tracee is in the stops of a system call */
#include "sig.h"

static void child(void *arg)
{
	static const int sigs[] = { SIGHUP, SIGUSR1, SIGSEGV, 40 };
	int i;

	for (i = 0; i < 4; i++)
		handle(sigs[i], tell, 0);
	send_self(SIGTRAP);
	syscall(SYS_getuid);
	syscall(SYS_getuid);
	syscall(SYS_exit_group, 7);
}

int main(void)
{
	int at, i;

	for (at = 0; at < 2; at++) {
		pid_t pid = spawn_traced("tracee", child, NULL);
		int sig = 0;

		out("sent at the %s", at ? "exit" : "entry");
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, 0);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
		for (i = 0; i <= at; i++)
			go(pid, PTRACE_SYSCALL, 0);
		show_syscall(pid);
		kill(pid, SIGUSR1);
		kill(pid, SIGUSR1);
		queue(pid, 40, 1);
		queue(pid, 40, 2);
		send(pid, pid, SIGHUP);
		send(pid, pid, SIGUSR1);
		kill(pid, SIGSEGV);
		show_proc(pid);
		for (i = 0; i < 12 && go(pid, PTRACE_SYSCALL, sig); i++) {
			show_syscall(pid);
			sig = WSTOPSIG(last_status());
			if (sig == (SIGTRAP | 0x80))
				sig = 0;
		}
		finish(pid);
	}
	return 0;
}
