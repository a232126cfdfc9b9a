// SPDX-License-Identifier: GPL-2.0-only
/* Every harmless request at a vfork, its end, a clone, seccomp, a step, a handler */
#include "req.h"
#include "sec.h"

static void on_usr1(int sig)
{
}

static void clones(long flags)
{
	pid_t pid = syscall(SYS_clone, flags, 0, 0, 0, 0);

	if (!pid)
		syscall(SYS_exit, 0);
	waitpid(pid, NULL, __WALL);
}

static void child(void *arg)
{
	signal(SIGUSR1, on_usr1);
	FILTER({ SYS_getpgrp, SECCOMP_RET_TRACE | 3 });
	clones(CLONE_VFORK | SIGCHLD);
	clones(0);
	syscall(SYS_getpgrp);
	raise(SIGUSR1);
}

static void show(const char *what, pid_t pid)
{
	out("%s", what);
	show_siginfo(pid);
	req_at_stop(pid);
	/* only for the seized */
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	show_proc(pid);
}

static void show_kid(pid_t pid)
{
	unsigned long msg = 0;

	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
	name(msg, "child");
	show_wait(msg, __WALL);
	show("a new child", msg);
	quiet_pt(PTRACE_DETACH, msg, 0, 0);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	req_options = PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE |
		      PTRACE_O_TRACECLONE | PTRACE_O_TRACESECCOMP;
	pt(PTRACE_SETOPTIONS, pid, 0, req_options);
	req_go(pid, PTRACE_CONT, 0);
	show("vfork event", pid);
	show_kid(pid);
	req_go(pid, PTRACE_CONT, 0);
	show("vfork done", pid);
	req_go(pid, PTRACE_CONT, 0);	/* SIGCHLD */
	req_go(pid, PTRACE_CONT, 0);
	show("clone event", pid);
	show_kid(pid);
	req_go(pid, PTRACE_CONT, 0);
	show("seccomp", pid);
	req_go(pid, PTRACE_CONT, 0);
	req_go(pid, PTRACE_SINGLESTEP, SIGUSR1);
	show("a handler", pid);
	req_go(pid, PTRACE_SINGLESTEP, 0);
	show("a step", pid);
	req_go(pid, PTRACE_SINGLEBLOCK, 0);
	show("a block step", pid);
	req_go(pid, PTRACE_CONT, 0);
	return 0;
}
