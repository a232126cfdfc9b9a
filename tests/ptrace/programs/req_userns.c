// SPDX-License-Identifier: GPL-2.0-only
/* SEIZE across user namespaces: into one, out of one, between two, by root and user */
#include <fcntl.h>
#include <sys/prctl.h>

#include "req.h"

struct side {
	const char *name;
	int uid;
	bool inside;
};

static const struct side sides[] = {
	{ "root", 0, false }, { "user", 1, false },
	{ "root in a namespace", 0, true }, { "user in a namespace", 1, true },
};

static void become(const struct side *side)
{
	if (side->uid && (setresgid(1, 1, 1) || setresuid(1, 1, 1)))
		out("no user: %s", show_errno(-1));
	if (side->inside && unshare(CLONE_NEWUSER))
		out("unshare: %s", show_errno(-1));
	prctl(PR_SET_PTRACER, -1L);
	prctl(PR_SET_DUMPABLE, 1);
}

static void target(void *arg)
{
	become(arg);
	reach(0);
	pausing(NULL);
}

static void tracer(void *arg)
{
	become(arg);
	out("  by %s: %s", ((const struct side *)arg)->name,
	    show_errno(quiet_pt(PTRACE_SEIZE, shm->pid[0], 0, 0)));
}

/* The tracee makes one, its tracer stays outside */
static void moving(void *arg)
{
	raise(SIGUSR1);
	if (unshare(CLONE_NEWUSER))
		out("unshare: %s", show_errno(-1));
	raise(SIGUSR2);
}

int main(void)
{
	unsigned int i, j;
	pid_t pid, other;

	for (i = 0; i < 4; i++) {
		shm->step[0] = 0;
		pid = spawn("target", target, (void *)&sides[i]);
		shm->pid[0] = pid;
		await(0);
		out("target %s", sides[i].name);
		for (j = 0; j < 4; j++) {
			other = spawn("other", tracer, (void *)&sides[j]);
			waitpid(other, NULL, 0);
		}
		finish(pid);
	}
	pid = spawn_traced("moving", moving, NULL);
	req_go(pid, PTRACE_CONT, 0);
	show_siginfo(pid);
	req_go(pid, PTRACE_CONT, 0);
	/* the sender's uid has no name there, and one here */
	show_siginfo(pid);
	req_at_stop(pid);
	finish(pid);
	return 0;
}
