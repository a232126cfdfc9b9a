// SPDX-License-Identifier: GPL-2.0-only
/*
 * See death.h.
 */
#include <sys/time.h>

#include "death.h"
#include "stops.h"

#define EXITKILL	32	/* in the argument of a race */
#define CYCLES_US	2048	/* more or less */

static const struct stop_kind *kind;
static bool exitkill;

/* How the tracer dies in round n */
static bool by_alarm(long n)
{
	return !(n & 1);
}

static bool at_stop(long n)
{
	return n & 2;
}

/* Death comes from outside, whatever it does then */
static void set_alarm(void)
{
	long us = meet_pick(&shm->meet[0]) / CYCLES_US + 1;
	struct itimerval it = { .it_value.tv_usec = us % 1000000 };

	sys(SYS_setitimer, ITIMER_REAL, (long)&it, 0, 0, 0);
}

static int tracer(long n)
{
	long options = kind->options | (exitkill ? PTRACE_O_EXITKILL : 0);

	/* that it can be traced tells that the last one is gone for good */
	take_hold(kind, shm->pid, options);
	/* what exits does so in its own turn */
	shm->turn = n;
	if (by_alarm(n))
		set_alarm();
	for (;;) {
		int status = reach_stop(kind, shm->pid, false);

		if (status < 0 || !WIFSTOPPED(status))
			return 0;
		shm->done = n;
		jitter();
		if (!by_alarm(n) && at_stop(n))
			return 0;
		pt(kind->restart, shm->pid, 0, NULL);
		if (by_alarm(n))
			continue;
		/* on the way to the next one */
		jitter();
		return 0;
	}
}

static void end_tracer(pid_t pid, long n)
{
	int status;
	long ret = wait_for(pid, &status, 0);

	if (ret != pid || (status && status != SIGALRM))
		fail("the tracer: wait %ld, status %#x", ret, status);
	if (by_alarm(n))
		meet_was(&shm->meet[0], shm->done == n);
}

/* Two turns of its loop: the first may have been half done */
static void check_goes_on(void)
{
	long end = shm->beats + 2;

	while (shm->beats < end) {
		int status;
		long ret = wait_for(shm->pid, &status, WNOHANG | WUNTRACED);

		if (ret == shm->pid && WIFSTOPPED(status) && kind->stops_itself)
			sys(SYS_kill, shm->pid, SIGCONT, 0, 0, 0);
		else if (ret)
			fail("the tracee: wait %ld, status %#x", ret, status);
		relax();
	}
}

static void check_end(void)
{
	int status;
	long ret = wait_for(shm->pid, &status, 0);

	if (ret == shm->pid && exitkill && status == SIGKILL)
		return;
	if (ret == shm->pid && kind->ends && !status)
		return;
	fail("the tracee's end: wait %ld, status %#x", ret, status);
}

static void start(long n)
{
	shm->pid = task_start(2, kind->body, n, SIGCHLD);
}

static void run(long rounds, long arg)
{
	bool once;
	int status;
	long n;

	exitkill = arg & EXITKILL;
	kind = &stop_kinds[arg & ~EXITKILL];
	once = exitkill || kind->ends;
	shm->killed_too = exitkill;
	if (!once)
		start(0);
	for (n = 1; n <= rounds; n++) {
		if (once)
			start(n);
		end_tracer(task_start(1, tracer, n, SIGCHLD), n);
		if (once)
			check_end();
		else
			check_goes_on();
		round_done();
	}
	if (!once) {
		if (tracer_of(shm->pid))
			fail("traced by %d", tracer_of(shm->pid));
		sys(SYS_kill, shm->pid, SIGKILL, 0, 0, 0);
		wait_for(shm->pid, &status, 0);
	}
}

int death_main(int argc, char **argv, bool forks, long rounds)
{
	static char names[2][20][40];
	struct race races[40] = { };
	int i, n = 0, exits;

	for (exits = 0; exits < 2; exits++) {
		for (i = 0; i < stop_kinds_nr; i++) {
			char *name = names[exits][i];

			if (stop_kinds[i].forks != forks ||
			    (exits && stop_kinds[i].attach))
				continue;
			snprintf(name, sizeof(names[0][0]), "%s, %s",
				 stop_kinds[i].name,
				 exits ? "EXITKILL" : "goes on");
			races[n++] = (struct race){
				name, rounds / stop_kinds[i].cost, run,
				i | (exits ? EXITKILL : 0),
			};
		}
	}
	return race_main(argc, argv, races);
}
