// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk over the engines of a task: the algorithm of kernel/utrace/, to be
 * tested in more interleavings than occur in a kernel.
 */
#include <stdlib.h>

#include "walk.h"

/* Mark bits of ->reporting; NOBODY: a walk is in progress, but no callback */
#define LEFT	1UL	/* detached: the walker drops the reference */
#define AWAITED	2UL	/* barrier() waits: the walker wakes it */
#define MOVING	4UL	/* slots are being moved: the walker waits */
#define MARKS	(LEFT | AWAITED | MOVING)
#define NOBODY	8UL

enum fault fault;

static struct slots *alloc_slots(unsigned int size)
{
	struct slots *slots = calloc(1, sizeof(*slots) +
				     size * sizeof(slots->slot[0]));

	if (!slots)
		abort();
	slots->size = size;
	return slots;
}

struct utrace *utrace_alloc(void)
{
	struct utrace *utrace = calloc(1, sizeof(*utrace));

	if (!utrace)
		abort();
	utrace->slots = alloc_slots(INLINE_SLOTS);
	return utrace;
}

void utrace_free(struct utrace *utrace)
{
	struct slots *slots, *older;

	check(!utrace->nr && !utrace->holes && !utrace->reporting);
	for (slots = utrace->slots; slots; slots = older) {
		older = slots->older;
		free(slots);
	}
	free(utrace);
}

void put(struct engine *engine)
{
	if (atomic_fetch_sub(&engine->count, 1) == 1)
		released(engine);
}

static bool walking(struct utrace *utrace)
{
	return smp_load_acquire(&utrace->reporting) & ~MARKS;
}

/* Set ->reporting to @next: an engine, NOBODY or 0.  Act on the old marks. */
static void report_on(struct utrace *utrace, unsigned long next)
{
	unsigned long old = xchg(&utrace->reporting, next);

	if ((old & MOVING) && fault != NO_WAIT) {
		spin_lock(&utrace->lock);
		spin_unlock(&utrace->lock);
	}
	if (old & LEFT)
		put((struct engine *)(old & ~MARKS));
	if ((old & AWAITED) && fault != NO_WAKE) {
		atomic_fetch_add(&utrace->wakeups, 1);
		smp_mb();
	}
}

/*
 * Set @mark if a callback of @engine may be running, and return true.
 * Otherwise, all stores of its last callback are visible (acquire).
 */
static bool mark_reporting(struct utrace *utrace, struct engine *engine,
			   unsigned long mark)
{
	unsigned long old = smp_load_acquire(&utrace->reporting);

	while ((old & ~MARKS) == (unsigned long)engine) {
		if (try_cmpxchg(&utrace->reporting, &old, old | mark))
			return true;
	}
	return false;
}

/* Write slot @index of each array with such a slot; ->lock held. */
static void write_slot(struct utrace *utrace, unsigned int index,
		       struct engine *engine, unsigned long events)
{
	struct slots *slots = READ_ONCE(utrace->slots);

	for (; slots && index < slots->size; slots = slots->older) {
		WRITE_ONCE(slots->slot[index].events, events);
		smp_store_release(&slots->slot[index].engine, engine);
		if (fault == ONLY_NEWEST)
			break;
	}
}

/* Close the gaps from slot @from on; ->lock held, no walk reads these slots. */
static void compact(struct utrace *utrace, unsigned int from)
{
	struct slots *slots = READ_ONCE(utrace->slots);
	unsigned int nr = READ_ONCE(utrace->nr);
	struct engine *engine;
	unsigned long events;
	unsigned int to = from;

	for (; from < nr; from++) {
		engine = READ_ONCE(slots->slot[from].engine);
		events = READ_ONCE(slots->slot[from].events);
		if (!engine)
			continue;
		write_slot(utrace, to++, engine, events);
	}
	WRITE_ONCE(utrace->nr, to);
	for (; to < nr && fault != NO_TAIL; to++)
		write_slot(utrace, to, NULL, 0);
}

/*
 * Close the gap at @index, or leave it to the end of the walk in progress.
 * ->lock held.
 *
 *	walker				close_gap()
 *
 *	->bound = ->nr			->reporting |= MOVING, full barrier
 *	xchg(->reporting)		read ->reporting, ->bound
 *
 * Either the walker reads MOVING and waits, or close_gap() sees the walk and
 * its bound.
 *
 *	xchg(->reporting, 0)		->holes = true
 *	read ->holes			smp_mb()
 *					read ->reporting
 *
 * Either the walker reads ->holes and closes the gap, or close_gap() sees no
 * walk and closes it.
 */
static void close_gap(struct utrace *utrace, unsigned int index)
{
	bool holes = READ_ONCE(utrace->holes);

	WRITE_ONCE(utrace->holes, true);
	if (fault != NO_MOVING)
		atomic_fetch_or(&utrace->reporting, MOVING);
	smp_mb();
	if (!walking(utrace) || fault == CLOSE_ALWAYS) {
		compact(utrace, 0);
		WRITE_ONCE(utrace->holes, false);
	} else if (index >= READ_ONCE(utrace->bound)) {
		compact(utrace, index);
		WRITE_ONCE(utrace->holes, holes);
	} else {
		WRITE_ONCE(utrace->holes, true);
	}
	atomic_fetch_and_explicit(&utrace->reporting, ~MOVING,
				  memory_order_release);
}

