// SPDX-License-Identifier: GPL-2.0-only
/* Several pending at a CONT: faults' numbers first, then the lowest, threads' first */
#include "sig.h"

static void child(void *arg)
{
	static const int sigs[] = {
		SIGHUP, SIGILL, SIGUSR1, SIGSEGV, SIGSYS, SIGCHLD, SIGCONT, 34,
	};
	int i;

	for (i = 0; i < 8; i++)
		handle(sigs[i], tell, 0);
	send_self(SIGUSR2);
	syscall(SYS_exit_group, 7);
}

int main(void)
{
	static const int sigs[] = {
		34, SIGCONT, SIGCHLD, SIGSYS, SIGSEGV, SIGUSR1, SIGILL, SIGHUP,
	};
	pid_t pid = spawn_traced("tracee", child, NULL);
	int i;

	go(pid, PTRACE_CONT, 0);
	/* the odd ones to the thread */
	for (i = 0; i < 8; i++) {
		if (i % 2)
			send(pid, pid, sigs[i]);
		else
			kill(pid, sigs[i]);
	}
	for (i = 0; go(pid, PTRACE_CONT, i % 3 ? WSTOPSIG(last_status()) : 0);)
		i++;
	finish(pid);
	return 0;
}
