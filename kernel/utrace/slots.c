// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots of a struct utrace: its engines in the order of their attachment.
 *
 * Unless another rule is given at a function, it is
 * called with utrace->lock held, while the task may be walking: see walk.h.
 */
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "walk.h"

static void utrace_write_slot(struct utrace_slot *slot,
			      struct utrace_engine *engine,
			      unsigned long events)
{
	WRITE_ONCE(slot->events, events);
	WRITE_ONCE(slot->engine, engine);
}

/* Is a walk in progress?  If so, ->bound is that of this walk or a later one. */
static bool utrace_is_walking(struct utrace *utrace)
{
	/* pairs with xchg() in utrace_move_on(), which comes after ->bound */
	return smp_load_acquire(&utrace->reporting);
}

static bool utrace_has_holes(struct utrace *utrace, unsigned int end)
{
	unsigned int i;

	for (i = 0; i < end; i++)
		if (!utrace->slots[i].engine)
			return true;
	return false;
}

/*
 * Move the engines in slots from @first on together, but none that a walk in
 * progress may come to.
 */
void utrace_close_gaps(struct utrace *utrace, unsigned int first)
{
	struct utrace_slot *slots = utrace->slots;
	unsigned int from, to, nr = utrace->nr;
	bool walking, holes = utrace->holes;

	lockdep_assert_held(&utrace->lock);
	/* a walk that ends from here on looks at it after that */
	WRITE_ONCE(utrace->holes, true);
	WRITE_ONCE(utrace->moving, true);
	/* pairs with xchg() in utrace_move_on(): see walk.h */
	smp_mb();
	walking = utrace_is_walking(utrace);
	if (walking)
		first = max(first, READ_ONCE(utrace->bound));
	else if (holes)
		first = 0;
	for (from = to = first; from < nr; from++) {
		if (!slots[from].engine)
			continue;
		if (from != to)
			utrace_write_slot(&slots[to], slots[from].engine,
					  slots[from].events);
		to++;
	}
	if (to < nr) {
		WRITE_ONCE(utrace->nr, to);
		while (nr-- > to)
			utrace_write_slot(&slots[nr], NULL, 0);
	}
	WRITE_ONCE(utrace->holes, walking &&
		   utrace_has_holes(utrace, min(first, utrace->nr)));
	/* whoever does not wait for the lock sees all of this */
	smp_store_release(&utrace->moving, false);
}

/* A walk begins while slots are being moved; no locks held. */
void utrace_wait_moved(struct utrace *utrace)
{
	unsigned long flags;

	spin_lock_irqsave(&utrace->lock, flags);
	spin_unlock_irqrestore(&utrace->lock, flags);
}

/* A walk is over, by current, that had to leave gaps; no locks held. */
void utrace_close_gaps_after_walk(struct utrace *utrace)
{
	spin_lock_irq(&utrace->lock);
	utrace_close_gaps(utrace, 0);
	spin_unlock_irq(&utrace->lock);
}

/* Where the next engine goes: behind all others, and behind a walk in progress. */
static unsigned int utrace_new_slot(struct utrace *utrace)
{
	if (utrace_is_walking(utrace))
		return max(utrace->nr, READ_ONCE(utrace->bound));
	return utrace->nr;
}

/**
 * utrace_add_slot - put an engine behind those that are attached
 * @utrace: of the task
 * @engine: the engine, with an empty mask
 *
 * Return: 0, or %-ENOSPC: utrace_grow_slots() is to be called first.
 */
int utrace_add_slot(struct utrace *utrace, struct utrace_engine *engine)
{
	unsigned int new = utrace_new_slot(utrace);

	if (unlikely(new == utrace->size)) {
		utrace_close_gaps(utrace, 0);
		new = utrace_new_slot(utrace);
		if (new == utrace->size)
			return -ENOSPC;
	}
	if (unlikely(new > utrace->nr))
		WRITE_ONCE(utrace->holes, true);
	utrace_write_slot(&utrace->slots[new], engine, UTRACE_SLOT_USED);
	/* pairs with smp_load_acquire() in utrace_start_walk() */
	smp_store_release(&utrace->nr, new + 1);
	return 0;
}