/* Make room for a slot at @index; ->lock held. */
static void grow(struct utrace *utrace, unsigned int index)
{
	struct slots *old = READ_ONCE(utrace->slots), *new;
	unsigned int i;

	if (index < old->size)
		return;
	new = alloc_slots(2 * old->size);
	for (i = 0; i < old->size; i++) {
		new->slot[i].engine = READ_ONCE(old->slot[i].engine);
		new->slot[i].events = READ_ONCE(old->slot[i].events);
	}
	new->older = old;
	smp_store_release(&utrace->slots, new);
}

void attach(struct utrace *utrace, struct engine *engine)
{
	unsigned int nr, index, bound;

	spin_lock(&utrace->lock);
	nr = READ_ONCE(utrace->nr);
	index = nr;
	if (walking(utrace) && fault != NO_BOUND) {
		bound = READ_ONCE(utrace->bound);
		index = nr > bound ? nr : bound;
	}
	grow(utrace, index);
	engine->order = ++utrace->order;
	engine->attached = true;
	write_slot(utrace, index, engine, 0);
	/*
	 * Release: a walk that reads the new ->nr also reads the new ->slots,
	 * so its bound is not beyond the end of its array.
	 */
	smp_store_release(&utrace->nr, index + 1);
	/* engines were detached after the walk has read ->nr: slots are free */
	if (index > nr)
		close_gap(utrace, nr);
	spin_unlock(&utrace->lock);
}

/* ->lock held. */
static unsigned int find_slot(struct utrace *utrace, struct engine *engine)
{
	unsigned int i;

	for (i = 0; i < READ_ONCE(utrace->nr); i++)
		if (READ_ONCE(READ_ONCE(utrace->slots)->slot[i].engine) ==
		    engine)
			return i;
	fail("an attached engine has no slot");
}

bool set_events(struct utrace *utrace, struct engine *engine,
		unsigned long events)
{
	bool running = false;

	spin_lock(&utrace->lock);
	if (engine->attached) {
		write_slot(utrace, find_slot(utrace, engine), engine, events);
		/* pairs with the xchg before the walk reads the mask again */
		smp_mb();
		running = mark_reporting(utrace, engine, 0);
	}
	spin_unlock(&utrace->lock);
	return running;
}

bool detach(struct utrace *utrace, struct engine *engine)
{
	bool attached, left = false;
	unsigned int i;

	spin_lock(&utrace->lock);
	attached = engine->attached;
	if (attached) {
		engine->attached = false;
		i = find_slot(utrace, engine);
		write_slot(utrace, i, NULL, 0);
		/* pairs with the xchg before the walk reads the slot again */
		smp_mb();
		left = mark_reporting(utrace, engine, LEFT);
		close_gap(utrace, i);
	}
	spin_unlock(&utrace->lock);
	if (attached && (!left || fault == NO_LEFT))
		put(engine);
	return attached;
}

/* Returns false with the mark set if a callback of @engine may be running. */
static bool await_engine(struct utrace *utrace, struct engine *engine)
{
	return !mark_reporting(utrace, engine, 0) ||
	       !mark_reporting(utrace, engine, AWAITED);
}

void barrier(struct utrace *utrace, struct engine *engine)
{
	long wakeups;

	smp_mb();
	wakeups = READ_ONCE(utrace->wakeups);
	if (await_engine(utrace, engine))
		return;
	/* It has ended once the walker moved on, although the next one runs. */
	while (READ_ONCE(utrace->wakeups) == wakeups)
		relax();
}

static struct slots *begin_walk(struct utrace *utrace)
{
	struct slots *slots;
	struct engine *guess;

	WRITE_ONCE(utrace->bound, smp_load_acquire(&utrace->nr));
	/* saves an xchg in start() if called first; may be freed already */
	slots = smp_load_acquire(&utrace->slots);
	guess = READ_ONCE(slots->slot[0].engine);
	report_on(utrace, guess ? (unsigned long)guess : NOBODY);
	return slots;
}

static void end_walk(struct utrace *utrace)
{
	bool holes = READ_ONCE(utrace->holes);

	report_on(utrace, 0);
	if (fault != EARLY_HOLES)
		holes = READ_ONCE(utrace->holes);
	if (!holes)
		return;
	spin_lock(&utrace->lock);
	if (READ_ONCE(utrace->holes)) {
		compact(utrace, 0);
		WRITE_ONCE(utrace->holes, false);
	}
	spin_unlock(&utrace->lock);
}

/*
 * Returns the engine of @slot if it must be called, otherwise NULL.  The engine
 * remains valid until ->reporting changes.
 */
static struct engine *start(struct utrace *utrace, struct slot *slot)
{
	struct engine *engine;

	if (!(READ_ONCE(slot->events) & EVENT))
		return NULL;
	engine = smp_load_acquire(&slot->engine);
	if (!engine)
		return NULL;
	if ((READ_ONCE(utrace->reporting) & ~MARKS) != (unsigned long)engine)
		report_on(utrace, (unsigned long)engine);
	if (fault == NO_SLOT_AGAIN)
		return engine;
	if (READ_ONCE(slot->engine) != engine)
		return NULL;
	if (!(READ_ONCE(slot->events) & EVENT) && fault != NO_MASK_AGAIN)
		return NULL;
	return engine;
}

void walk(struct utrace *utrace, bool reverse, callback_t *callback)
{
	struct slots *slots = begin_walk(utrace);
	unsigned int bound = READ_ONCE(utrace->bound);
	long number = atomic_fetch_add(&walks, 1) + 1;
	struct engine *engine;
	unsigned int i;

	check(bound <= slots->size);
	for (i = 0; i < bound; i++) {
		engine = start(utrace,
			       &slots->slot[reverse ? bound - 1 - i : i]);
		if (engine)
			callback(engine, number);
	}
	end_walk(utrace);
}
