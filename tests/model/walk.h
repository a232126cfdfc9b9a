/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The walk over the engines of a task, in user space.
 */
#ifndef _TESTS_MODEL_WALK_H
#define _TESTS_MODEL_WALK_H

#include "sched.h"

#define ENGINE_ALIVE	0x600dbeefU
#define INLINE_SLOTS	4
#define EVENT		1UL

/* Each leaves one rule of the algorithm out; the checks must notice. */
enum fault {
	NO_FAULT,
	NO_MASK_AGAIN,	/* the mask is not read again after the xchg */
	NO_SLOT_AGAIN,	/* neither mask nor slot is */
	ONLY_NEWEST,	/* changes are not written to replaced arrays */
	NO_LEFT,	/* the detacher drops the reference always */
	NO_MOVING,	/* slots move although a walk may begin */
	NO_BOUND,	/* a new engine goes to ->nr, whatever ->bound is */
	CLOSE_ALWAYS,	/* a gap is closed below ->bound, too */
	NO_WAIT,	/* a walk begins while slots are being moved */
	NO_TAIL,	/* the slots behind the last are not cleared */
	LATE_HOLES,	/* ->holes is set after the look at ->reporting */
	EARLY_HOLES,	/* ->holes is read while the walk is in progress */
	NO_WAKE,	/* AWAITED is overlooked */
	NR_FAULTS
};

extern enum fault fault;

/**
 * struct engine - an attached engine
 * @count: references: one of its attachment, one of its owner
 * @attached: under the lock
 * @magic: ENGINE_ALIVE until it is freed
 * @order: of attachment
 * @attached_in: number of the walk that had begun last before its attachment
 * @quiet: the barrier has returned, no callback may come
 * @wants_since: this walk and those after it must call it
 * @called_in: number of the walk that called it last
 * @left: it has detached itself in its callback
 * @freed: set as it is freed
 */
struct engine {
	atomic_int count;
	bool attached;

	/* the checks' */
	unsigned int magic;
	long order;
	long attached_in;
	atomic_bool quiet;
	atomic_long wants_since;
	atomic_long called_in;
	atomic_bool left;
	atomic_bool *freed;
};

struct slot {
	struct engine *_Atomic engine;
	atomic_ulong events;
};

struct slots {
	unsigned int size;
	struct slots *older;
	struct slot slot[];
};

/**
 * struct utrace - the engines of one task
 * @lock: guards what others than the walker change
 * @slots: of the engines, oldest first; older arrays are chained to it, and
 *	kept up to date
 * @nr: slots in use
 * @bound: that of the walk in progress: the slots below do not move
 * @holes: there may be free slots below @nr, to close at the end of the walk
 * @reporting: NULL: no walk is in progress; else the engine whose callback may
 *	be running, or NOBODY; with marks
 * @wakeups: counts the wake-ups of barrier()
 */
struct utrace {
	spinlock_t lock;	/* see above */
	struct slots *_Atomic slots;
	atomic_uint nr;
	atomic_uint bound;
	atomic_bool holes;
	atomic_ulong reporting;
	atomic_long wakeups;
	long order;
};

typedef void callback_t(struct engine *engine, long walk);

/* What the checks of test.c are told */
extern atomic_long walks;
void released(struct engine *engine);
void fail(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#define check(what)							\
	do {								\
		if (!(what))						\
			fail("%s:%d: " #what, __func__, __LINE__);	\
	} while (0)

struct utrace *utrace_alloc(void);
void utrace_free(struct utrace *utrace);

/* Put @engine, with an empty mask and two references, behind all others. */
void attach(struct utrace *utrace, struct engine *engine);

/* Returns whether a callback of @engine may be running. */
bool set_events(struct utrace *utrace, struct engine *engine,
		unsigned long events);

/* Returns false if it was detached before. */
bool detach(struct utrace *utrace, struct engine *engine);

/* Wait for a callback of @engine that may be running. */
void barrier(struct utrace *utrace, struct engine *engine);

void put(struct engine *engine);

/* One event: call @callback for the engines that want it. */
void walk(struct utrace *utrace, bool reverse, callback_t *callback);

#endif /* _TESTS_MODEL_WALK_H */
