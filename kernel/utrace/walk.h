/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The straight way of a walk over the engines, inline: begin, the next engine,
 * its answer, the stop, the end.  What is rare is in report.c and stop.c.
 */
#ifndef _KERNEL_UTRACE_WALK_H
#define _KERNEL_UTRACE_WALK_H

#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <trace/events/utrace.h>

#include "internal.h"

/* Returns @task's utrace counted, or NULL if it has none. */
static inline struct utrace *utrace_get(struct task_struct *task)
{
	struct utrace *utrace;

	rcu_read_lock();
	utrace = rcu_dereference(task->utrace);
	if (utrace && !refcount_inc_not_zero(&utrace->count))
		utrace = NULL;
	rcu_read_unlock();
	return utrace;
}

/* Drop a count. */
static inline void utrace_put(struct utrace *utrace)
{
	if (refcount_dec_and_test(&utrace->count))
		utrace_free(utrace);
}

/* Start a walk over @utrace, counted by the caller. */
static inline void utrace_begin_on(struct utrace_report *report,
				   struct utrace *utrace, unsigned long event)
{
	*report = (struct utrace_report){
		.utrace = utrace,
		.event = event,
		.last = READ_ONCE(utrace->seq),
		.action = UTRACE_RESUME,
	};
}

/* Start to report @event to the engines of current, if any asked for it. */
static inline bool utrace_begin(struct utrace_report *report,
				unsigned long event)
{
	struct utrace *utrace;

	if (!utrace_task_wants(current, event))
		return false;
	utrace = utrace_get(current);
	if (!utrace)
		return false;
	utrace_begin_on(report, utrace, event);
	report->wanted = event | UTRACE_EVENT(QUIESCE);
	return true;
}

/* Publish whose callbacks come next. */
static inline void utrace_report_on(struct utrace *utrace,
				    struct utrace_engine *engine)
{
	/* release: after all that the callback before did */
	smp_store_release(&utrace->reporting, engine);
	/*
	 * Before the callback's reads of the engine's mask; pairs with
	 * utrace_engine_idle().  Also before the look at the wait queue;
	 * pairs with prepare_to_wait_event() in utrace_barrier().
	 */
	smp_mb();	/* as said above */
	/* the barrier above makes this sound */
	if (unlikely(waitqueue_active(&utrace->barrier)))
		wake_up_all(&utrace->barrier);
}

/* Is the task parked by its engines?  utrace->lock held. */
static inline bool utrace_is_stopped(struct utrace *utrace)
{
	return READ_ONCE(utrace->task->jobctl) & JOBCTL_ENGINE_STOPPED;
}

/* Is @engine attached, and no other?  Sure under utrace->lock, else a hint. */
static inline bool utrace_is_alone(struct utrace *utrace,
				   struct utrace_engine *engine)
{
	return READ_ONCE(utrace->engines.next) == &engine->entry &&
		READ_ONCE(engine->entry.next) == &utrace->engines;
}

/* The callbacks of the only engine are over; drops its count. */
static inline void utrace_leave_alone(struct utrace_engine *engine)
{
	utrace_report_on(engine->utrace, NULL);
	utrace_engine_put(engine);
}

/*
 * The only engine of current, counted, its callback for @event to be called
 * next; it keeps the utrace.  NULL if there are others, or it does not want
 * @event, or wants one of @besides: take a walk.
 */
static __always_inline struct utrace_engine *
utrace_begin_alone(unsigned long event, unsigned long besides)
{
	struct utrace_engine *engine = NULL;
	struct list_head *first;
	struct utrace *utrace;
	unsigned long flags;

	rcu_read_lock();
	utrace = rcu_dereference(current->utrace);
	if (utrace) {
		first = READ_ONCE(utrace->engines.next);
		if (first != &utrace->engines &&
		    READ_ONCE(first->next) == &utrace->engines)
			engine = list_entry(first, struct utrace_engine, entry);
	}
	if (engine && !kref_get_unless_zero(&engine->kref))
		engine = NULL;
	rcu_read_unlock();
	if (unlikely(!engine))
		return NULL;
	utrace_report_on(utrace, engine);
	flags = READ_ONCE(engine->flags);
	if (likely((flags & (event | besides)) == event))
		return engine;
	utrace_leave_alone(engine);
	return NULL;
}

/*
 * After that callback: let the task run on, if this is all that is asked for.
 * If not, utrace_walk_from() is to follow.
 */
static __always_inline bool utrace_end_alone(struct utrace_engine *engine,
					     unsigned long event, u32 answer)
{
	struct utrace *utrace = engine->utrace;

	if (unlikely(answer != UTRACE_RESUME || READ_ONCE(utrace->votes) ||
		     (READ_ONCE(engine->state) &
		      (ENGINE_ATTACHED | ENGINE_WISH)) != ENGINE_ATTACHED))
		return false;
	trace_utrace_report(current, engine, event, answer);
	utrace_leave_alone(engine);
	return true;
}

