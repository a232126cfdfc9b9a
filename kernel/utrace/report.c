// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk over the engines of the current task.
 *
 * It takes no lock: engines come and go under utrace->lock meanwhile.  What
 * is being called is published in utrace->reporting, for utrace_barrier().
 */
#include <linux/printk.h>
#include <linux/sched/signal.h>

#include "walk.h"

static __always_inline struct utrace_engine *
utrace_step_to(struct utrace *utrace, struct utrace_engine *from, bool older)
{
	struct list_head *next;

	if (older) {
		next = rcu_dereference(list_next_rcu(from ? &from->rentry :
						     &utrace->rengines));
		return next == &utrace->rengines ? NULL :
			list_entry(next, struct utrace_engine, rentry);
	}
	next = rcu_dereference(list_next_rcu(from ? &from->entry :
					     &utrace->engines));
	return next == &utrace->engines ? NULL :
		list_entry(next, struct utrace_engine, entry);
}

/*
 * The engine after @prev, counted.  If @prev is still attached its links are
 * good for as long as this RCU section lasts, even if it is detached right
 * now; if not, start over and skip what came before it.
 */
static __always_inline struct utrace_engine *
utrace_find_next(struct utrace_report *report, struct utrace_engine *prev,
		 bool older)
{
	struct utrace *utrace = report->utrace;
	struct utrace_engine *engine = prev;

	/* pairs with smp_store_release() in utrace_unlink_engine() */
	if (prev && !(smp_load_acquire(&prev->state) & ENGINE_ATTACHED))
		engine = NULL;
	while ((engine = utrace_step_to(utrace, engine, older))) {
		if (engine->seq > report->last)
			continue;
		/* it is not called, so nobody has to be told that it is */
		if (report->wanted &&
		    !(READ_ONCE(engine->flags) & report->wanted))
			continue;
		if (prev && (older ? engine->seq >= prev->seq :
				     engine->seq <= prev->seq))
			continue;
		if (kref_get_unless_zero(&engine->kref))
			break;
	}
	return engine;
}

/*
 * Is @prev the last one?  Even if it is detached by now its link tells: what
 * came behind it since is newer than the walk, and nothing comes before it.
 */
static bool utrace_is_last(struct utrace *utrace, struct utrace_engine *prev,
			   bool older)
{
	if (older)
		return READ_ONCE(prev->rentry.next) == &utrace->rengines;
	return READ_ONCE(prev->entry.next) == &utrace->engines;
}

static __always_inline struct utrace_engine *
utrace_first(struct utrace_report *report, bool older)
{
	struct utrace_engine *engine;

	rcu_read_lock();
	engine = utrace_find_next(report, NULL, older);
	rcu_read_unlock();
	if (engine)
		utrace_report_on(report->utrace, engine);
	return engine;
}

static __always_inline struct utrace_engine *
utrace_follow(struct utrace_report *report, struct utrace_engine *prev,
	      bool older)
{
	struct utrace_engine *engine = NULL;

	if (!utrace_is_last(report->utrace, prev, older)) {
		rcu_read_lock();
		engine = utrace_find_next(report, prev, older);
		rcu_read_unlock();
	}
	utrace_report_on(report->utrace, engine);
	utrace_engine_put(prev);
	return engine;
}

/* The first engine to ask, counted, oldest first; see utrace_next() */
struct utrace_engine *utrace_oldest(struct utrace_report *report)
{
	return utrace_first(report, false);
}

/* The one after @prev, whose count it drops. */
struct utrace_engine *utrace_after(struct utrace_report *report,
				   struct utrace_engine *prev)
{
	return utrace_follow(report, prev, false);
}

/* The same, newest first; see utrace_next_older() */
struct utrace_engine *utrace_newest(struct utrace_report *report)
{
	return utrace_first(report, true);
}

struct utrace_engine *utrace_before(struct utrace_report *report,
				    struct utrace_engine *prev)
{
	return utrace_follow(report, prev, true);
}

/* Start a walk at @engine, counted; the next calls are its. */
void utrace_begin_at(struct utrace_report *report, struct utrace *utrace,
		     unsigned long event, struct utrace_engine *engine)
{
	utrace_begin_on(report, utrace, event);
	utrace_report_on(utrace, engine);
}

/* See utrace_start(). */
bool utrace_start_quiesce(struct utrace_report *report,
			  struct utrace_engine *engine)
{
	utrace_answer(report, engine,
		      engine->ops->report_quiesce(report->action, engine,
						  report->event));
	return READ_ONCE(engine->flags) & report->event;
}

/* What @answer asks for, where some requests make no sense or no end. */
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
static void utrace_note_answer(struct utrace_report *report,
			       struct utrace_engine *engine,
			       enum utrace_resume_action resume)
{
	struct utrace *utrace = report->utrace;

	if (utrace->life != UTRACE_ALIVE)
		return;
	utrace_set_vote(utrace, engine, resume);
	/* sigreturn and execve write other flags over those that were armed */
	if (utrace_wish(resume) & ENGINE_STEP)
		utrace->step_dirty = true;
	if (resume == UTRACE_REPORT)
		utrace_want_report(utrace);
	if (resume == UTRACE_INTERRUPT)
		utrace_want_interrupt(utrace);
}

static void utrace_slow_answer(struct utrace_report *report,
			       struct utrace_engine *engine,
			       enum utrace_resume_action resume)
{
	struct utrace *utrace = report->utrace;
	bool detach = false;

	spin_lock_irq(&utrace->lock);
	if (engine->state & ENGINE_ATTACHED) {
		/* a dead task's engines leave when their reports are over */
		detach = resume == UTRACE_DETACH &&
			utrace->life != UTRACE_REAPED;
		if (detach)
			utrace_unlink_engine(utrace, engine);
		else
			utrace_note_answer(report, engine, resume);
	}
	spin_unlock_irq(&utrace->lock);
	if (detach)
		utrace_engine_put(engine);
}

/* Then there is nothing to write. */
static bool utrace_wishes_as_before(struct utrace_engine *engine,
				    enum utrace_resume_action resume)
{
	return resume == UTRACE_RESUME &&
		(READ_ONCE(engine->state) & (ENGINE_ATTACHED | ENGINE_WISH)) ==
		ENGINE_ATTACHED;
}

/* What a callback said: note its resume action. */
void utrace_answer(struct utrace_report *report, struct utrace_engine *engine,
		   u32 answer)
{
	enum utrace_resume_action resume;

	trace_utrace_report(current, engine, report->event, answer);
	resume = utrace_effective_resume(report, engine, answer);
	if (resume < report->action)
		report->action = resume;
	if (!utrace_wishes_as_before(engine, resume))
		utrace_slow_answer(report, engine, resume);
}

/* See utrace_end(). */
void utrace_end_slowly(struct utrace *utrace)
{
	if (utrace->step_dirty)
		utrace_arm_step(utrace);
	if (list_empty(&utrace->engines)) {
		spin_lock_irq(&utrace->lock);
		utrace_drop_if_idle(utrace);
		spin_unlock_irq(&utrace->lock);
	}
}

/*
 * The engines were asked and the task may stop here.  Those that let it go by
 * asking for a report are asked again on the spot.
 */
void utrace_stop_here(struct utrace_report *report)
{
	while (utrace_park(report)) {
		if (utrace_take_again(report->utrace))
			utrace_quiesce(report);
	}
}

/* The same, and the walk is over. */
void utrace_finish(struct utrace_report *report)
{
	utrace_stop_here(report);
	utrace_end(report);
}
