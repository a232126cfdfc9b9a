// SPDX-License-Identifier: GPL-2.0-only
/* PR_SET_DUMPABLE 0: attaching, and what a tracer that is there already may do */
#include <sys/prctl.h>

#include "../rig.h"

static long word = 77;

static void become_user(int uid)
{
	if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid) ||
	    prctl(PR_SET_DUMPABLE, 1))
		out("no user: %s", show_errno(-1));
}

static void target(void *arg)
{
	become_user(1);
	if (shm->val[0])
		prctl(PR_SET_DUMPABLE, 0);
	reach(0);
	for (;;)
		pause();
}

static void undump(void *arg)
{
	raise(SIGUSR1);
	prctl(PR_SET_DUMPABLE, 0);
	raise(SIGUSR1);
	prctl(PR_SET_DUMPABLE, 1);
	raise(SIGUSR1);
}

static void try(pid_t pid)
{
	if (pt(PTRACE_ATTACH, pid, 0, 0))
		return;
	show_wait(pid, 0);
	pt(PTRACE_DETACH, pid, 0, 0);
}

static void attach(void *arg)
{
	become_user(*(int *)arg);
	try(shm->pid[0]);
}

static void inside(void *arg)
{
	pid_t pid;
	long err;
	int i;

	become_user(1);
	pid = spawn_traced("tracee", undump, NULL);
	for (i = 0; i < 3; i++) {
		long val = 0;

		pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, 0);
		err = quiet_pt(PTRACE_PEEKDATA, pid, (long)&word, (long)&val);
		out("  peek %s", show_errno(err));
		err = quiet_pt(PTRACE_POKEDATA, pid, (long)&word, 78);
		out("  poke %s", show_errno(err));
		show_regs(pid);
		show_siginfo(pid);
		show_proc(pid);
	}
	pt(PTRACE_DETACH, pid, 0, 0);
	show_wait(pid, 0);
}

int main(void)
{
	static int uids[] = { 1, 2 };
	pid_t pid, other;
	int i;

	for (i = 0; i < 4; i++) {
		shm->val[0] = i & 1;
		shm->step[0] = 0;
		out("%sdumpable, %s user", i & 1 ? "not " : "",
		    i & 2 ? "another" : "the same");
		pid = spawn("target", target, NULL);
		shm->pid[0] = pid;
		await(0);
		other = spawn("user", attach, &uids[i / 2]);
		waitpid(other, NULL, 0);
		out("as root");
		try(pid);
		finish(pid);
	}
	pid = spawn("user", inside, NULL);
	show_wait(pid, 0);
	return 0;
}
