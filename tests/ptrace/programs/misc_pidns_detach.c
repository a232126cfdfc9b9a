// SPDX-License-Identifier: GPL-2.0-only
/* Detach from a pid namespace's init, with signals queued and injected. */
#include "misc_pidns.h"

static void init(void)
{
	int i;

	kill(getpid(), SIGUSR1);
	/* without a tracer the init ignores unhandled signals again */
	for (i = 0; i < 3; i++)
		kill(getpid(), SIGTERM);
	syscall(SYS_getpid);
	_exit(4);
}

/* Detach with @sig in the signal stop, or @steps syscall stops later. */
static void leave(int queued, int sig, int steps)
{
	pid_t starter, pid;
	int i;

	shm->step[15] = 0;
	PIDNS_STATUS = 0;
	out("queued %s, given %s, %d stops later", signame(queued),
	    signame(sig), steps);
	pid = pidns_start(init, 0, &starter);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, __WALL);
	if (queued)
		kill(pid, queued);
	for (i = 0; i < steps; i++) {
		quiet_pt(PTRACE_SYSCALL, pid, 0, 0);
		show_wait(pid, __WALL);
	}
	pt(PTRACE_DETACH, pid, 0, sig);
	/* SIGCHLD of the init's end */
	show_wait(starter, __WALL);
	quiet_pt(PTRACE_CONT, starter, 0, 0);
	pidns_ended();
	out("it ended with %#lx", PIDNS_STATUS);
	finish(starter);
}

int main(void)
{
	static const int sigs[] = { 0, SIGTERM, SIGSEGV, SIGTSTP, SIGKILL };
	int i, k, steps;

	for (i = 0; i < 4; i++)
		for (k = 0; k < 5; k++)
			for (steps = 0; steps < 3; steps++)
				leave(sigs[i], sigs[k], steps);
	return 0;
}
