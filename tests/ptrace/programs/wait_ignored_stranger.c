// SPDX-License-Identifier: GPL-2.0-only
/* Tracer or parent ignore SIGCHLD or say NOCLDWAIT, NOCLDSTOP: who reaps a stranger's zombie */
#include "wait.h"

static void ignore(void)
{
	sigchld_action(SIG_IGN, 0);
}

static void nocldwait(void)
{
	sigchld_action(handler_nop, SA_NOCLDWAIT);
}

static void nocldstop(void)
{
	sigchld_action(handler_nop, SA_NOCLDSTOP);
}

static void def(void)
{
	sigchld_action(SIG_DFL, 0);
}

static void one(void (*parent_does)(void), void (*tracer_does)(void))
{
	pid_t parent, pid;
	int status = -1;

	forget_steps();
	def();
	parent = start_parent(parent_does, pausing, NULL, 0);
	pid = shm->pid[0];
	rest(pid);
	tracer_does();
	pt(PTRACE_SEIZE, pid, 0, 0);
	kill(pid, SIGSTOP);
	await_inactive(pid);
	take();
	show_wait(pid, 0);
	pt(PTRACE_CONT, pid, 0, SIGSTOP);
	await_inactive(pid);
	take();
	ask(ASK_TAKE, 0, 0);
	show_wait(pid, 0);
	kill(pid, SIGKILL);
	await_zombie(pid);
	take();
	ask(ASK_TAKE, 0, 0);
	/* the parent waits, it learns when the tracer reaps */
	begin_ask(ASK_WAIT, pid, 0);
	await_syscall(parent, SYS_wait4);
	show_proc(pid);
	waitpid(pid, &status, 0);
	answered();
	out("status %#x", status);
	ask(ASK_TAKE, 0, 0);
	show_proc(pid);
	def();
	end_parent(parent);
	drain();
}

int main(void)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} ways[] = {
		{ "default", def }, { "ignored", ignore },
		{ "NOCLDWAIT", nocldwait }, { "NOCLDSTOP", nocldstop },
	};
	int i, j;

	hold_sigchld();
	for (i = 0; i < 4; i++) {
		for (j = 0; j < 4; j++) {
			out("parent %s, tracer %s", ways[i].name, ways[j].name);
			one(ways[i].fn, ways[j].fn);
		}
	}
	return 0;
}
