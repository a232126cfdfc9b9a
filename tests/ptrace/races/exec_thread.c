// SPDX-License-Identifier: GPL-2.0-only
/*
 * exec by a thread against attach to, and detach from, the leader and the
 * thread: the tracer gets a tracee that it can detach, or none; the process
 * goes on, untraced.
 *
 * In even rounds the attach seeks the end of the exec; in odd ones the tracer
 * attaches first, and the detach from the stopped leader does.  The thread can
 * not exec in a stop, so its tracer's detach comes at any moment.
 */
#include "image.h"
#include "race.h"

enum { LEADER, THREAD };
/* shm->meet[] */
enum { AT_ATTACH, AT_DETACH };

static int thread(long arg)
{
	shm->tid = sys(SYS_gettid, 0, 0, 0, 0, 0);
	shm->beats++;
	join_rest();
	exec_self();
	return 94;
}

/* Each image has a thread that makes the next one */
int race_image(void)
{
	task_start(0, thread, 0, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND);
	for (;;)
		sys(SYS_pause, 0, 0, 0, 0, 0);
	return 0;
}

static int tracee(long arg)
{
	return race_image();
}

/* The stop that was asked for; what was sent by ATTACH must not stay behind */
static bool wanted(int status, bool seized)
{
	return seized ? status >> 16 == PTRACE_EVENT_STOP :
			status >> 8 == SIGSTOP;
}

/*
 * It may go any time: as the old leader, or on its way out for the new one.
 * True if it was detached.
 */
static bool detach(bool seized, bool seek)
{
	int status;
	long pid;

	for (;;) {
		pid = wait_for(-1, &status, 0);
		if (pid == -ECHILD)
			return false;
		if (pid <= 0)
			fail("wait: %ld", pid);
		if (!WIFSTOPPED(status)) {
			if (pid == shm->pid)
				fail("the process ended: %#x", status);
			continue;
		}
		if (!wanted(status, seized)) {
			pt(PTRACE_CONT, pid, 0, NULL);
			continue;
		}
		if (seek)
			meet_wait(&shm->meet[AT_DETACH]);
		else
			jitter();
		if (!pt(PTRACE_DETACH, pid, 0, NULL)) {
			if (seek)
				meet_was(&shm->meet[AT_DETACH], false);
			return true;
		}
		/* the exec was faster: it has killed the old leader */
		if (seek)
			meet_was(&shm->meet[AT_DETACH], true);
		seek = false;
	}
}

static void one_round(long n, long which)
{
	bool seized = n & 2, seek = (n & 1) && which == LEADER;
	long ret, beats = shm->beats;
	pid_t pid;

	if (!seek)
		meet_wait(&shm->meet[AT_ATTACH]);
	pid = which == LEADER ? shm->pid : shm->tid;
	ret = pt(seized ? PTRACE_SEIZE : PTRACE_ATTACH, pid, 0, NULL);
	/* the next image's thread runs, or the thread has gone by its old id */
	if (!seek)
		meet_was(&shm->meet[AT_ATTACH],
			 shm->beats != beats || ret == -ESRCH);
	if (ret == -ESRCH || ret == -EPERM) {
		shm->val[2]++;
		return;
	}
	if (ret)
		fail("attach: %ld", ret);
	if (seized)
		pt(PTRACE_INTERRUPT, pid, 0, NULL);
	if (detach(seized, seek))
		shm->val[1]++;
}

/* Each order of the two is to be seen, if it takes more rounds */
static bool met(long which)
{
	return meet_both(&shm->meet[AT_ATTACH]) &&
	       (which == THREAD || meet_both(&shm->meet[AT_DETACH]));
}

static int tracer(long rounds)
{
	long n, which = shm->val[7], beats = 0;
	pid_t pid;

	for (n = 0; n < rounds || (!met(which) && n < 10 * rounds); n++) {
		/* it goes on, and makes an image for each round */
		AWAIT(shm->beats > beats);
		beats = shm->beats;
		one_round(n, which);
		if (n % 16 == 0) {
			/* it cannot be read as the exec changes the leader */
			AWAIT((pid = tracer_of(shm->pid)) >= 0);
			if (pid)
				fail("still traced, by %d", pid);
		}
		round_done();
	}
	if (!met(which))
		fail("in %ld rounds they did not meet", n);
	return 0;
}

static void run(long rounds, long which)
{
	long end, execs;
	int status;
	pid_t pid;

	shm->val[7] = which;
	shm->pid = task_start(2, tracee, 0, SIGCHLD);
	AWAIT(shm->beats > 2);
	execs = shm->beats;
	pid = task_start(3, tracer, rounds, SIGCHLD);
	if (wait_for(pid, &status, 0) != pid || status)
		fail("the tracer: status %#x", status);
	execs = shm->beats - execs;
	end = shm->beats + 3;
	AWAIT(shm->beats >= end);
	sys(SYS_kill, shm->pid, SIGKILL, 0, 0, 0);
	if (wait_for(shm->pid, &status, 0) != shm->pid || status != SIGKILL)
		fail("the process: status %#x", status);
	note("%ld detached, %ld gone before, %ld not there to attach; %ld exec calls",
	     shm->val[1], shm->round - shm->val[1] - shm->val[2], shm->val[2],
	     execs);
}

int main(int argc, char **argv)
{
	static const struct race races[] = {
		{ "exec against the leader's tracer", 2000, run, LEADER },
		{ "exec against the thread's tracer", 2000, run, THREAD },
		{ }
	};

	return race_main(argc, argv, races);
}
