// SPDX-License-Identifier: GPL-2.0-only
/* SIGCHLD of the tracee's own child: killed, exited, stopped and continued */
#include "sig.h"

enum { DEFAULT, HANDLER, NOCLDSTOP, NOCLDWAIT, IGNORED };

static void grandchild(void)
{
	for (;;)
		pause();
}

static bool pending(int sig)
{
	sigset_t set;

	sigpending(&set);
	return sigismember(&set, sig);
}

/* The tracee: what it does to its child, and what wait says */
static void child(void *arg)
{
	static const int sigs[] = { SIGSTOP, SIGCONT, SIGTERM };
	int how = *(int *)arg, i, status, ret;
	pid_t pid;

	if (how == IGNORED)
		signal(SIGCHLD, SIG_IGN);
	else if (how != DEFAULT)
		handle(SIGCHLD, tell, how == NOCLDSTOP ? SA_NOCLDSTOP :
		       how == NOCLDWAIT ? SA_NOCLDWAIT : 0);
	pid = fork();
	if (!pid)
		grandchild();
	name(pid, "grandchild");
	await_syscall(pid, SYS_pause);
	for (i = 0; i < 3; i++) {
		/* the status may be there before the signal is */
		mask(SIG_BLOCK, SIGCHLD);
		kill(pid, sigs[i]);
		ret = waitpid(pid, &status, WUNTRACED | WCONTINUED);
		while (how != IGNORED && (how != NOCLDSTOP || i == 2) &&
		       !pending(SIGCHLD))
			sched_yield();
		out("%s: %s %#x", signame(sigs[i]),
		    ret < 0 ? strerrorname_np(errno) : who(ret),
		    ret < 0 ? 0 : status);
		mask(SIG_UNBLOCK, SIGCHLD);
	}
}

int main(void)
{
	static const char *const names[] = {
		"default", "handler", "SA_NOCLDSTOP", "SA_NOCLDWAIT", "ignored",
	};
	int how;

	for (how = DEFAULT; how <= IGNORED; how++) {
		pid_t pid = spawn_traced("tracee", child, &how);
		int sig = 0;

		out("%s", names[how]);
		while (go(pid, PTRACE_CONT, sig))
			sig = WSTOPSIG(last_status());
		finish(pid);
	}
	return 0;
}
