// SPDX-License-Identifier: GPL-2.0-only
/* A fatal signal for a process of which only a thread is traced, that is not the leader */
#include <pthread.h>

#include "sig.h"

static int blocked_by;		/* the first, the second, or nobody */

static void *second(void *arg)
{
	if (blocked_by != 1)
		mask(SIG_UNBLOCK, SIGTERM);
	shm->pid[0] = syscall(SYS_gettid);
	reach(0);
	for (;;)
		pause();
	return NULL;
}

static void first(void *arg)
{
	pthread_t thread;

	mask(SIG_BLOCK, SIGTERM);
	pthread_create(&thread, NULL, second, NULL);
	await(0);
	if (blocked_by != 0)
		mask(SIG_UNBLOCK, SIGTERM);
	for (;;)
		pause();
}

static void one(int blocked)
{
	static const char *const names[] = { "first", "second", "none" };
	pid_t pid, tid;

	out("blocked by: %s", names[blocked]);
	blocked_by = blocked;
	shm->step[0] = 0;
	pid = spawn("first", first, NULL);
	await(0);
	tid = shm->pid[0];
	name(tid, "second");
	await_syscall(pid, SYS_pause);
	await_syscall(tid, SYS_pause);
	pt(PTRACE_SEIZE, tid, 0, 0);
	kill(pid, SIGTERM);
	show_wait(tid, __WALL);
	if (WIFSTOPPED(last_status()))
		go(tid, PTRACE_CONT, SIGTERM);
	show_wait(pid, 0);
	finish(pid);
}

int main(void)
{
	int i;

	for (i = 0; i < 3; i++)
		one(i);
	return 0;
}
