// SPDX-License-Identifier: GPL-2.0-only
/* Rights lost after attaching: the memory of one not dumpable any more, the rest goes on */
#include <linux/capability.h>
#include <sys/prctl.h>

#include "req.h"

static void child(void *arg)
{
	raise(SIGUSR1);
	prctl(PR_SET_DUMPABLE, 0);
	raise(SIGUSR2);
	prctl(PR_SET_DUMPABLE, 1);
	raise(SIGTERM);
}

static void drop(int uid)
{
	if (uid && (setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
		out("no user: %s", show_errno(-1));
}

static void trace(bool early, bool late)
{
	pid_t pid;
	int i;

	if (early)
		drop(1);
	pid = spawn_traced("tracee", child, NULL);
	if (late)
		drop(1);
	for (i = 0; i < 3; i++) {
		req_go(pid, PTRACE_CONT, 0);
		req_at_stop(pid);
	}
	/* not by kill(): a user cannot */
	quiet_pt(PTRACE_KILL, pid, 0, 0);
	waitpid(pid, NULL, __WALL);
}

static void user(void *arg)
{
	trace(true, false);
}

static void later(void *arg)
{
	trace(false, true);
}

static void root(void *arg)
{
	trace(false, false);
}

int main(void)
{
	pid_t pid;

	pid = spawn("root", root, NULL);
	show_wait(pid, 0);
	pid = spawn("user", user, NULL);
	show_wait(pid, 0);
	/* what counts is what the tracer was when it attached */
	pid = spawn("later", later, NULL);
	show_wait(pid, 0);
	return 0;
}
