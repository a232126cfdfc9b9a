// SPDX-License-Identifier: GPL-2.0-only
/* SIGCHLD does not queue: several tracees stop, one of them tells; waits find them all */
#include "wait.h"

static pid_t pid[3];

static void each(const char *letters)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (*letters == 't')
			await_inactive(pid[i]);
		else
			await_zombie(pid[i]);
	}
}

static void drain_all(void)
{
	int i;

	take();
	take();
	for (i = 0; i < 4; i++) {
		pid_t ret = show_wait(-1, WNOHANG);

		if (ret > 0)
			quiet_pt(PTRACE_CONT, ret, 0, 0);
	}
}

int main(void)
{
	int i, round;
	char text[16];

	hold_sigchld();
	for (i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "tracee %d", i);
		pid[i] = spawn(text, pausing, NULL);
		rest(pid[i]);
		pt(PTRACE_SEIZE, pid[i], 0, 0);
	}
	for (round = 0; round < 3; round++) {
		out("round %d", round);
		for (i = 0; i < 3; i++) {
			int n = (round + i) % 3;

			kill(pid[n], SIGUSR1);
			await_inactive(pid[n]);
		}
		each("t");
		drain_all();
		for (i = 0; i < 3; i++)
			rest(pid[i]);
	}
	out("stop and death of one");
	kill(pid[2], SIGUSR1);
	await_inactive(pid[2]);
	kill(pid[2], SIGKILL);
	await_zombie(pid[2]);
	take();
	show_wait(pid[2], 0);
	out("deaths");
	kill(pid[1], SIGKILL);
	await_zombie(pid[1]);
	kill(pid[0], SIGKILL);
	await_zombie(pid[0]);
	take();
	for (i = 0; i < 3; i++)
		show_wait(-1, WNOHANG);
	take();
	return 0;
}
