// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork, clone and vfork.  report_clone is called before the child first runs,
 * so that an engine can attach to it.  The parent stops after the child was
 * woken, so that the child does not wait for the parent's engines.
 */
#include <linux/errno.h>
#include <linux/resume_user_mode.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

#include "walk.h"

/* Tasks that wait to attach to a child wait here for report_clone to return. */
static DECLARE_WAIT_QUEUE_HEAD(utrace_clone_wait);

static bool utrace_starting(struct task_struct *task)
{
	return utrace_task_wants(task, UTRACE_TASK_STARTING);
}

/* Is current in report_clone() for @child?  It may attach to @child there. */
static bool utrace_cloning(struct task_struct *child)
{
	struct utrace *utrace = utrace_of(current);

	return utrace && utrace->cloning == child;
}

/* Let the parent's engines attach first.  Returns 0 or -ERESTARTNOINTR. */
int utrace_wait_started(struct task_struct *target, int flags)
{
	if (likely(!utrace_starting(target)) || utrace_cloning(target))
		return 0;
	if (flags & UTRACE_ATTACH_ATOMIC)
		return -ERESTARTNOINTR;
	if (wait_event_interruptible(utrace_clone_wait,
				     !utrace_starting(target)))
		return -ERESTARTNOINTR;
	return 0;
}

/* copy_process(): tasklist_lock and siglock held, @child not visible yet. */
void __utrace_hook_fork(struct task_struct *child)
{
	/* __utrace_hook_report_clone() always follows, and clears the flag. */
	if (utrace_task_wants(current, UTRACE_EVENT(CLONE)))
		child->utrace_flags |= UTRACE_TASK_STARTING;
}

static void utrace_clear_starting(struct task_struct *child)
{
	WRITE_ONCE(child->utrace_flags,
		   child->utrace_flags & ~UTRACE_TASK_STARTING);
}

/* No other task can attach yet: without a utrace the flags do not change. */
static void utrace_started(struct task_struct *child)
{
	struct utrace *utrace = utrace_of(child);

	if (utrace) {
		spin_lock_irq(&utrace->lock);
		utrace_clear_starting(child);
		spin_unlock_irq(&utrace->lock);
	} else {
		utrace_clear_starting(child);
	}
	wake_up_all(&utrace_clone_wait);
}

/*
 * Make @engine the newest of @child.  Called in report_clone for an engine that
 * was attached before: @child's engines then have the order of its parent's.
 */
void utrace_move_to_end(struct task_struct *child, struct utrace_engine *engine)
{
	struct utrace *utrace = utrace_of(child);

	spin_lock_irq(&utrace->lock);
	/* The child has not run, so there is no walk.  Lookups lock. */
	if (engine->state & ENGINE_ATTACHED)
		utrace_rotate_slots(utrace, engine);
	spin_unlock_irq(&utrace->lock);
}

static void utrace_call_clone(struct utrace_report *report,
			      unsigned long clone_flags,
			      struct task_struct *child)
{
	struct utrace_engine *engine;

	while ((engine = utrace_next_event(report)))
		utrace_answer(report, engine,
			      engine->ops->report_clone(report->action, engine,
							clone_flags, child));
}

/* Stop after the child was woken, even if no engine wants events by then. */
static void utrace_stop_later(struct utrace *utrace)
{
	if (likely(!READ_ONCE(utrace->votes)))
		return;
	spin_lock_irq(&utrace->lock);
	utrace_want_resume(utrace);
	spin_unlock_irq(&utrace->lock);
}

/* kernel_clone(): @child is visible but not woken yet; no locks held. */
void __utrace_hook_report_clone(unsigned long clone_flags,
				struct task_struct *child)
{
	struct utrace_report report;

	if (utrace_begin(&report, UTRACE_EVENT(CLONE))) {
		report.utrace->cloning = child;
		utrace_call_clone(&report, clone_flags, child);
		report.utrace->cloning = NULL;
		utrace_end(&report);
		utrace_stop_later(report.utrace);
	}
	if (utrace_starting(child))
		utrace_started(child);
}

/* kernel_clone(): the child was woken; the wait for a vfork child follows. */
void __utrace_hook_finish_clone(void)
{
	struct utrace_report report;

	utrace_init_report(&report, utrace_of(current), UTRACE_EVENT(CLONE));
	utrace_finish(&report);
}

/* kernel_clone(): the vfork child has released the memory. */
void __utrace_hook_vfork_done(struct pid *pid)
{
	struct utrace_engine *engine;
	struct utrace_report report;

	if (!utrace_begin(&report, UTRACE_EVENT(VFORK_DONE)))
		return;
	while ((engine = utrace_next_event(&report)))
		utrace_answer(&report, engine,
			      engine->ops->report_vfork_done(report.action,
							     engine, pid));
	utrace_finish(&report);
}
