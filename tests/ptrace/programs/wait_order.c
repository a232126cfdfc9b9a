// SPDX-License-Identifier: GPL-2.0-only
/* Several stops and deaths at once: in which order wait4(-1) tells of them */
#include "wait.h"

static void threads(void *arg)
{
	start_threads(3);
	pausing(NULL);
}

int main(void)
{
	pid_t parent, pid[8];
	int i, round;
	char text[16];

	parent = start_parent(NULL, threads, NULL, 0);
	await_threads(3);
	pid[0] = shm->pid[0];
	for (i = 1; i < 4; i++)
		pid[i] = shm->pid[i];
	for (; i < 8; i++) {
		snprintf(text, sizeof(text), "child %d", i);
		pid[i] = spawn(text, pausing, NULL);
	}
	for (i = 0; i < 8; i++)
		rest(pid[i]);
	/* child 4 is only a child */
	for (i = 0; i < 8; i++)
		if (i != 4)
			pt(PTRACE_SEIZE, pid[i], 0, 0);
	for (round = 0; round < 3; round++) {
		out("round %d", round);
		for (i = 7; i >= 0; i--) {
			if (i != 4 && round < 2) {
				syscall(SYS_tkill, pid[i], SIGUSR1);
				await_state(pid[i], "t");
			}
		}
		if (round == 2) {
			for (i = 0; i < 8; i++)
				kill(pid[i], SIGKILL);
			for (i = 0; i < 8; i++)
				await_zombie(pid[i]);
		}
		for (i = 0; i < 10; i++) {
			pid_t ret = show_wait(-1, __WALL | WNOHANG |
					      (round ? 0 : WUNTRACED));

			if (ret <= 0)
				break;
			quiet_pt(PTRACE_CONT, ret, 0, 0);
		}
	}
	ask(ASK_WAIT, pid[0], 0);
	end_parent(parent);
	return 0;
}
