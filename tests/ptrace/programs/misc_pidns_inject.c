// SPDX-License-Identifier: GPL-2.0-only
/* Signals that a tracer outside puts in the place of another, for the init of a pid namespace */
#include "misc_pidns.h"

static void init(void)
{
	kill(getpid(), SIGUSR1);
	await(1);
	_exit(4);
}

int main(void)
{
	static const int sigs[] = { SIGKILL, SIGTERM, SIGSEGV, SIGSTOP,
				    SIGTSTP, SIGCHLD };
	pid_t starter, pid;
	int i, n;

	for (i = 0; i < 6; i++) {
		out("%s", signame(sigs[i]));
		shm->step[1] = 0;
		pid = pidns_start(init, 0, &starter);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, __WALL);
		pt(PTRACE_CONT, pid, 0, sigs[i]);
		reach(1);
		for (n = 0; n < 3; n++) {
			if (show_wait(pid, __WALL) != pid ||
			    !WIFSTOPPED(last_status()))
				break;
			pt(PTRACE_CONT, pid, 0, 0);
		}
		finish(pid);
		finish(starter);
	}
	return 0;
}
