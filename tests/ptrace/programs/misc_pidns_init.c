// SPDX-License-Identifier: GPL-2.0-only
/* Signals to the init of a pid namespace that is traced from outside */
#include "misc_pidns.h"

static int sig;

static void init(void)
{
	if (shm->val[0])
		kill(getpid(), shm->val[0]);
	else
		await(1);
	_exit(4);
}

int main(void)
{
	static const int sigs[] = { SIGTERM, SIGUSR1, SIGSTOP, SIGTSTP, SIGKILL };
	int i, n, status;
	pid_t starter, pid;

	for (i = 0; i < 10; i++) {
		sig = sigs[i % 5];
		out("%s %s", signame(sig), i < 5 ? "from itself" : "from outside");
		shm->val[0] = i < 5 ? sig : 0;
		shm->step[1] = 0;
		pid = pidns_start(init, 0, &starter);
		if (i >= 5)
			kill(pid, sig);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		for (n = 0; n < 4; n++) {
			if (show_wait(pid, __WALL) != pid)
				break;
			status = last_status();
			if (!WIFSTOPPED(status))
				break;
			show_inner(pid);
			reach(1);
			/* given back to it */
			quiet_pt(PTRACE_CONT, pid, 0,
				 n ? 0 : WSTOPSIG(status));
		}
		finish(pid);
		finish(starter);
	}
	return 0;
}
