// SPDX-License-Identifier: GPL-2.0-only
/*
 * Detach against detach: by another thread of the tracer, by the exit of all
 * its threads, and by SIGKILL.  The tracee goes on untraced, and the signal it
 * was stopped with reaches it once.
 */
#include "race.h"

enum { OTHER_THREAD, EXIT, KILL };

static long how, now;

static int tracee(long arg)
{
	for (;;) {
		shm->beats++;
		relax();
	}
	return 0;
}

/* In the tracer's process, and not the tracer */
static int second(long arg)
{
	long ret;

	AWAIT(shm->turn == now);
	jitter();
	if (how == EXIT)
		sys(SYS_exit_group, 0, 0, 0, 0, 0);
	ret = pt(PTRACE_DETACH, shm->pid, 0, (void *)(long)SIGUSR2);
	if (ret != -ESRCH)
		fail("DETACH by another thread: %ld", ret);
	return 0;
}

static int tracer(long n)
{
	int status;
	long ret;

	pin(1);
	if (how != KILL)
		task_start(2, second, 0,
			   CLONE_VM | CLONE_THREAD | CLONE_SIGHAND);
	ret = pt(PTRACE_SEIZE, shm->pid, 0, NULL);
	if (ret)
		fail("SEIZE: %ld", ret);
	queue_value(shm->pid, RT_SIG, n);
	ret = wait_for(shm->pid, &status, 0);
	if (ret != shm->pid || status >> 8 != RT_SIG)
		fail("wait: %ld, status %#x", ret, status);
	/* the handler is yet to run */
	if (shm->caught[RT_SIG] != n - 1)
		fail("handled %ld, not %ld", shm->caught[RT_SIG], n - 1);
	shm->turn = n;
	jitter();
	ret = pt(PTRACE_DETACH, shm->pid, 0, (void *)(long)RT_SIG);
	if (ret)
		fail("DETACH: %ld", ret);
	return 0;
}

static void run(long rounds, long arg)
{
	int status;
	pid_t pid;
	long n, beats;

	how = arg;
	pin(0);
	shm->pid = task_start(0, tracee, 0, SIGCHLD);
	for (n = 1; n <= rounds; n++) {
		now = n;
		pid = task_start(1, tracer, n, SIGCHLD);
		if (how == KILL) {
			AWAIT(shm->turn == n);
			jitter();
			sys(SYS_kill, pid, SIGKILL, 0, 0, 0);
		}
		if (wait_for(pid, &status, 0) != pid ||
		    (status && status != SIGKILL))
			fail("the tracer: status %#x", status);
		if (tracer_of(shm->pid))
			fail("still traced");
		AWAIT(shm->caught[RT_SIG] >= n);
		beats = shm->beats;
		AWAIT(shm->beats > beats);
		if (shm->caught[RT_SIG] != n || shm->value != n)
			fail("handled %ld, the last %ld, not %ld",
			     shm->caught[RT_SIG], shm->value, n);
		round_done();
	}
	if (shm->caught[SIGUSR2])
		fail("the other thread's signal was delivered");
	sys(SYS_kill, shm->pid, SIGKILL, 0, 0, 0);
	wait_for(shm->pid, &status, 0);
}

int main(int argc, char **argv)
{
	static const struct race races[] = {
		{ "detach by another thread", run, OTHER_THREAD },
		{ "exit of the tracer's other thread", run, EXIT },
		{ "SIGKILL to the tracer", run, KILL },
		{ }
	};

	return race_main(argc, argv, races);
}
