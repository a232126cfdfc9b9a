// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIGCONT against the trap of a group stop: with LISTEN no notification is
 * lost.  One side stops the tracee and lets it go on, at any moment; the tracer
 * listens in each group stop, and has to hear of its end, and of the SIGCONT.
 */
#include "race.h"

static long rounds;

static int sender(long stop)
{
	long n;

	pin(2);
	for (n = 1; n <= rounds; n++) {
		AWAIT(shm->turn == n);
		sys(SYS_kill, shm->pid, stop, 0, 0, 0);
		if (n & 1) {
			/* half of them find it listening, or nearly */
			AWAIT(shm->done == n);
			jitter();
		} else {
			meet_wait(&shm->meet[0]);
			meet_was(&shm->meet[0], shm->done == n);
		}
		sys(SYS_kill, shm->pid, SIGCONT, 0, 0, 0);
		shm->val[0] = n;
	}
	return 0;
}

static void restart(int request, long sig)
{
	long ret = pt(request, shm->pid, 0, (void *)sig);

	if (ret)
		fail("request %#x: %ld", request, ret);
}

/* Until the SIGCONT is reported; each stop that was listened in has an end */
static void one_round(long n, int stop)
{
	bool listening = false;
	int status;
	long ret;

	for (;;) {
		ret = wait_for(shm->pid, &status, 0);
		if (ret != shm->pid || !WIFSTOPPED(status))
			fail("wait: %ld, status %#x", ret, status);
		status >>= 8;
		if (status == AT(stop, PTRACE_EVENT_STOP)) {
			/* once for each */
			if (listening)
				fail("the stop is told twice");
			restart(PTRACE_LISTEN, 0);
			listening = true;
			shm->done = n;
		} else if (status == AT(SIGTRAP, PTRACE_EVENT_STOP)) {
			listening = false;
			restart(PTRACE_CONT, 0);
		} else if (status == stop) {
			restart(PTRACE_CONT, stop);
		} else if (status != SIGCONT) {
			fail("a stop %#x", status);
		} else {
			break;
		}
	}
	if (listening)
		fail("SIGCONT is there, the end of the stop was not told");
	/* if the stop was cancelled, the other side has not waited */
	restart(PTRACE_CONT, SIGCONT);
	AWAIT(shm->caught[SIGCONT] >= n);
	if (shm->caught[SIGCONT] != n)
		fail("SIGCONT was handled %ld times", shm->caught[SIGCONT]);
}

static int tracer(long stop)
{
	long n, ret, beats;

	pin(1);
	ret = pt(PTRACE_SEIZE, shm->pid, 0, NULL);
	if (ret)
		fail("SEIZE: %ld", ret);
	for (n = 1; n <= rounds; n++) {
		shm->turn = n;
		one_round(n, stop);
		beats = shm->beats;
		AWAIT(shm->beats > beats && shm->val[0] == n);
		round_done();
	}
	return 0;
}

static void run(long r, long stop)
{
	pid_t pid[2];
	int i, status;

	rounds = r;
	shm->pid = task_start(0, task_beats, 0, SIGCHLD);
	pid[0] = task_start(1, tracer, stop, SIGCHLD);
	pid[1] = task_start(2, sender, stop, SIGCHLD);
	for (i = 0; i < 2; i++)
		if (wait_for(pid[i], &status, 0) != pid[i] || status)
			fail("side %d: status %#x", i, status);
	sys(SYS_kill, shm->pid, SIGKILL, 0, 0, 0);
	wait_for(shm->pid, &status, 0);
}

int main(int argc, char **argv)
{
	static const struct race races[] = {
		{ "SIGCONT against SIGSTOP's group stop", 2000, run, SIGSTOP },
		{ "SIGCONT against SIGTSTP's group stop", 2000, run, SIGTSTP },
		{ }
	};

	return race_main(argc, argv, races);
}
