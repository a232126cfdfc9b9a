// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is rare in a walk over the engines: answers that are more than RESUME,
 * and what others left for the walk to do.  The straight path is in walk.h.
 */
#include <linux/printk.h>
#include <linux/sched/signal.h>

#include "walk.h"

/* The walk moved on from @last, which others had marked. */
void utrace_moved_on(struct utrace *utrace, unsigned long last)
{
	if (last & UTRACE_AWAITED)
		wake_up_all(&utrace->barrier);
	if (last & UTRACE_LEFT)
		utrace_engine_put((struct utrace_engine *)(last & ~UTRACE_MARKS));
}

/* What @answer requests, where some requests make no sense or have no end. */
static enum utrace_resume_action
utrace_effective_resume(struct utrace_report *report,
			struct utrace_engine *engine, u32 answer)
{
	enum utrace_resume_action resume = utrace_resume_action(answer);

	if (unlikely(resume >= UTRACE_RESUME_MAX ||
		     (answer & ~(UTRACE_RESUME_MASK | UTRACE_RESULT_MASK)))) {
		pr_warn_once("utrace: engine %s (%ps) answered %#x to event %#lx\n",
			     engine->ops->name ?: "?", engine->ops, answer,
			     report->event);
		return UTRACE_RESUME;
	}
	if (resume == UTRACE_REPORT && (report->in_signal || !report->event))
		return UTRACE_RESUME;
	if (resume == UTRACE_INTERRUPT && report->in_signal)
		return UTRACE_RESUME;
	return resume;
}

/* utrace->lock held, @engine attached */
static void utrace_note_answer(struct utrace *utrace,
			       struct utrace_engine *engine,
			       enum utrace_resume_action resume)
{
	if (utrace->life != UTRACE_ALIVE)
		return;
	utrace_set_vote(utrace, engine, resume);
	/* sigreturn and execve overwrite the flags that were armed */
	if (utrace_request(resume) & ENGINE_STEP)
		WRITE_ONCE(utrace->step_dirty, true);
	if (resume == UTRACE_REPORT)
		utrace_want_report(utrace);
	if (resume == UTRACE_INTERRUPT)
		utrace_want_interrupt(utrace);
}

/*
 * Count the STOP that the engine called last returned; utrace->lock held.  This
 * comes before ->reporting leaves the engine: after utrace_barrier() no vote of
 * an earlier callback follows.
 */
void utrace_count_vote(struct utrace_report *report)
{
	struct utrace_engine *engine = report->engine;

	if (!report->vote)
		return;
	report->vote = false;
	if (engine->state & ENGINE_ATTACHED)
		utrace_note_answer(report->utrace, engine, UTRACE_STOP);
}

/* The same without the lock. */
void utrace_cast_vote(struct utrace_report *report)
{
	spin_lock_irq(&report->utrace->lock);
	utrace_count_vote(report);
	spin_unlock_irq(&report->utrace->lock);
}

static void utrace_apply_answer(struct utrace *utrace,
				struct utrace_engine *engine,
				enum utrace_resume_action resume)
{
	spin_lock_irq(&utrace->lock);
	if (engine->state & ENGINE_ATTACHED) {
		if (resume != UTRACE_DETACH)
			utrace_note_answer(utrace, engine, resume);
		/* a dead task's engines leave when their reports are over */
		else if (utrace->life != UTRACE_REAPED)
			/* the walk drops the reference when it moves on */
			utrace_unlink_engine(utrace, engine);
	}
	spin_unlock_irq(&utrace->lock);
}

/*
 * A callback returned @answer, which is more than RESUME, or there is an earlier
 * request of @engine that RESUME ends.  A STOP is noted, and becomes a vote with
 * the lock that is taken for the stop.
 */
void utrace_act_on_answer(struct utrace_report *report,
			  struct utrace_engine *engine, u32 answer)
{
	enum utrace_resume_action resume;
	u32 standing = READ_ONCE(engine->state) &
		(ENGINE_ATTACHED | ENGINE_REQUEST);

	resume = utrace_effective_resume(report, engine, answer);
	if (resume < report->action)
		report->action = resume;
	if (resume == UTRACE_STOP)
		report->vote = standing != (ENGINE_ATTACHED | ENGINE_STOP);
	else if (resume != UTRACE_RESUME || standing != ENGINE_ATTACHED)
		utrace_apply_answer(report->utrace, engine, resume);
}

/* See utrace_start().  This answer counts before the next callback is called. */
bool utrace_start_quiesce(struct utrace_report *report,
			  struct utrace_engine *engine)
{
	utrace_answer(report, engine,
		      engine->ops->report_quiesce(report->action, engine,
						  report->event));
	if (report->vote)
		utrace_cast_vote(report);
	return READ_ONCE(engine->flags) & report->event;
}

/*
 * The engines were called and the task may stop here.  Those that let it go by
 * a request for a report are called again on the spot.
 */
void utrace_stop_here(struct utrace_report *report)
{
	while (utrace_park(report)) {
		if (utrace_take_again(report->utrace))
			utrace_quiesce(report);
	}
}
