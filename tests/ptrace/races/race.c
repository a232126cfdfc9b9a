// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a list of races: see race.h.
 */
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "image.h"
#include "race.h"
#include "watch.h"

#define REST_EVERY	500	/* rounds */

struct race_shm *shm;

/*
 * While SCHED_FIFO tasks occupy each CPU, kernel threads do not run, and dead
 * tasks that wait for RCU callbacks would accumulate until memory is exhausted.
 * membarrier() on a CPU returns after the callbacks that were queued there
 * before have run.  A task needs two grace periods, one of them for its stack,
 * and then a kworker.
 */
static void rest(void)
{
	unsigned long cpus = 0;
	int cpu, i;

	sys(SYS_sched_getaffinity, 0, sizeof(cpus), (long)&cpus, 0, 0);
	shm->resting = 1;
	for (cpu = 0; cpu < 2; cpu++) {
		pin(1 << cpu);
		for (i = 0; i < 3; i++)
			sys(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0, 0, 0);
	}
	pin(cpus);
	shm->resting = 0;
	sys(SYS_futex, (long)&shm->resting, FUTEX_WAKE, 100, 0, 0);
}

void round_done(void)
{
	if (++shm->round % REST_EVERY == 0)
		rest();
}

static void tell(const char *fmt, va_list ap)
{
	char line[512];
	int n = snprintf(line, sizeof(line), "# round %ld: ", shm->round);

	n += vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	sys(SYS_write, 1, (long)line, n, 0, 0);
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(fmt, ap);
	va_end(ap);
}

void fail(const char *fmt, ...)
{
	va_list ap;
	long n = 0;

	if (in_image) {
		/* no libc in the image: print the format */
		while (fmt[n])
			n++;
		sys(SYS_write, 1, (long)"# image: ", 9, 0, 0);
		sys(SYS_write, 1, (long)fmt, n, 0, 0);
		sys(SYS_write, 1, (long)"\n", 1, 0, 0);
	} else {
		va_start(ap, fmt);
		tell(fmt, ap);
		va_end(ap);
	}
	shm->failed = 1;
	/* keep all tasks as they are until watch() has printed them */
	for (;;)
		sys(SYS_pause, 0, 0, 0, 0, 0);
}

/* With fewer meetings, one task may always have come first */
#define MEET_ENOUGH	500

/* At each meeting point, have both orders occurred often enough? */
static bool all_met(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		const struct meet *m = &shm->meet[i];

		if (m->early + m->late >= MEET_ENOUGH && !meet_both(m))
			return false;
	}
	return true;
}

static void show_meeting(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		const struct meet *m = &shm->meet[i];

		if (m->early + m->late)
			printf("# moment %d: %ld times early, %ld times late\n",
			       i, m->early, m->late);
	}
}

static bool one_race(const struct race *race, long rounds)
{
	struct sched_param sp = { .sched_priority = 1 };
	pid_t pid;

	memset(shm, 0, sizeof(*shm));
	pid = fork();
	if (pid < 0)
		return false;
	if (!pid) {
		setpgid(0, 0);
		sched_setscheduler(0, SCHED_FIFO, &sp);
		catch_signals();
		race->run(rounds, race->arg);
		_exit(0);
	}
	setpgid(pid, pid);
	return watch(pid, rounds);
}

/* As ut_rounds() of tests/lib.c */
static long scaled(long rounds)
{
	const char *scale = getenv("UT_SCALE");

	if (scale && atol(scale) > 0)
		return rounds * atol(scale);
	return slow_kernel() ? (rounds + 4) / 5 : rounds;
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int usage(const char *program)
{
	printf("Usage: %s [WORD]\n\n"
	       "Runs its races, or those with WORD in their name.\n\n"
	       "Environment:\n"
	       "  UT_SCALE  times the rounds of a plain run\n"
	       "  VARIANT   debug, kcsan: a fifth of the rounds, if UT_SCALE is not set\n",
	       program);
	return 0;
}

int race_main(int argc, char **argv, const struct race *races)
{
	int n = 0, bad = 0;
	long total = 0;

	if (argc > 1 && !strcmp(argv[1], "--help"))
		return usage(argv[0]);
	if (image_prepare()) {
		perror("Bail out! memory to share");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
	for (; races->name; races++) {
		double start = seconds();
		bool ok;

		if (argc > 1 && !strstr(races->name, argv[1]))
			continue;
		ok = one_race(races, scaled(races->rounds)) && all_met();
		bad += !ok;
		total += shm->round;
		printf("%s %d - %s\n", ok ? "ok" : "not ok", ++n, races->name);
		printf("# %ld rounds, %.1f s\n", shm->round,
		       seconds() - start);
		show_meeting();
	}
	printf("# %ld rounds in all\n", total);
	printf("1..%d\n", n);
	return bad != 0;
}
