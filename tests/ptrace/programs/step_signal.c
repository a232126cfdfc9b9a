// SPDX-License-Identifier: GPL-2.0-only
/* Steps with signals that are ignored, blocked, handled, default, and SIGKILL */
#include "step.h"

void body(void *arg);
void handler(int sig);
LABEL(first); LABEL(second); LABEL(third); LABEL(in_handler);

asm(".text\nbody:\nint3\n"
	L(first)
	"nop\n"
	L(second)
	"nop\n"
	L(third)
	"nop\n"
	"ret\n"
	"handler:\n"
	L(in_handler)
	"nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(second), SYM(third), SYM(in_handler), { NULL }
};

static void child(void *arg)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR1, handler);
	signal(SIGUSR2, handler);
	body(arg);
}

int main(void)
{
	static const int sigs[] = {
		SIGHUP, SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH, SIGTRAP, SIGTERM,
		SIGKILL, 65,
	};
	int i;

	labels = table;
	for (i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
		pid_t pid = start_body(child);

		out("%s", signame(sigs[i]));
		if (go(pid, PTRACE_SINGLESTEP, sigs[i]))
			go(pid, PTRACE_SINGLESTEP, 0);
		finish(pid);
	}
	return 0;
}
