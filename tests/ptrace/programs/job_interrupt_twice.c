// SPDX-License-Identifier: GPL-2.0-only
/* INTERRUPT twice before the trap is one stop, before and in the trap are two */
#include "job.h"

static void child(void *arg)
{
	pid_t pid;

	mask(SIG_BLOCK, SIGCHLD);
	pid = vfork();

	if (!pid) {
		reach(0);
		while (!shm->step[1])
			;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	for (;;)
		pause();
}

int main(void)
{
	pid_t pid = spawn_seized("tracee", child, NULL, 0);

	/* waiting for its vfork child: the trap is later */
	await(0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	nothing(pid);
	reach(1);
	show_stop(pid);
	show_syscall(pid);
	run(pid, 0);
	nothing(pid);

	pt(PTRACE_INTERRUPT, pid, 0, 0);
	await_state(pid, "t");
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_stop(pid);
	go(pid, PTRACE_CONT, 0);
	run(pid, 0);
	nothing(pid);

	/* the trap comes before a signal */
	kill(pid, SIGUSR1);
	show_stop(pid);
	kill(pid, SIGUSR2);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	go(pid, PTRACE_CONT, 0);
	go(pid, PTRACE_CONT, 0);
	run(pid, 0);
	nothing(pid);
	finish(pid);
	return 0;
}
