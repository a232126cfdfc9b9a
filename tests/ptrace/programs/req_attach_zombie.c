// SPDX-License-Identifier: GPL-2.0-only
/*
 * ATTACH and SEIZE of a zombie whose tracer took its end at the very moment, after
 * steps, or is gone: it is said at once that it cannot be
 */
#include "../rig.h"

#define ROUNDS	60

static void exits(void *arg)
{
	reach(1);
	while (!shm->val[0])
		;
	syscall(SYS_exit, 5);
}

/* Not the parent: after its wait the zombie is the parent's */
static void steps(void *arg)
{
	pid_t pid = *(pid_t *)arg;
	int status;

	quiet_pt(PTRACE_ATTACH, pid, 0, 0);
	waitpid(pid, &status, __WALL);
	shm->val[0] = 1;
	while (WIFSTOPPED(status)) {
		quiet_pt(PTRACE_SINGLESTEP, pid, 0, 0);
		waitpid(pid, &status, __WALL);
	}
}

static void attaches(void *arg)
{
	pid_t pid = *(pid_t *)arg;

	shm->val[quiet_pt(PTRACE_ATTACH, pid, 0, 0) && errno == EPERM ? 1 : 2]++;
	shm->val[quiet_pt(PTRACE_SEIZE, pid, 0, 0) && errno == EPERM ? 1 : 2]++;
}

int main(void)
{
	pid_t pid, other;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		shm->val[0] = 0;
		shm->step[1] = 0;
		pid = spawn("tracee", exits, NULL);
		await(1);
		other = spawn("tracer", steps, &pid);
		waitpid(other, NULL, 0);
		await_state(pid, "Z");
		other = spawn("another", attaches, &pid);
		waitpid(other, NULL, 0);
		waitpid(pid, NULL, 0);
	}
	out("EPERM %ld times, something else %ld times", shm->val[1],
	    shm->val[2]);
	return 0;
}
