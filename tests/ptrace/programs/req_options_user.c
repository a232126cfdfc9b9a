// SPDX-License-Identifier: GPL-2.0-only
/* SUSPEND_SECCOMP by a user, by a task under seccomp; the order of SEIZE's checks */
#include <linux/filter.h>
#include <sys/prctl.h>

#include "req.h"

#define SUSPEND PTRACE_O_SUSPEND_SECCOMP

static void options(const char *what)
{
	pid_t pid = spawn_traced("tracee", pausing, NULL);

	out("%s", what);
	pt(PTRACE_SETOPTIONS, pid, 0, SUSPEND);
	pt(PTRACE_SETOPTIONS, pid, 0, SUSPEND | 0x100);
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_EXITKILL);
	pt(PTRACE_SEIZE, pid, 0, SUSPEND);
	pt(PTRACE_SEIZE, pid, 0, SUSPEND | 0x100);
	pt(PTRACE_SEIZE, pid, 1, SUSPEND);
	pt(PTRACE_SEIZE, pid, 0, 0);
	pt(PTRACE_SEIZE, getpid(), 0, SUSPEND);
	pt(PTRACE_SEIZE, getpid(), 0, 0x100);
	pt(PTRACE_SEIZE, getpid(), 0, 0);
	pt(PTRACE_SEIZE, 0x3fffffff, 0, 0x100);
	finish(pid);
}

static void user(void *arg)
{
	name(getpid(), "user");
	if (setresuid(1, 1, 1))
		out("setresuid: %s", show_errno(-1));
	options("a user");
}

static void filtered(void *arg)
{
	struct sock_filter allow[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { 1, allow };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		out("seccomp: %s", show_errno(-1));
	options("root under a filter");
}

/* The tracer is itself one whose seccomp is suspended */
static void inner(void *arg)
{
	raise(SIGUSR1);
	await(5);
	options("a tracee that is suspended");
}

int main(void)
{
	pid_t pid;

	options("root");
	pid = spawn("user", user, NULL);
	show_wait(pid, 0);
	pid = spawn("filtered", filtered, NULL);
	show_wait(pid, 0);
	pid = spawn_traced("inner", inner, NULL);
	req_go(pid, PTRACE_CONT, 0);
	pt(PTRACE_SETOPTIONS, pid, 0, SUSPEND);
	pt(PTRACE_CONT, pid, 0, 0);
	reach(5);
	/* its tracee's stops */
	for (;;) {
		int status;

		waitpid(pid, &status, __WALL);
		if (!WIFSTOPPED(status))
			break;
		quiet_pt(PTRACE_CONT, pid, 0, WSTOPSIG(status));
	}
	return 0;
}
