// SPDX-License-Identifier: GPL-2.0-only
/* A signal with each disposition: is there a stop, and what follows CONT sig */
#include "sig.h"

static const struct {
	const char *what;
	int sig;
	char how;
	bool blocked;
} combos[] = {
	{ "handler", SIGUSR1, 'h', false },
	{ "default, deadly", SIGUSR1, 'd', false },
	{ "default, core", SIGQUIT, 'd', false },
	{ "default, nothing", SIGWINCH, 'd', false },
	{ "default, continue", SIGCONT, 'd', false },
	{ "ignored", SIGUSR1, 'i', false },
	{ "ignored, real-time", 40, 'i', false },
	{ "blocked, handler", SIGUSR1, 'h', true },
	{ "blocked, default", SIGTERM, 'd', true },
	{ "blocked, default nothing", SIGWINCH, 'd', true },
	{ "blocked, ignored", SIGUSR1, 'i', true },
};

static void child(void *arg)
{
	int i = *(int *)arg;

	if (combos[i].how == 'h')
		handle(combos[i].sig, tell, 0);
	else
		signal(combos[i].sig, combos[i].how == 'i' ? SIG_IGN : SIG_DFL);
	if (combos[i].blocked)
		mask(SIG_BLOCK, combos[i].sig);
	send_self(combos[i].sig);
	out("sent");
	if (combos[i].blocked) {
		mask(SIG_UNBLOCK, combos[i].sig);
		out("unblocked");
	}
}

int main(void)
{
	int i;

	for (i = 0; i < sizeof(combos) / sizeof(combos[0]); i++) {
		pid_t pid = spawn_traced("tracee", child, &i);

		out("%s: %s", signame(combos[i].sig), combos[i].what);
		if (go(pid, PTRACE_CONT, 0))
			go(pid, PTRACE_CONT, combos[i].sig);
		finish(pid);
	}
	return 0;
}
