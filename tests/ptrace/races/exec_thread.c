// SPDX-License-Identifier: GPL-2.0-only
/*
 * exec by a thread against attach to, and detach from, the leader and the
 * thread: the tracer gets a tracee that it can detach, or none; the process
 * goes on, untraced.
 */
#include "race.h"

enum { LEADER, THREAD };

static int thread(long arg)
{
	shm->tid = sys(SYS_gettid, 0, 0, 0, 0, 0);
	exec_self();
	return 94;
}

/* Each image has a thread that makes the next one */
static int image(void)
{
	shm->beats++;
	task_start(0, thread, 0, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND);
	for (;;)
		sys(SYS_pause, 0, 0, 0, 0, 0);
	return 0;
}

static int tracee(long arg)
{
	return image();
}

/* The stop that was asked for; what was sent by ATTACH must not stay behind */
static bool wanted(int status, bool seized)
{
	return seized ? status >> 16 == PTRACE_EVENT_STOP :
			status >> 8 == SIGSTOP;
}

/* It may go any time: as the old leader, or on its way out for the new one */
static void detach(bool seized)
{
	int status;
	long pid;

	for (;;) {
		bool now;

		pid = wait_for(-1, &status, 0);
		if (pid == -ECHILD)
			return;
		if (pid <= 0)
			fail("wait: %ld", pid);
		if (!WIFSTOPPED(status)) {
			if (pid == shm->pid)
				fail("the process ended: %#x", status);
			continue;
		}
		now = wanted(status, seized);
		if (!pt(now ? PTRACE_DETACH : PTRACE_CONT, pid, 0, NULL) && now)
			break;
	}
	shm->val[1]++;
}

static int tracer(long rounds)
{
	long n, ret, which = shm->val[7], beats = 0;

	pin(1);
	for (n = 0; n < rounds; n++) {
		bool seized = n & 1;
		pid_t pid;

		/* it goes on, and makes an image for each round */
		AWAIT(shm->beats > beats);
		beats = shm->beats;
		jitter();
		pid = which == LEADER ? shm->pid : shm->tid;
		ret = pt(seized ? PTRACE_SEIZE : PTRACE_ATTACH, pid, 0, NULL);
		if (!ret) {
			if (seized)
				pt(PTRACE_INTERRUPT, pid, 0, NULL);
			jitter();
			detach(seized);
		} else if (ret != -ESRCH && ret != -EPERM) {
			fail("attach: %ld", ret);
		}
		if (n % 16 == 0 && tracer_of(shm->pid))
			fail("still traced");
		round_done();
	}
	return 0;
}

static void run(long rounds, long which)
{
	long end, execs;
	int status;
	pid_t pid;

	shm->val[7] = which;
	shm->pid = task_start(2, tracee, 0, SIGCHLD);
	AWAIT(shm->tid && shm->beats > 2);
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
	note("%ld times attached and detached, %ld exec calls", shm->val[1],
	     execs);
	if (!execs || !shm->val[1])
		fail("they did not meet");
}

int main(int argc, char **argv)
{
	static const struct race races[] = {
		{ "exec against the leader's tracer", run, LEADER },
		{ "exec against the thread's tracer", run, THREAD },
		{ }
	};

	race_image_fn = image;
	return race_main(argc, argv, races);
}
