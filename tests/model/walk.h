/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A user space model of the walk: the loop that calls the engines of a task for
 * an event.
 */
#ifndef _TESTS_MODEL_WALK_H
#define _TESTS_MODEL_WALK_H

#include "sched.h"

#define ENGINE_ALIVE	0x600dbeefU
#define INLINE_SLOTS	4
#define EVENT		1UL

/* Each omits one rule of the algorithm; the checks must detect it. */
enum fault {
	NO_FAULT,
	NO_MASK_AGAIN,	/* the mask is not read again after the xchg */
	NO_SLOT_AGAIN,	/* neither mask nor slot is read again */
	ONLY_NEWEST,	/* replaced arrays are not updated */
	NO_LEFT,	/* detach() always drops the reference */
	NO_MOVING,	/* MOVING is not set while slots are moved */
	NO_BOUND,	/* attach() uses slot ->nr even below ->bound */
	CLOSE_ALWAYS,	/* gaps below ->bound are closed during a walk */
	NO_WAIT,	/* a walk does not wait when it sees MOVING */
	NO_TAIL,	/* slots freed by compact() are not cleared */
	EARLY_HOLES,	/* ->holes is read before ->reporting is cleared */
	NO_WAKE,	/* the walker ignores AWAITED */
	NR_FAULTS
};

extern enum fault fault;

/**
 * struct engine - an attached engine
 * @count: references: one of the attachment, one of the owner
 * @attached: protected by utrace->lock
 * @magic: ENGINE_ALIVE until the engine is freed
 * @order: sequence number of the attachment
 * @attached_in: the last walk that began before the attachment
 * @quiet: barrier() has returned, no callback may begin
 * @wants_since: the first walk that must call the engine; LONG_MAX: none
 * @called_in: the last walk that called the engine
 * @left: the engine has detached itself in its callback
 * @freed: if not NULL, a flag of its own, set when the engine is freed
 */
struct engine {
	atomic_int count;
	bool attached;

	/* for the checks only */
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
 * @lock: serializes all changes but those of the walker to @bound, @reporting
 * @slots: engines, oldest first; ->older links replaced arrays, which are also
 *	updated because a walk may use them
 * @nr: slots in use
 * @bound: @nr when the walk in progress began: slots below it must not move
 * @holes: there may be free slots below @nr, closed at the end of the walk
 * @reporting: 0: no walk is in progress; otherwise the engine whose callback
 *	may be running, or NOBODY; with mark bits
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

/* Of test.c; released() is called when an engine is to be freed. */
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

/* Attach @engine after all others, with an empty mask and two references. */
void attach(struct utrace *utrace, struct engine *engine);

/* Returns whether a callback of @engine may be running. */
bool set_events(struct utrace *utrace, struct engine *engine,
		unsigned long events);

/* Returns false if @engine is detached already. */
bool detach(struct utrace *utrace, struct engine *engine);

/* Wait until no callback of @engine is running. */
void barrier(struct utrace *utrace, struct engine *engine);

void put(struct engine *engine);

/* Report one event: call @callback for each engine with EVENT in its mask. */
void walk(struct utrace *utrace, bool reverse, callback_t *callback);

#endif /* _TESTS_MODEL_WALK_H */
