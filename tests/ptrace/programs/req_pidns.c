// SPDX-License-Identifier: GPL-2.0-only
/* pids are those of the caller's namespace: who can be asked from inside and outside */
#include "req.h"

static void init(void)
{
	pid_t pid;

	/* all alone: the others have no number here */
	out("inside, as %d", getpid());
	out("outer pid: %s %s",
	    show_errno(quiet_pt(PTRACE_SEIZE, shm->pid[0], 0, 0)),
	    show_errno(quiet_pt(PTRACE_CONT, shm->pid[0], 0, 0)));
	out("itself: %s %s", show_errno(quiet_pt(PTRACE_SEIZE, 1, 0, 0)),
	    show_errno(quiet_pt(PTRACE_ATTACH, 1, 0, 0)));
	out("2: %s", show_errno(quiet_pt(PTRACE_SEIZE, 2, 0, 0)));
	pid = fork();
	if (!pid) {
		out("its child, of the init: %s %s",
		    show_errno(quiet_pt(PTRACE_SEIZE, 1, 0, 0)),
		    show_errno(quiet_pt(PTRACE_CONT, 1, 0, 0)));
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	pid = fork();
	if (!pid) {
		out("as %d: traceme %s", getpid(),
		    show_errno(quiet_pt(PTRACE_TRACEME, 0, 0, 0)));
		kill(getpid(), SIGUSR1);
		pausing(NULL);
	}
	waitpid(pid, NULL, 0);
	out("3, now its tracee: %s %s",
	    show_errno(quiet_pt(PTRACE_SEIZE, 3, 0, 0)),
	    show_errno(quiet_pt(PTRACE_CONT, 3, 0, SIGKILL)));
	waitpid(pid, NULL, 0);
	reach(0);
	pausing(NULL);
}

static void holder(void *arg)
{
	pid_t pid;

	if (unshare(CLONE_NEWPID))
		out("unshare: %s", show_errno(-1));
	pid = fork();
	if (!pid)
		init();
	name(pid, "inner init");
	shm->pid[1] = pid;
	reach(1);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	pid_t pid;

	shm->pid[0] = getpid();
	pid = spawn("holder", holder, NULL);
	await(1);
	await(0);
	pt(PTRACE_SEIZE, shm->pid[1], 0, 0);
	req_interrupt(shm->pid[1]);
	show_proc(shm->pid[1]);
	pt(PTRACE_KILL, shm->pid[1], 0, 0);
	show_wait(shm->pid[1], __WALL);
	show_wait(pid, 0);
	return 0;
}
