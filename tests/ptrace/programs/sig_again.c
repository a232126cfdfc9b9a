// SPDX-License-Identifier: GPL-2.0-only
/* The signal of this stop is sent again: queued once more, with what comes first */
#include "sig.h"

static void child(void *arg)
{
	handle(SIGUSR1, tell, 0);
	queue(getpid(), SIGUSR1, 1);
	syscall(SYS_exit_group, 7);
}

int main(void)
{
	static const int inject[] = { SIGUSR1, 0 };
	int i;

	for (i = 0; i < 2; i++) {
		pid_t pid = spawn_traced("tracee", child, NULL);

		go(pid, PTRACE_CONT, 0);
		/* the second of them is lost */
		queue(pid, SIGUSR1, 2);
		queue(pid, SIGUSR1, 3);
		show_siginfo(pid);
		while (go(pid, PTRACE_CONT, inject[i]))
			;
		finish(pid);
	}
	return 0;
}
