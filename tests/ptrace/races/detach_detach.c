// SPDX-License-Identifier: GPL-2.0-only
/*
 * Detach against detach: by another thread of the tracer, by the exit of all
 * its threads, and by SIGKILL.  The tracee goes on untraced.  The signal it was
 * stopped with reaches it once if the call to detach was done, and not twice if
 * the tracer died of something else.
 */
#include "race.h"

enum { EXIT, KILL };

static long how, now, rounds;

/* Seized and in the stop for signal RT_SIG, with value n */
static void take(long n)
{
	int status;
	long ret;

	/* that it can be seized tells that it is not traced any more */
	ret = pt(PTRACE_SEIZE, shm->pid, 0, NULL);
	if (ret)
		fail("SEIZE: %ld", ret);
	queue_value(shm->pid, RT_SIG, n);
	ret = wait_for(shm->pid, &status, 0);
	if (ret != shm->pid || status >> 8 != RT_SIG)
		fail("wait: %ld, status %#x", ret, status);
}

static void detach(void)
{
	long ret = pt(PTRACE_DETACH, shm->pid, 0, (void *)(long)RT_SIG);

	if (ret)
		fail("DETACH: %ld", ret);
}

/* Two turns of the tracee; the signal has been handled then, if ever */
static void check_goes_on(long n, long before, bool detached)
{
	long end = shm->beats + 2, handled;

	AWAIT(shm->beats >= end);
	handled = shm->caught[RT_SIG] - before;
	if (handled > 1 || (detached && !handled))
		fail("handled %ld times, detached %d", handled, detached);
	if (handled && shm->value != n)
		fail("value %ld, not %ld", shm->value, n);
}

static void end_tracee(void)
{
	int status;

	if (tracer_of(shm->pid))
		fail("traced by %d", tracer_of(shm->pid));
	if (shm->caught[SIGUSR2])
		fail("the other thread's signal was delivered");
	sys(SYS_kill, shm->pid, SIGKILL, 0, 0, 0);
	wait_for(shm->pid, &status, 0);
}

/* --- two threads of one tracer -------------------------------------------- */

/* Neither the tracer nor gone: it may not detach */
static int other_thread(long arg)
{
	long n, ret;

	for (n = 1; n <= rounds; n++) {
		AWAIT(shm->turn == n);
		jitter();
		ret = pt(PTRACE_DETACH, shm->pid, 0, (void *)(long)SIGUSR2);
		if (ret != -ESRCH)
			fail("DETACH by another thread: %ld", ret);
		shm->done = n;
	}
	return 0;
}

static int one_thread(long arg)
{
	long n;

	task_start(2, other_thread, 0, CLONE_THREAD | CLONE_SIGHAND);
	for (n = 1; n <= rounds; n++) {
		take(n);
		shm->turn = n;
		jitter();
		detach();
		check_goes_on(n, n - 1, true);
		AWAIT(shm->done == n);
		round_done();
	}
	return 0;
}

static void run_threads(long r, long arg)
{
	int status;
	pid_t pid;

	rounds = r;
	shm->pid = task_start(0, task_beats, 0, SIGCHLD);
	pid = task_start(1, one_thread, 0, SIGCHLD);
	if (wait_for(pid, &status, 0) != pid || status)
		fail("the tracer: status %#x", status);
	end_tracee();
}

/* --- a tracer that dies ---------------------------------------------------- */

static int exits(long arg)
{
	AWAIT(shm->turn == now);
	meet_wait(&shm->meet[0]);
	sys(SYS_exit_group, 0, 0, 0, 0, 0);
	return 0;
}

static int tracer(long n)
{
	if (how == EXIT)
		task_start(2, exits, 0, CLONE_THREAD | CLONE_SIGHAND);
	take(n);
	shm->turn = n;
	detach();
	shm->done = n;
	/* the other thread ends both; this one's exit would be a third way */
	for (;;)
		sys(SYS_pause, 0, 0, 0, 0, 0);
	return 0;
}

static void run_death(long r, long arg)
{
	int status;
	pid_t pid;

	how = arg;
	shm->pid = task_start(0, task_beats, 0, SIGCHLD);
	for (now = 1; now <= r; now++) {
		long before = shm->caught[RT_SIG];
		bool detached;

		pid = task_start(1, tracer, now, SIGCHLD);
		if (how == KILL) {
			AWAIT(shm->turn == now);
			meet_wait(&shm->meet[0]);
			sys(SYS_kill, pid, SIGKILL, 0, 0, 0);
		}
		if (wait_for(pid, &status, 0) != pid ||
		    (status && status != SIGKILL))
			fail("the tracer: status %#x", status);
		detached = shm->done == now;
		meet_was(&shm->meet[0], detached);
		check_goes_on(now, before, detached);
		round_done();
	}
	end_tracee();
}

int main(int argc, char **argv)
{
	static const struct race races[] = {
		{ "detach by another thread", 2000, run_threads, 0 },
		{ "exit of the tracer's other thread", 1000, run_death, EXIT },
		{ "SIGKILL to the tracer", 1000, run_death, KILL },
		{ }
	};

	return race_main(argc, argv, races);
}
