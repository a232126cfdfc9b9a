// SPDX-License-Identifier: GPL-2.0-only
/* Stop signals with a handler, ignored, blocked; injected for others, and dropped */
#include "job.h"

static const struct {
	const char *name;
	int send, inject;
	char how;
} combos[] = {
	{ "handler", SIGTSTP, SIGTSTP, 'h' },
	{ "ignored", SIGTSTP, SIGTSTP, 'i' },
	{ "blocked", SIGTTIN, SIGTTIN, 'b' },
	{ "dropped", SIGSTOP, 0, 0 },
	{ "SIGSTOP for SIGTSTP", SIGTSTP, SIGSTOP, 'h' },
	{ "SIGTTOU for SIGUSR1", SIGUSR1, SIGTTOU, 0 },
	{ "SIGSTOP for SIGUSR1", SIGUSR1, SIGSTOP, 0 },
	{ "SIGCONT for SIGSTOP", SIGSTOP, SIGCONT, 0 },
};

static void child(void *arg)
{
	int i = *(int *)arg, sig = combos[i].send;

	setpgid(0, 0);
	if (combos[i].how == 'h')
		handle(sig, tell, 0);
	else if (combos[i].how == 'i')
		signal(sig, SIG_IGN);
	else if (combos[i].how == 'b')
		mask(SIG_BLOCK, sig);
	send_self(sig);
	out("sent");
	if (combos[i].how == 'b')
		mask(SIG_UNBLOCK, sig);
	out("alive");
}

int main(void)
{
	int i, seized;

	for (seized = 0; seized < 2; seized++) {
		for (i = 0; i < sizeof(combos) / sizeof(combos[0]); i++) {
			pid_t pid;

			out("%s, %s", combos[i].name, seized ? "seized" : "old");
			if (seized) {
				pid = spawn_seized("tracee", child, &i, 0);
			} else {
				pid = spawn_traced("tracee", child, &i);
				quiet_pt(PTRACE_CONT, pid, 0, 0);
			}
			show_stop(pid);
			if (go(pid, PTRACE_CONT, combos[i].inject))
				go(pid, PTRACE_CONT, 0);
			finish(pid);
		}
	}
	return 0;
}
