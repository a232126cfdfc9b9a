/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The walk over the engines of a task takes no lock and no reference.  There is
 * one at a time: in the task itself, and after its death in the reaper.
 *
 * utrace->reporting is a hazard pointer to the engine whose callback may run:
 *
 *	walk				detach, under utrace->lock
 *	engine = slot->engine		slot->engine = NULL
 *	reporting = engine		full barrier
 *	full barrier			reporting == engine?
 *	slot->engine == engine?
 *
 * Either the walk finds the slot empty and does not touch the engine, or detach
 * finds the engine in ->reporting and sets UTRACE_LEFT: then the walk drops the
 * attachment's reference.  Changes of the event mask are ordered the same way.
 *
 * Slots below ->bound do not move during a walk:
 *
 *	walk				moving slots, under utrace->lock
 *	bound = nr			reporting |= MOVING, full barrier
 *	xchg(reporting, engine)		reporting without marks?  a walk is in
 *	was MOVING?  wait for the lock	progress: only from bound on
 *					move
 *					reporting &= ~MOVING
 *
 * A new engine is put behind ->bound: it does not get the event in progress.
 */
#ifndef _KERNEL_UTRACE_WALK_H
#define _KERNEL_UTRACE_WALK_H

#include <linux/sched/signal.h>
#include <trace/events/utrace.h>

#include "internal.h"

/* Called with utrace->lock held. */
static inline bool utrace_is_stopped(struct utrace *utrace)
{
	return READ_ONCE(utrace->task->jobctl) & JOBCTL_ENGINE_STOPPED;
}

/* If a walk is in progress, ->bound is that of this walk or a later one. */
static inline bool utrace_is_walking(struct utrace *utrace)
{
	/* Pairs with xchg() in utrace_move_on(): ->bound is written before. */
	return smp_load_acquire(&utrace->reporting) & ~UTRACE_MARKS;
}

/* Publish the engine that is called next, or 0 at the end of the walk. */
static __always_inline void utrace_move_on(struct utrace *utrace,
					   unsigned long next)
{
	/* Orders the last callback before it, and reads of slots after it. */
	unsigned long last = xchg(&utrace->reporting, next);

	if (unlikely(last & UTRACE_MARKS))
		utrace_moved_on(utrace, last);
}

/*
 * Walk over the first @nr slots.  If a larger array replaces this one during
 * the walk, changes are written to both.
 */
static __always_inline void utrace_walk_slots(struct utrace_report *report,
					      struct utrace_slot *slots,
					      unsigned int nr, bool newest)
{
	report->next = newest ? slots + nr : slots;
	report->end = newest ? slots : slots + nr;
}

/* Most walks call the first engine first: publish it at once. */
static __always_inline void utrace_start_walk(struct utrace_report *report,
					      unsigned long wanted, bool newest)
{
	struct utrace *utrace = report->utrace;
	struct utrace_engine *first = NULL;
	unsigned int nr;

	report->wanted = wanted;
	report->action = UTRACE_RESUME;
	report->vote = false;
	/* Acquire: the array has at least this many slots. */
	nr = smp_load_acquire(&utrace->nr);
	WRITE_ONCE(utrace->bound, nr);
	utrace_walk_slots(report, READ_ONCE(utrace->slots), nr, newest);
	/* Slot 0 of an array is there even if it is empty. */
	if (!newest || likely(nr))
		first = READ_ONCE(report->next[newest ? -1 : 0].engine);
	report->engine = first;
	/* Waits while slots are being moved. */
	utrace_move_on(utrace, (unsigned long)first ?: UTRACE_NOBODY);
}

/* Prepare to report @event.  No walk begins yet. */
static __always_inline void utrace_init_report(struct utrace_report *report,
					       struct utrace *utrace,
					       unsigned long event)
{
	report->utrace = utrace;
	report->event = event;
	report->action = UTRACE_RESUME;
	report->result = 0;
	report->in_signal = false;
	report->vote = false;
}

