// SPDX-License-Identifier: GPL-2.0-only
/* Rare cases of a walk over the engines.  The common path is in walk.h. */
#include <linux/printk.h>
#include <linux/sched/signal.h>

#include "walk.h"

/* Act on the marks in @last, the previous value of ->reporting. */
void utrace_moved_on(struct utrace *utrace, unsigned long last)
{
	unsigned long flags;

	if (last & UTRACE_MOVING) {
		spin_lock_irqsave(&utrace->lock, flags);
		spin_unlock_irqrestore(&utrace->lock, flags);
	}
	if (last & UTRACE_AWAITED) {
		/* utrace_barrier() does not wait for the next callback. */
		WRITE_ONCE(utrace->moves, utrace->moves + 1);
		/*
		 * The walk sees a mask or an empty slot that was written before
		 * utrace_barrier() read ->moves: pairs with smp_mb() there.
		 */
		smp_mb();
		wake_up_all(&utrace->barrier);
	}
	if (last & UTRACE_LEFT)
		utrace_engine_put((struct utrace_engine *)(last & ~UTRACE_MARKS));
}

/* What others left to current for the end of its walk; no locks held. */
void utrace_do_due(struct utrace *utrace)
{
	u32 due = READ_ONCE(utrace->due);

	if (due & UTRACE_GAPS_DUE)
		utrace_close_gaps_after_walk(utrace);
	if (due & UTRACE_STEP_DUE)
		utrace_arm_step(utrace);
}

/* Returns RESUME for an invalid action and one that would repeat forever. */
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

/* Called with utrace->lock held; @engine is attached. */
static void utrace_note_answer(struct utrace *utrace,
			       struct utrace_engine *engine,
			       enum utrace_resume_action resume)
{
	if (utrace->life != UTRACE_ALIVE)
		return;
	utrace_set_vote(utrace, engine, resume);
	/* sigreturn and execve overwrite the armed flags: set them again. */
	if (utrace_request(resume) & ENGINE_STEP)
		utrace_set_due(utrace, UTRACE_STEP_DUE);
	if (resume == UTRACE_REPORT)
		utrace_want_report(utrace);
	if (resume == UTRACE_INTERRUPT)
		utrace_want_interrupt(utrace);
}

/*
 * Count the STOP that the last callback returned; utrace->lock held.  The
 * caller changes ->reporting afterwards: no vote may follow utrace_barrier().
 */
void utrace_count_vote(struct utrace_report *report)
{
	struct utrace_engine *engine = report->engine;

	if (!report->vote)
		return;
	report->vote = false;
	if ((engine->state & ENGINE_ATTACHED) &&
	    report->utrace->life == UTRACE_ALIVE)
		utrace_set_vote(report->utrace, engine, UTRACE_STOP);
}

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
		/* utrace_report_reap() detaches engines of a reaped task. */
		else if (utrace->life != UTRACE_REAPED)
			/* The walk drops the reference when it moves on. */
			utrace_unlink_engine(utrace, engine);
	}
	spin_unlock_irq(&utrace->lock);
}

/*
 * Called if @answer is not RESUME, or if RESUME ends a request of @engine.
 * STOP is only recorded; utrace_count_vote() counts it with the lock held.
 */
void utrace_act_on_answer(struct utrace_report *report,
			  struct utrace_engine *engine, u32 answer)
{
	enum utrace_resume_action resume;
	u32 standing = READ_ONCE(engine->state) &
		(ENGINE_ATTACHED | ENGINE_REQUEST);

	if (likely((answer & ~UTRACE_RESULT_MASK) == UTRACE_STOP)) {
		report->action = UTRACE_STOP;
		report->vote = standing != (ENGINE_ATTACHED | ENGINE_STOP);
		return;
	}
	resume = utrace_effective_resume(report, engine, answer);
	if (resume < report->action)
		report->action = resume;
	if (resume != UTRACE_RESUME || standing != ENGINE_ATTACHED)
		utrace_apply_answer(report->utrace, engine, resume);
}

/* See utrace_start().  The vote counts before the next callback is called. */
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

/* Stop while an engine votes for it.  Report after each stop if requested. */
void utrace_stop_here(struct utrace_report *report)
{
	while (utrace_park(report)) {
		if (utrace_take_again(report->utrace))
			utrace_quiesce(report);
	}
}
