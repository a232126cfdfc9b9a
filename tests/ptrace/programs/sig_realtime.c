// SPDX-License-Identifier: GPL-2.0-only
/* Real-time signals, queued with values, come in order, each at a stop */
#include "sig.h"

static void child(void *arg)
{
	bool full = *(int *)arg;
	struct sigaction sa = { .sa_flags = SA_SIGINFO };
	static const int sigs[] = { SIGUSR1, SIGUSR2, 40, 41 };
	sigset_t all;
	int i;

	sigfillset(&all);
	sigdelset(&all, SIGALRM);
	sa.sa_sigaction = tell;
	if (full)
		sa.sa_mask = all;
	for (i = 0; i < 4; i++)
		sigaction(sigs[i], &sa, NULL);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (i = 1; i <= 3; i++) {
		queue(getpid(), 41, i);
		queue(getpid(), 40, 10 + i);
		queue(getpid(), SIGUSR2, 20 + i);
	}
	queue_thread(getpid(), getpid(), 41, 31);
	queue_thread(getpid(), getpid(), 40, 32);
	send_self(SIGUSR1);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	out("all done");
}

int main(void)
{
	int full;

	for (full = 0; full < 2; full++) {
		pid_t pid = spawn_traced("tracee", child, &full);
		int sig = 0;

		out("handlers %s", full ? "block all" : "nest");
		while (go(pid, PTRACE_CONT, sig))
			sig = WSTOPSIG(last_status());
		finish(pid);
	}
	return 0;
}
