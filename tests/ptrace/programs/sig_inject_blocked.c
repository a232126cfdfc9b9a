// SPDX-License-Identifier: GPL-2.0-only
/* Another signal is injected that is blocked: it waits, and stops once more */
#include "sig.h"

static void child(void *arg)
{
	handle(SIGUSR2, tell, 0);
	handle(40, tell, 0);
	mask(SIG_BLOCK, SIGUSR2);
	mask(SIG_BLOCK, 40);
	if (*(int *)arg)
		kill(getpid(), SIGUSR1);
	else
		send_self(SIGUSR1);
	out("sent");
	mask(SIG_UNBLOCK, SIGUSR2);
	out("SIGUSR2 is let through");
	mask(SIG_UNBLOCK, 40);
	out("SIG40 is let through");
}

int main(void)
{
	static const int sigs[] = { SIGUSR2, 40 };
	int i, group;

	for (group = 0; group < 2; group++) {
		for (i = 0; i < 2; i++) {
			pid_t pid = spawn_traced("tracee", child, &group);

			out("%s for %s", signame(sigs[i]),
			    group ? "a group's signal" : "a thread's signal");
			go(pid, PTRACE_CONT, 0);
			if (go(pid, PTRACE_CONT, sigs[i]))
				go(pid, PTRACE_CONT, sigs[i]);
			finish(pid);
		}
	}
	return 0;
}
