// SPDX-License-Identifier: GPL-2.0-only
/* Who may SEIZE whom: real, effective, saved ids, groups, capabilities, dumpable */
#include <linux/capability.h>
#include <sys/prctl.h>

#include "req.h"

struct who {
	const char *name;
	int ruid, euid, suid, gid;
	bool no_caps, not_dumpable;
};

static const struct who tracers[] = {
	{ "root", 0, 0, 0, 0 },
	{ "root without capabilities", 0, 0, 0, 0, true },
	{ "user 1", 1, 1, 1, 1 },
	{ "user 1, effective root", 1, 0, 0, 0 },
	{ "user 1 in group 2", 1, 1, 1, 2 },
	{ "real root, effective user 1", 0, 1, 1, 0 },
};

static const struct who targets[] = {
	{ "root", 0, 0, 0, 0 },
	{ "root without capabilities", 0, 0, 0, 0, true },
	{ "user 1", 1, 1, 1, 1 },
	{ "user 1, not dumpable", 1, 1, 1, 1, false, true },
	{ "user 2", 2, 2, 2, 2 },
	{ "user 1, saved 2", 1, 1, 2, 1 },
	{ "user 1, effective 2", 1, 2, 1, 1 },
	{ "real 2, effective 1", 2, 1, 1, 1 },
	{ "user 1 in group 2", 1, 1, 1, 2 },
};

static void become(const struct who *w)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };

	if (setresgid(w->gid, w->gid, w->gid) ||
	    setresuid(w->ruid, w->euid, w->suid))
		out("no such user: %s", show_errno(-1));
	if (w->no_caps && syscall(SYS_capset, &head, data))
		out("capset: %s", show_errno(-1));
	/* Yama is not what this is about */
	prctl(PR_SET_PTRACER, -1L);
	prctl(PR_SET_DUMPABLE, !w->not_dumpable);
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
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	shm->val[0] = quiet_pt(PTRACE_SEIZE, shm->pid[0], 0, 0) ? errno : 0;
}

int main(void)
{
	unsigned int i, j;
	pid_t pid, other;

	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		shm->step[0] = 0;
		pid = spawn("target", target, (void *)&targets[i]);
		shm->pid[0] = pid;
		await(0);
		out("target %s", targets[i].name);
		for (j = 0; j < sizeof(tracers) / sizeof(tracers[0]); j++) {
			other = spawn("other", tracer, (void *)&tracers[j]);
			waitpid(other, NULL, 0);
			out("  by %s: %s", tracers[j].name, shm->val[0] ?
			    strerrorname_np(shm->val[0]) : "ok");
		}
		finish(pid);
	}
	return 0;
}
