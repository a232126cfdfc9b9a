// SPDX-License-Identifier: GPL-2.0-only
/* At a signal stop each request goes on with the same, another or no signal */
#include "sig.h"

static const int requests[] = {
	PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SINGLESTEP, PTRACE_DETACH,
};

static void child(void *arg)
{
	handle(SIGUSR1, tell, 0);
	handle(SIGUSR2, tell, 0);
	handle(40, tell, 0);
	signal(SIGHUP, SIG_IGN);
	mask(SIG_BLOCK, SIGQUIT);
	send_self(SIGUSR1);
	syscall(SYS_exit_group, 7);
}

int main(void)
{
	static const int sigs[] = {
		0, SIGUSR1, SIGUSR2, 40, SIGHUP, SIGWINCH, SIGTERM, SIGQUIT,
		SIGKILL, 65, 1000, -1,
	};
	int i, j;

	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		for (j = 0; j < sizeof(sigs) / sizeof(sigs[0]); j++) {
			pid_t pid = spawn_traced("tracee", child, NULL);

			quiet_pt(PTRACE_CONT, pid, 0, 0);
			show_wait(pid, 0);
			if (!pt(requests[i], pid, 0, sigs[j])) {
				show_wait(pid, 0);
				if (WIFSTOPPED(last_status()))
					go(pid, PTRACE_CONT, 0);
			}
			finish(pid);
		}
	}
	return 0;
}
