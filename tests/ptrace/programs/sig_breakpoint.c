// SPDX-License-Identifier: GPL-2.0-only
/* SIGTRAP by int3 with each disposition, injected and not */
#include "sig.h"

enum { HANDLER, DEFAULT, IGNORED, BLOCKED };

static void child(void *arg)
{
	int how = *(int *)arg;
	struct sigaction sa;

	if (how == HANDLER || how == BLOCKED)
		handle(SIGTRAP, tell, 0);
	else if (how == IGNORED)
		signal(SIGTRAP, SIG_IGN);
	if (how == BLOCKED)
		mask(SIG_BLOCK, SIGTRAP);
	asm volatile("int3");
	sigaction(SIGTRAP, NULL, &sa);
	out("now it is %s", sa.sa_handler == SIG_DFL ? "the default" :
	    sa.sa_handler == SIG_IGN ? "ignored" : "a handler");
}

int main(void)
{
	static const char *const names[] = {
		"handler", "default", "ignored", "blocked, handler",
	};
	int how, inject;

	for (inject = 0; inject <= SIGTRAP; inject += SIGTRAP) {
		for (how = HANDLER; how <= BLOCKED; how++) {
			pid_t pid = spawn_traced("tracee", child, &how);

			out("%s, inject %s", names[how], signame(inject));
			go(pid, PTRACE_CONT, 0);
			show_mask(pid);
			go(pid, PTRACE_CONT, inject);
			finish(pid);
		}
	}
	return 0;
}