/* Begin to report @event to the engines of current. */
static __always_inline void utrace_begin_walk(struct utrace_report *report,
					      unsigned long event, bool newest)
{
	utrace_init_report(report, utrace_of(current), event);
	utrace_start_walk(report, event | UTRACE_EVENT(QUIESCE), newest);
}

/* Like utrace_begin_walk(), oldest first, if an engine requested @event. */
static inline bool utrace_begin(struct utrace_report *report,
				unsigned long event)
{
	if (!utrace_task_wants(current, event))
		return false;
	utrace_begin_walk(report, event, false);
	return true;
}

/*
 * Returns the engine in @slot, published, if its mask has a wanted event.  Sets
 * *@events to the mask: read again if it was not published at the start.
 */
static __always_inline struct utrace_engine *
utrace_look_at(struct utrace_report *report, struct utrace_slot *slot,
	       unsigned long *events)
{
	struct utrace *utrace = report->utrace;
	struct utrace_engine *engine;

	*events = READ_ONCE(slot->events);
	if (!(*events & report->wanted))
		return NULL;
	engine = READ_ONCE(slot->engine);
	/* The walk began with it, or both are NULL. */
	if (engine == report->engine)
		return engine;
	if (unlikely(!engine))
		return NULL;
	/* Count the vote before the callback can be seen to have returned. */
	if (unlikely(report->vote))
		utrace_cast_vote(report);
	utrace_move_on(utrace, (unsigned long)engine);
	report->engine = engine;
	*events = READ_ONCE(slot->events);
	if (!(*events & report->wanted) || READ_ONCE(slot->engine) != engine)
		return NULL;
	return engine;
}

/* Returns the next engine to call, in the order of the walk, or NULL. */
static __always_inline struct utrace_engine *
__utrace_next(struct utrace_report *report, bool newest, unsigned long *events)
{
	struct utrace_engine *engine = NULL;

	while (!engine && report->next != report->end)
		engine = utrace_look_at(report, newest ? --report->next :
					report->next++, events);
	return engine;
}

/* The same in a walk that begins with the oldest engine */
static __always_inline struct utrace_engine *
utrace_next(struct utrace_report *report)
{
	unsigned long events;

	return __utrace_next(report, false, &events);
}

/*
 * Returns whether @engine gets the event; calls report_quiesce() first.
 * @events, its mask, has the event or QUIESCE.
 */
static __always_inline bool utrace_start(struct utrace_report *report,
					 struct utrace_engine *engine,
					 unsigned long events)
{
	return likely(!(events & UTRACE_EVENT(QUIESCE))) ||
		utrace_start_quiesce(report, engine);
}

/* Returns the next engine that gets the event, in the order of the walk. */
static __always_inline struct utrace_engine *
__utrace_next_event(struct utrace_report *report, bool newest)
{
	struct utrace_engine *engine;
	unsigned long events;

	do {
		engine = __utrace_next(report, newest, &events);
	} while (engine && !utrace_start(report, engine, events));
	return engine;
}

/* The same in a walk that begins with the oldest engine */
static __always_inline struct utrace_engine *
utrace_next_event(struct utrace_report *report)
{
	return __utrace_next_event(report, false);
}

/* Act on the resume action in @answer, which a callback returned. */
static __always_inline void utrace_answer(struct utrace_report *report,
					  struct utrace_engine *engine,
					  u32 answer)
{
	trace_utrace_report(current, engine, report->event, answer);
	if (unlikely((answer & ~UTRACE_RESULT_MASK) != UTRACE_RESUME ||
		     (READ_ONCE(engine->state) & ENGINE_REQUEST)))
		utrace_act_on_answer(report, engine, answer);
}

static __always_inline bool utrace_has_votes(struct utrace_report *report)
{
	return unlikely(report->vote || READ_ONCE(report->utrace->votes));
}

/* Stop if an engine votes for it.  Returns true if a stop ended the walk. */
static __always_inline bool utrace_park(struct utrace_report *report)
{
	return utrace_has_votes(report) && __utrace_park(report);
}