/**
 * utrace_grow_slots - make room for as many engines again
 * @utrace: of the task; its lock is not held
 * @gfp: how to allocate
 *
 * Engines keep their slots, as a walk may be in progress.
 *
 * Return: 0 or %-ENOMEM.
 */
int utrace_grow_slots(struct utrace *utrace, gfp_t gfp)
{
	unsigned int i, size = READ_ONCE(utrace->size);
	struct utrace_block *block;
	unsigned long flags;

	block = kzalloc(struct_size(block, slot, 2 * size),
			gfp | __GFP_ACCOUNT);
	if (!block)
		return -ENOMEM;
	spin_lock_irqsave(&utrace->lock, flags);
	if (utrace->size == size) {
		for (i = 0; i < utrace->nr; i++)
			block->slot[i] = utrace->slots[i];
		block->older = utrace->blocks;
		utrace->blocks = block;
		/* a walk that sees it sees what is in it */
		smp_store_release(&utrace->slots, block->slot);
		WRITE_ONCE(utrace->size, 2 * size);
		block = NULL;
	}
	spin_unlock_irqrestore(&utrace->lock, flags);
	kfree(block);
	return 0;
}

static unsigned int utrace_slot_of(struct utrace *utrace,
				   struct utrace_engine *engine)
{
	unsigned int i = 0;

	lockdep_assert_held(&utrace->lock);
	while (utrace->slots[i].engine != engine)
		i++;
	return i;
}

/* @engine is attached: it gets @events from now on. */
void utrace_set_slot_events(struct utrace *utrace, struct utrace_engine *engine,
			    unsigned long events)
{
	unsigned int i = utrace->nr;

	/* most often it is new */
	while (utrace->slots[--i].engine != engine)
		;
	WRITE_ONCE(utrace->slots[i].events, events | UTRACE_SLOT_USED);
}

/* Move @engine behind all others of @utrace, over which nobody walks. */
void utrace_rotate_slots(struct utrace *utrace, struct utrace_engine *engine)
{
	unsigned int i = utrace_slot_of(utrace, engine), last = utrace->nr - 1;
	struct utrace_slot slot = utrace->slots[i];

	for (; i < last; i++)
		utrace->slots[i] = utrace->slots[i + 1];
	utrace->slots[last] = slot;
}

/* Does the walk drop the attachment's reference, as it may be calling @engine? */
static bool utrace_leave_to_walk(struct utrace *utrace,
				 struct utrace_engine *engine)
{
	unsigned long old;

	/* pairs with xchg() in utrace_move_on(): see walk.h */
	smp_mb();
	old = READ_ONCE(utrace->reporting);
	/* utrace_barrier() may add its mark, and the walk may move on */
	while ((old & ~UTRACE_MARKS) == (unsigned long)engine) {
		if (try_cmpxchg(&utrace->reporting, &old, old | UTRACE_LEFT))
			return true;
	}
	/* what the callback did comes before the engine is freed */
	smp_acquire__after_ctrl_dep();
	return false;
}

/**
 * utrace_clear_slot - take an attached engine out of its slot
 * @utrace: of the task
 * @engine: the engine
 *
 * Return: true: the caller drops the attachment's reference; false: a callback
 * of @engine may be running, and the walk drops it.
 */
bool utrace_clear_slot(struct utrace *utrace, struct utrace_engine *engine)
{
	unsigned int index = utrace_slot_of(utrace, engine);
	bool idle;

	utrace_write_slot(&utrace->slots[index], NULL, 0);
	idle = !utrace_leave_to_walk(utrace, engine);
	utrace_close_gaps(utrace, index);
	return idle;
}
