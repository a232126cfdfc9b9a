/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The straight way of a walk over the engines, inline: begin, the next engine,
 * its answer, the stop, the end.  What is rare is in report.c and stop.c.
 */
#ifndef _KERNEL_UTRACE_WALK_H
#define _KERNEL_UTRACE_WALK_H

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
	return true;
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
 * What the callback of the event itself said, with nothing left to do but to
 * ask the engines that follow and to park: a stop of the task's only engine is
 * entered right here, and the task must not sleep from then on.
 */
static inline void utrace_last_answer(struct utrace_report *report,
				      struct utrace_engine *engine, u32 answer)
{
	if ((answer & ~UTRACE_RESULT_MASK) != UTRACE_STOP ||
	    !utrace_stop_alone(report, engine, answer))
		utrace_answer(report, engine, answer);
}

/*
 * Stop here if an engine asks for it, and return true once let go.  No
 * callback is running then, so nobody waits for us in utrace_barrier().
 */
static inline bool utrace_park(struct utrace_report *report)
{
	return (report->parked || READ_ONCE(report->utrace->votes)) &&
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
	return true;
}

#endif /* _KERNEL_UTRACE_WALK_H */
