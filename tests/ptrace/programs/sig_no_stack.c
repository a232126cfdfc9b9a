// SPDX-License-Identifier: GPL-2.0-only
/* There is no stack for the handler: SIGSEGV, and that one's handler fails, too */
#include "sig.h"

static void child(void *arg)
{
	stack_t stack = { .ss_size = 1 << 16 };

	stack.ss_sp = mmap(NULL, stack.ss_size, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigaltstack(&stack, NULL);
	handle(SIGUSR1, tell, SA_ONSTACK);
	handle(SIGUSR2, tell, 0);
	handle(SIGSEGV, tell, *(int *)arg ? SA_ONSTACK : 0);
	send_self(SIGUSR1);
	out("alive");
}

int main(void)
{
	static const int inject[] = { SIGSEGV, 0, SIGUSR2 };
	int both, i;

	for (both = 0; both < 2; both++) {
		for (i = 0; i < 3; i++) {
			pid_t pid = spawn_traced("tracee", child, &both);

			out("SIGSEGV's handler %s, inject %s",
			    both ? "there, too" : "elsewhere",
			    signame(inject[i]));
			go(pid, PTRACE_CONT, 0);
			if (go(pid, PTRACE_CONT, SIGUSR1))
				if (go(pid, PTRACE_CONT, inject[i]))
					go(pid, PTRACE_CONT, SIGSEGV);
			finish(pid);
		}
	}
	return 0;
}
