// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of operations.  Prints lines of "<operation> <instructions>": in a
 * guest with --icount a nanosecond is an instruction.
 *
 * The result is the minimum of many rounds, each shorter than a timer tick, to
 * exclude timer interrupts and cold caches.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

void fail(const char *what)
{
	perror(what);
	exit(1);
}

void measure(const char *name, void (*operation)(int count), int rounds,
	     int count)
{
	/* bench/profile.sh: only this operation, so often */
	const char *only = getenv("BENCH_ONLY"), *times = getenv("BENCH_ROUNDS");
	double least = 1e18;
	double start, took;

	if (only && strcmp(only, name))
		return;
	if (times)
		rounds = atoi(times);
	while (rounds--) {
		start = now();
		operation(count);
		took = (now() - start) / count;
		if (took < least)
			least = took;
	}
	if (only)
		printf("%s %.3f %d\n", name, least, count);
	else
		printf("%s %.3f\n", name, least);
}

void set_policy(int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	if (sched_setscheduler(0, policy, &param))
		fail("sched_setscheduler");
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* limit the run: a benchmark that hangs must not block the guest */
	alarm(3600);
	if (argc != 2)
		goto usage;
	/* Tracers and tracees are SCHED_OTHER, whatever policy the caller has. */
	set_policy(SCHED_OTHER, 0);
	if (!strcmp(argv[1], "untraced"))
		bench_untraced();
	else if (!strcmp(argv[1], "ptrace"))
		bench_ptrace();
	else if (!strcmp(argv[1], "engine"))
		bench_engine();
	else if (!strcmp(argv[1], "probed"))
		measure("systemtap-getppid", getppids, 100, 1000);
	else if (!strcmp(argv[1], "unprobed"))
		measure("systemtap-unprobed", getppids, 100, 1000);
	else
		goto usage;
	return 0;
usage:
	fprintf(stderr, "Usage: %s untraced|ptrace|engine|probed|unprobed\n", argv[0]);
	return 1;
}
