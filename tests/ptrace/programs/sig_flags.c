// SPDX-License-Identifier: GPL-2.0-only
/* SA_RESETHAND, SA_NODEFER and sa_mask with signals sent from the handler */
#include "sig.h"

static int depth, limit;

static void again(int sig, siginfo_t *info, void *context)
{
	int level = ++depth;

	out("in %d", level);
	if (level < limit)
		send_self(sig);
	out("out %d", level);
}

static const struct {
	const char *name;
	int flags, limit;
} cases[] = {
	{ "deferred", 0, 2 },
	{ "SA_NODEFER", SA_NODEFER, 3 },
	{ "SA_RESETHAND", SA_RESETHAND, 2 },
	{ "SA_RESETHAND|SA_NODEFER", SA_RESETHAND | SA_NODEFER, 2 },
};

static void child(void *arg)
{
	int i = *(int *)arg;

	limit = cases[i].limit;
	handle(SIGUSR1, again, cases[i].flags);
	send_self(SIGUSR1);
}

int main(void)
{
	int i, sig;
	pid_t pid;

	for (i = 0; i < 4; i++) {
		pid = spawn_traced("tracee", child, &i);
		out("%s", cases[i].name);
		for (sig = 0; go(pid, PTRACE_CONT, sig); sig = SIGUSR1)
			show_mask(pid);
		finish(pid);
	}
	/* the tracer drops it: no handler, nothing more */
	i = 2;
	pid = spawn_traced("tracee", child, &i);
	out("%s, not injected", cases[i].name);
	go(pid, PTRACE_CONT, 0);
	go(pid, PTRACE_CONT, 0);
	finish(pid);
	return 0;
}
