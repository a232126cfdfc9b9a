// SPDX-License-Identifier: GPL-2.0-only
/*
 * What operations cost.  Prints "<operation> <instructions of one>" a line.
 *
 * Timer ticks and first times are no part of an operation: a round is shorter
 * than a tick, and the least of many counts.
 */
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

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* a program that waits for ever would take the guest with it */
	alarm(3600);
	if (argc != 2)
		goto usage;
	if (!strcmp(argv[1], "untraced"))
		bench_untraced();
	else if (!strcmp(argv[1], "ptrace"))
		bench_ptrace();
	else
		goto usage;
	return 0;
usage:
	fprintf(stderr, "Usage: %s untraced|ptrace\n", argv[0]);
	return 1;
}
