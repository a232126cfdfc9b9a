// SPDX-License-Identifier: GPL-2.0-only
/*
 * Found by the fuzzer, sequences 1375 and 2237: a thread that nobody traces
 * executes a program while the traced leader is in the stop of a signal that
 * was sent to the process.  The signal outlives the leader.
 */
#include <pthread.h>

#include "rig.h"

static void *second(void *arg)
{
	await(2);
	execl("/bin/true", "true", NULL);
	return NULL;
}

static void tracee(void *arg)
{
	pthread_t thread;

	pthread_create(&thread, NULL, second, NULL);
	reach(1);
	for (;;)
		pause();
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", tracee, NULL);

	pt(PTRACE_CONT, pid, 0, 0);
	await(1);
	kill(pid, SIGTERM);
	show_wait(pid, __WALL);
	reach(2);
	show_wait(pid, __WALL);
	return 0;
}
