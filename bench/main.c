// SPDX-License-Identifier: GPL-2.0-only
/*
 * What operations cost.  Prints "<operation> <instructions of one>" a line.
 *
 * Timer ticks and first times are no part of an operation: a round is shorter
 * than a tick, and the least of many counts.
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
	double least = 1e18;
	double start, took;

	while (rounds--) {
		start = now();
		operation(count);
		took = (now() - start) / count;
		if (took < least)
			least = took;
	}
	printf("%s %.3f\n", name, least);
}

/* The policy that tracers and tracees have, whatever the caller's is. */
static void be_ordinary(void)
{
	struct sched_param param = { 0 };

	if (sched_setscheduler(0, SCHED_OTHER, &param))
		fail("sched_setscheduler");
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* a program that waits for ever would take the guest with it */
	alarm(3600);
	if (argc != 2)
		goto usage;
	be_ordinary();
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