/* Take a report due after the stop.  INTERRUPT still breaks a system call. */
static inline bool utrace_take_again(struct utrace *utrace)
{
	/* It is set before the task is woken under siglock. */
	return READ_ONCE(utrace->again) && __utrace_take_again(utrace);
}

/* End a walk after which the task does not continue: it stops or is dead. */
static inline void utrace_end_walk(struct utrace *utrace)
{
	utrace_move_on(utrace, 0);
	if (READ_ONCE(utrace->due) & UTRACE_GAPS_DUE)
		utrace_close_gaps_after_walk(utrace);
}

/* End the walk, unless a stop has ended it.  The task, current, continues. */
static __always_inline void utrace_end(struct utrace_report *report)
{
	struct utrace *utrace = report->utrace;

	if (unlikely(report->vote))
		utrace_cast_vote(report);
	if (likely(utrace_is_walking(utrace)))
		utrace_move_on(utrace, 0);
	if (unlikely(READ_ONCE(utrace->due)))
		utrace_do_due(utrace);
}

/* End the walk, in which no engine votes for a stop. */
static __always_inline void utrace_end_unstopped(struct utrace *utrace)
{
	utrace_move_on(utrace, 0);
	if (unlikely(READ_ONCE(utrace->due)))
		utrace_do_due(utrace);
}

/* Stop if an engine votes for it, then end the walk. */
static __always_inline void utrace_finish(struct utrace_report *report)
{
	if (utrace_has_votes(report)) {
		utrace_stop_here(report);
		utrace_end(report);
	} else {
		utrace_end_unstopped(report->utrace);
	}
}

/* Is @engine marked for the HANDLER round, and does its mask allow it? */
static inline bool utrace_in_handler_round(struct utrace_engine *engine)
{
	unsigned long flags = READ_ONCE(engine->flags);
	u32 state = READ_ONCE(engine->state);

	return (state & ENGINE_HANDLER) &&
		((flags & UTRACE_EVENT(SIGNAL)) ||
		 ((state & ENGINE_STEPPED) && (flags & UTRACE_EVENT(QUIESCE))));
}

static inline u32 utrace_request(enum utrace_resume_action action)
{
	switch (action) {
	case UTRACE_STOP:
		return ENGINE_STOP;
	case UTRACE_SINGLESTEP:
		return ENGINE_SINGLESTEP;
	case UTRACE_BLOCKSTEP:
		return ENGINE_BLOCKSTEP;
	default:
		return 0;
	}
}

/* Make @action the engine's request.  Returns whether step requests changed. */
static inline bool utrace_set_vote(struct utrace *utrace,
				   struct utrace_engine *engine,
				   enum utrace_resume_action action)
{
	u32 old = engine->state;
	u32 new = (old & ~ENGINE_REQUEST) | utrace_request(action);

	lockdep_assert_held(&utrace->lock);
	WRITE_ONCE(engine->state, new);
	WRITE_ONCE(utrace->votes, utrace->votes +
		   !!(new & ENGINE_STOP) - !!(old & ENGINE_STOP));
	if (!((old ^ new) & ENGINE_STEP))
		return false;
	utrace_change_step(utrace, new & ENGINE_STEP);
	return true;
}

/*
 * Is this the trap of a step?  A uprobe sends that of a step over its
 * instruction, as if the program signalled itself.  Called once for each
 * dequeued signal, before callbacks and tracers can change @info.
 */
static inline bool utrace_take_step_trap(const kernel_siginfo_t *info)
{
	bool probed;

	if (likely(info->si_signo != SIGTRAP))
		return false;
	/* If a handler of the uprobe moved the ip, this is the CPU's trap. */
	probed = __utrace_take_probed_step(info);
	return info->si_code == TRAP_TRACE || info->si_code == TRAP_BRKPT ||
		(info->si_code == SI_USER && probed);
}

/* Is a dequeued step trap one that no engine requests any more? */
static inline bool utrace_is_left_step(bool reported)
{
	return utrace_task_wants(current, UTRACE_TASK_STEP_LEFT) &&
		__utrace_is_left_step(reported);
}

#endif /* _KERNEL_UTRACE_WALK_H */
