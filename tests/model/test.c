// SPDX-License-Identifier: GPL-2.0-only
/*
 * One thread walks; three threads attach and detach engines, change their masks
 * and call barrier().  Callbacks also attach and detach, and sleep.
 *
 * These rules are checked:
 *  - after barrier() has returned, an engine that is detached or has cleared
 *    EVENT is not called;
 *  - an engine attached during a walk is not called in that walk;
 *  - an engine is called in each walk during which EVENT is set all the time;
 *  - engines are called in the order of attachment, in every second walk in
 *    the reverse order;
 *  - each engine is freed once, not during its callback, and without waiting
 *    for the callback of another; AddressSanitizer detects a use after free;
 *  - the array remains small, and in the end all engines are freed.
 */
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "walk.h"

#define MAX_ENGINES	5	/* of one actor */
#define PATIENCE	30	/* time limit of one run, seconds */
#define MAX_SIZE	64	/* of the array with these engines */

atomic_long walks;

static struct utrace *utrace;
static unsigned int seed;
static long rounds = 60;
static time_t end;
static bool threads;

static atomic_long attached, freed, calls;
static atomic_int busy;			/* actors other than the walker */
static atomic_long operations;		/* of these actors */
static atomic_long sleeps;		/* odd: a callback is sleeping */
static struct engine *_Atomic calling;

static const char *const fault_names[NR_FAULTS] = {
	"none", "no-mask-again", "no-slot-again", "only-newest", "no-left",
	"no-moving", "no-bound", "close-always", "no-wait", "no-tail",
	"early-holes", "no-wake",
};

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "walk: %s, seed %u: ", fault_names[fault], seed);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	_exit(1);
}

/*
 * Returns whether @flag was set.  The second to set it frees it: the walker may
 * free an engine after end_engine() has returned.
 */
static bool raise_flag(atomic_bool *flag)
{
	bool was = atomic_exchange(flag, true);

	if (was)
		free(flag);
	return was;
}

void released(struct engine *engine)
{
	check(engine->magic == ENGINE_ALIVE);
	check(!engine->attached);
	check(calling != engine);
	engine->magic = 0;
	if (engine->freed)
		raise_flag(engine->freed);
	freed++;
	free(engine);
}

static struct engine *new_engine(void)
{
	struct engine *engine = calloc(1, sizeof(*engine));

	if (!engine)
		abort();
	engine->magic = ENGINE_ALIVE;
	engine->count = 2;
	engine->quiet = true;
	engine->wants_since = LONG_MAX;
	engine->attached_in = walks;
	attach(utrace, engine);
	attached++;
	return engine;
}

/* If EVENT was set during all of the walk before the last, it was called. */
static void check_called(struct engine *engine)
{
	long last = walks - 1;

	if (engine->wants_since <= last)
		check(engine->called_in >= last || engine->left);
}

static void want(struct engine *engine)
{
	engine->quiet = false;
	set_events(utrace, engine, EVENT);
	/* + 2: a walk may have begun that is not counted in @walks yet */
	engine->wants_since = walks + 2;
}

static void want_not(struct engine *engine)
{
	check_called(engine);
	engine->wants_since = LONG_MAX;
	if (set_events(utrace, engine, 0))
		barrier(utrace, engine);
	engine->quiet = true;
}

static void end_engine(struct engine *engine)
{
	long sleep = sleeps;
	bool other = (sleep & 1) && calling != engine;
	atomic_bool *freed = NULL;
	bool gone;

	check_called(engine);
	engine->wants_since = LONG_MAX;
	detach(utrace, engine);
	if (any(2) || other) {
		barrier(utrace, engine);
		engine->quiet = true;
		freed = calloc(1, sizeof(*freed));
		if (!freed)
			abort();
		engine->freed = freed;
	}
	put(engine);
	gone = freed && raise_flag(freed);
	/* barrier() must not wait for the callback of another engine */
	if (other && sleeps == sleep)
		check(gone);
}

static void operate(struct engine *engines[], int *nr)
{
	int i;

	if (*nr < MAX_ENGINES && any(3)) {
		engines[(*nr)++] = new_engine();
		if (any(4))
			want(engines[*nr - 1]);
		return;
	}
	if (!*nr)
		return;
	i = any(*nr);
	switch (any(4)) {
	case 0:
		want(engines[i]);
		break;
	case 1:
		want_not(engines[i]);
		break;
	default:
		end_engine(engines[i]);
		engines[i] = engines[--*nr];
	}
}

static bool go_on(long i)
{
	return threads ? time(NULL) < end : i < rounds;
}

static void storm(void)
{
	struct engine *engines[MAX_ENGINES];
	int nr = 0;
	long i;

	for (i = 0; go_on(i); i++) {
		operate(engines, &nr);
		operations++;
	}
	while (nr)
		end_engine(engines[--nr]);
	busy--;
}

