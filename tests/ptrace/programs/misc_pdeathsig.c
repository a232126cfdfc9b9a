// SPDX-License-Identifier: GPL-2.0-only
/* PR_SET_PDEATHSIG comes when the real parent ends, not when the tracer does */
#include <sys/prctl.h>

#include "../rig.h"

static void child(void *arg)
{
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	shm->pid[0] = getpid();
	reach(0);
	for (;;)
		pause();
}

static void parent(void *arg)
{
	if (!fork())
		child(NULL);
	await(1);
}

static void other(void *arg)
{
	pt(PTRACE_SEIZE, shm->pid[0], 0, 0);
	pt(PTRACE_INTERRUPT, shm->pid[0], 0, 0);
	show_wait(shm->pid[0], 0);
}

int main(void)
{
	pid_t parent_pid = spawn("parent", parent, NULL), pid, tracer;

	await(0);
	pid = shm->pid[0];
	name(pid, "child");
	tracer = spawn("another tracer", other, NULL);
	show_wait(tracer, 0);
	/* alive and without a signal */
	await_state(pid, "S");
	show_proc(pid);
	pt(PTRACE_SEIZE, pid, 0, PTRACE_O_EXITKILL);
	show_wait(pid, WNOHANG);
	reach(1);
	show_wait(parent_pid, 0);
	show_wait(pid, 0);
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	finish(pid);
	return 0;
}
