// SPDX-License-Identifier: GPL-2.0-only
/* SIGSEGV by a fault with each disposition: repeated by CONT 0, forced when blocked */
#include <setjmp.h>

#include "sig.h"

enum { HANDLER, DEFAULT, IGNORED, BLOCKED };

static sigjmp_buf back;
static int *volatile nowhere;

static void jump(int sig, siginfo_t *info, void *context)
{
	tell(sig, info, context);
	out("address %s", info->si_addr == nowhere ? "right" : "wrong");
	siglongjmp(back, 1);
}

static void child(void *arg)
{
	int how = *(int *)arg;

	if (how == HANDLER || how == BLOCKED)
		handle(SIGSEGV, jump, 0);
	else if (how == IGNORED)
		signal(SIGSEGV, SIG_IGN);
	if (how == BLOCKED)
		mask(SIG_BLOCK, SIGSEGV);
	nowhere = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	if (!sigsetjmp(back, 1))
		*nowhere = 1;
	out("survived");
}

int main(void)
{
	static const char *const names[] = {
		"handler", "default", "ignored", "blocked, handler",
	};
	int how;

	for (how = HANDLER; how <= BLOCKED; how++) {
		pid_t pid = spawn_traced("tracee", child, &how);

		out("%s", names[how]);
		show_mask(pid);
		go(pid, PTRACE_CONT, 0);
		show_mask(pid);
		go(pid, PTRACE_CONT, 0);
		show_mask(pid);
		if (go(pid, PTRACE_CONT, SIGSEGV))
			go(pid, PTRACE_CONT, SIGSEGV);
		finish(pid);
	}
	return 0;
}