/* Engines attached by callbacks; accessed by the walker only */
static struct engine *own[MAX_ENGINES];
static int nr_own;
static bool reverse;
static long order;		/* ->order of the engine called last */

static void sleep_in_callback(void)
{
	long until = operations + 1 + any(30);
	int patience = 200;	/* all others may wait for this callback */

	sleeps++;
	while (operations < until && busy && patience--)
		relax();
	sleeps++;
	spin_lock(&utrace->lock);
	check(READ_ONCE(utrace->slots)->size <= MAX_SIZE);
	spin_unlock(&utrace->lock);
}

/* set_events() in a walk: an engine later in the order must be called in it. */
static void want_in_walk(struct engine *engine, long number)
{
	bool later = engine->order != order &&
		(engine->order > order) != reverse;

	want(engine);
	if (later && engine->attached_in < number)
		engine->wants_since = number;
}

static void check_walk_over(void)
{
	int i;

	for (i = 0; i < nr_own; i++)
		if (own[i]->wants_since <= walks)
			check(own[i]->called_in == walks || own[i]->left);
	spin_lock(&utrace->lock);
	check(!READ_ONCE(utrace->holes));
	spin_unlock(&utrace->lock);
}

static void act_in_callback(struct engine *engine)
{
	switch (any(12)) {
	case 0:
		engine->left = true;
		detach(utrace, engine);
		break;
	case 1:
	case 2:
		if (nr_own < MAX_ENGINES)
			own[nr_own++] = new_engine();
		break;
	case 3:
		if (nr_own && own[nr_own - 1] != engine) {
			detach(utrace, own[--nr_own]);
			own[nr_own]->quiet = true;
			put(own[nr_own]);
		}
		break;
	case 4:
		if (nr_own)
			want_in_walk(own[any(nr_own)], walks);
		break;
	case 5:
		sleep_in_callback();
		break;
	}
}

static void callback(struct engine *engine, long number)
{
	check(engine->magic == ENGINE_ALIVE);
	calling = engine;
	calls++;
	check(!engine->quiet);
	check(engine->attached_in < number);
	check(engine->called_in < number);
	check(!order || (engine->order > order) != reverse);
	order = engine->order;
	engine->called_in = number;
	act_in_callback(engine);
	point();
	check(engine->magic == ENGINE_ALIVE);
	calling = NULL;
}

static void walker(void)
{
	while (busy) {
		order = 0;
		reverse = !reverse;
		walk(utrace, reverse, callback);
		check_walk_over();
		while (busy && !any(3))
			relax();
	}
	while (nr_own) {
		detach(utrace, own[--nr_own]);
		put(own[nr_own]);
	}
}

static void no_progress(int sig)
{
	(void)sig;
	fail("no progress");
}

static void run_once(void)
{
	static void (*const actors[])(void) = { walker, storm, storm, storm };
	const int nr = sizeof(actors) / sizeof(actors[0]);

	utrace = utrace_alloc();
	busy = nr - 1;
	walks = 0;
	sleeps = 0;
	operations = 0;
	alarm(PATIENCE + (threads ? end - time(NULL) : 0));
	if (threads)
		run_threads(actors, nr, seed);
	else
		run_coroutines(actors, nr, seed);
	utrace_free(utrace);
	check(attached == freed);
}

static int find_fault(const char *name)
{
	int i;

	for (i = 0; i < NR_FAULTS; i++)
		if (!strcmp(name, fault_names[i]))
			return i;
	fprintf(stderr, "walk: there is no fault '%s'\n", name);
	exit(2);
}

static void usage(void)
{
	int i;

	printf("Usage: walk [-t] [-s SEED] [-n SECONDS] [-f FAULT]\n"
	       "-t: threads; without it coroutines, whose SEED repeats a run\n"
	       "FAULT, a rule that is left out:");
	for (i = 1; i < NR_FAULTS; i++)
		printf(" %s", fault_names[i]);
	puts("");
	exit(0);
}

int main(int argc, char **argv)
{
	unsigned int first = 1;
	long seconds = 3;
	int option;

	while ((option = getopt(argc, argv, "ts:n:f:h")) != -1) {
		switch (option) {
		case 't':
			threads = true;
			break;
		case 's':
			first = strtoul(optarg, NULL, 0);
			break;
		case 'n':
			seconds = atol(optarg);
			break;
		case 'f':
			fault = find_fault(optarg);
			break;
		default:
			usage();
		}
	}
	signal(SIGALRM, no_progress);
	end = time(NULL) + seconds;
	seed = first;
	do
		run_once();
	while (seed++, time(NULL) < end);
	printf("walk: %u runs, %ld engines, %ld callbacks\n", seed - first,
	       attached, calls);
	return 0;
}