/*
 * utrace_stop_alone() let the task go: is that all?  If not,
 * utrace_walk_after_stop() is to follow.  Who detached @engine meanwhile has
 * taken the utrace off the task, unless a step is to be disarmed.
 */
static __always_inline bool utrace_go_alone(struct utrace_engine *engine)
{
	struct utrace *utrace = engine->utrace;

	if (unlikely(READ_ONCE(utrace->votes) || READ_ONCE(utrace->again) ||
		     utrace->step_dirty))
		return false;
	utrace_engine_put(engine);
	return true;
}

/* Make @report a walk that has come to @engine. */
static inline void utrace_walk_from(struct utrace_report *report,
				    struct utrace_engine *engine,
				    unsigned long event)
{
	refcount_inc(&engine->utrace->count);
	utrace_begin_on(report, engine->utrace, event);
	report->last = engine->seq;
}

/* Make @report a walk that is over and has stopped the task already. */
static inline void utrace_walk_after_stop(struct utrace_report *report,
					  struct utrace_engine *engine,
					  unsigned long event)
{
	utrace_walk_from(report, engine, event);
	report->action = UTRACE_STOP;
	report->stopped = true;
	utrace_engine_put(engine);
}

/* Next engine to ask, oldest first; drops the count of @prev. */
static inline struct utrace_engine *
utrace_next(struct utrace_report *report, struct utrace_engine *prev)
{
	return prev ? utrace_after(report, prev) : utrace_oldest(report);
}

/* The same, newest first. */
static inline struct utrace_engine *
utrace_next_older(struct utrace_report *report, struct utrace_engine *prev)
{
	return prev ? utrace_before(report, prev) : utrace_newest(report);
}

/* Was @engine marked for the HANDLER round, and wants it still? */
static inline bool utrace_in_handler_round(struct utrace_engine *engine)
{
	unsigned long flags = READ_ONCE(engine->flags);
	u32 state = READ_ONCE(engine->state);

	return (state & ENGINE_HANDLER) &&
		((flags & UTRACE_EVENT(SIGNAL)) ||
		 ((state & ENGINE_STEPPED) && (flags & UTRACE_EVENT(QUIESCE))));
}

/* Is @engine to get the event?  Calls its report_quiesce() first. */
static inline bool utrace_start(struct utrace_report *report,
				struct utrace_engine *engine)
{
	unsigned long flags = READ_ONCE(engine->flags);

	if (flags & UTRACE_EVENT(QUIESCE))
		return utrace_start_quiesce(report, engine);
	return flags & report->event;
}

/*
 * Stop here if an engine asks for it, and return true once let go.  No
 * callback is running then, so nobody waits for us in utrace_barrier().
 */
static inline bool utrace_park(struct utrace_report *report)
{
	return (report->stopped || READ_ONCE(report->utrace->votes)) &&
		__utrace_park(report);
}

/*
 * After a stop: was a report asked for while the task was parked?  It is made
 * on the spot.  INTERRUPT stays due besides, to break the system call.
 */
static inline bool utrace_take_again(struct utrace *utrace)
{
	/* who set it let the task go afterwards, under siglock */
	return READ_ONCE(utrace->again) && __utrace_take_again(utrace);
}

/* The walk is over and the task goes on. */
static inline void utrace_end(struct utrace_report *report)
{
	struct utrace *utrace = report->utrace;

	if (unlikely(utrace->step_dirty || list_empty(&utrace->engines)))
		utrace_end_slowly(utrace);
	utrace_put(utrace);
}

static inline u32 utrace_wish(enum utrace_resume_action action)
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

/*
 * Make @action the standing wish of @engine; utrace->lock held.  Returns
 * whether step wishes changed.
 */
static inline bool utrace_set_vote(struct utrace *utrace,
				   struct utrace_engine *engine,
				   enum utrace_resume_action action)
{
	u32 old = engine->state;
	u32 new = (old & ~ENGINE_WISH) | utrace_wish(action);

	lockdep_assert_held(&utrace->lock);
	WRITE_ONCE(engine->state, new);
	utrace->votes += !!(new & ENGINE_STOP) - !!(old & ENGINE_STOP);
	if (!((old ^ new) & ENGINE_STEP))
		return false;
	utrace->step_dirty = true;
	/* a trap that is on its way is this engine's now */
	if (unlikely(utrace->step_left) && (new & ENGINE_STEP))
		utrace_set_step_left(utrace, UTRACE_STEP_NOT_LEFT);
	return true;
}

#endif /* _KERNEL_UTRACE_WALK_H */
