// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots hold the engines of a task in the order of attachment.  Unless noted
 * otherwise, utrace->lock is held and the task may be walking: see walk.h.
 */
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "walk.h"

static void utrace_fill_slot(struct utrace_slot *slot,
			     struct utrace_engine *engine, unsigned long events)
{
	WRITE_ONCE(slot->events, events);
	WRITE_ONCE(slot->engine, engine);
}

/* Write slot @index of each array that has it: a walk may use an older one. */
static void utrace_write_slot(struct utrace *utrace, unsigned int index,
			      struct utrace_engine *engine,
			      unsigned long events)
{
	struct utrace_block *block = utrace->blocks;
	unsigned int size = utrace->size;

	for (; block && index < size; block = block->older, size /= 2)
		utrace_fill_slot(&block->slot[index], engine, events);
	if (index < UTRACE_FIRST_SLOTS)
		utrace_fill_slot(&utrace->first[index], engine, events);
}

static bool utrace_has_gaps(struct utrace *utrace, unsigned int end)
{
	unsigned int i;

	for (i = 0; i < end; i++)
		if (!utrace->slots[i].engine)
			return true;
	return false;
}

/* Close gaps from @first on.  Keep the slots of a walk in progress. */
void utrace_close_gaps(struct utrace *utrace, unsigned int first)
{
	struct utrace_slot *slots = utrace->slots;
	unsigned int from, to, nr = utrace->nr;
	bool walking, gaps = utrace->due & UTRACE_GAPS_DUE;

	lockdep_assert_held(&utrace->lock);
	/* A walk that ends from now on sees this and takes the lock. */
	utrace_set_due(utrace, UTRACE_GAPS_DUE);
	/* Full barrier, pairs with xchg() in utrace_move_on(): see walk.h. */
	test_and_set_bit(UTRACE_MOVING_BIT, &utrace->reporting);
	walking = utrace_is_walking(utrace);
	if (walking)
		first = max(first, READ_ONCE(utrace->bound));
	else if (gaps)
		first = 0;
	for (from = to = first; from < nr; from++) {
		if (!slots[from].engine)
			continue;
		if (from != to)
			utrace_write_slot(utrace, to, slots[from].engine,
					  slots[from].events);
		to++;
	}
	if (to < nr) {
		WRITE_ONCE(utrace->nr, to);
		while (nr-- > to)
			utrace_write_slot(utrace, nr, NULL, 0);
	}
	if (!walking || !utrace_has_gaps(utrace, min(first, utrace->nr)))
		utrace_clear_due(utrace, UTRACE_GAPS_DUE);
	/* Release: a walk that begins without the mark sees the moved slots. */
	clear_bit_unlock(UTRACE_MOVING_BIT, &utrace->reporting);
}

/* Called when current ends a walk that kept gaps; no locks held. */
void utrace_close_gaps_after_walk(struct utrace *utrace)
{
	spin_lock_irq(&utrace->lock);
	utrace_close_gaps(utrace, 0);
	spin_unlock_irq(&utrace->lock);
}

/* Returns the slot behind all engines and behind a walk in progress. */
static unsigned int utrace_new_slot(struct utrace *utrace)
{
	if (utrace_is_walking(utrace))
		return max(utrace->nr, READ_ONCE(utrace->bound));
	return utrace->nr;
}

/* @engine has its mask.  -ENOSPC: call utrace_grow_slots() first. */
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
		utrace_set_due(utrace, UTRACE_GAPS_DUE);
	utrace_write_slot(utrace, new, engine,
			  engine->flags | UTRACE_SLOT_USED);
	/* Pairs with smp_load_acquire() in utrace_start_walk(). */
	smp_store_release(&utrace->nr, new + 1);
	return 0;
}

/* Called without utrace->lock.  A walk may run: slots keep their index. */
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
		/* Pairs with the dependent reads of a walk. */
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
	unsigned int i = utrace->nr;

	lockdep_assert_held(&utrace->lock);
	/* Often it is the newest one. */
	while (utrace->slots[--i].engine != engine)
		;
	return i;
}

/* @engine must be attached. */
void utrace_set_slot_events(struct utrace *utrace, struct utrace_engine *engine,
			    unsigned long events)
{
	utrace_write_slot(utrace, utrace_slot_of(utrace, engine), engine,
			  events | UTRACE_SLOT_USED);
}

/* Move @engine behind all others.  No walk is in progress. */
void utrace_rotate_slots(struct utrace *utrace, struct utrace_engine *engine)
{
	unsigned int i = utrace_slot_of(utrace, engine), last = utrace->nr - 1;
	unsigned long events = utrace->slots[i].events;
	struct utrace_slot *slot;

	for (; i < last; i++) {
		slot = &utrace->slots[i + 1];
		utrace_write_slot(utrace, i, slot->engine, slot->events);
	}
	utrace_write_slot(utrace, last, engine, events);
}

/* Returns true if @engine may be called now: the walk drops the reference. */
static bool utrace_leave_to_walk(struct utrace *utrace,
				 struct utrace_engine *engine)
{
	unsigned long old;

	/* Pairs with xchg() in utrace_move_on(): see walk.h. */
	smp_mb();
	old = READ_ONCE(utrace->reporting);
	/* utrace_barrier() or the walk may change ->reporting meanwhile. */
	while ((old & ~UTRACE_MARKS) == (unsigned long)engine) {
		if (try_cmpxchg(&utrace->reporting, &old, old | UTRACE_LEFT))
			return true;
	}
	/* Order what the callback did before the engine is freed. */
	smp_acquire__after_ctrl_dep();
	return false;
}

/*
 * Clear the slot of an attached engine.  Returns true if the caller drops the
 * attachment's reference.  Else a callback may be running: the walk drops it.
 */
bool utrace_clear_slot(struct utrace *utrace, struct utrace_engine *engine)
{
	unsigned int index = utrace_slot_of(utrace, engine);
	bool idle;

	utrace_write_slot(utrace, index, NULL, 0);
	idle = !utrace_leave_to_walk(utrace, engine);
	utrace_close_gaps(utrace, index);
	return idle;
}
