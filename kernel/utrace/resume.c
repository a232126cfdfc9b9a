// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports before user mode, and stepping.
 */
#include <linux/resume_user_mode.h>
#include <linux/sched/signal.h>

#include "walk.h"

/* I/O workers never return to user mode: they report in get_signal(). */
static bool utrace_reports_in_signal(struct task_struct *task)
{
	return task->flags & PF_IO_WORKER;
}

/* Have the task call report_quiesce(0); utrace->lock held. */
void utrace_want_report(struct utrace *utrace)
{
	struct task_struct *task = utrace->task;

	lockdep_assert_held(&utrace->lock);
	if (utrace->life != UTRACE_ALIVE)
		return;
	if (utrace_reports_in_signal(task)) {
		utrace_want_interrupt(utrace);
		return;
	}
	utrace->report = true;
	WRITE_ONCE(task->utrace_flags, task->utrace_flags | UTRACE_TASK_RESUME);
	set_notify_resume(task);
}

/* Have the task come to get_signal() for a REPORT round; utrace->lock held. */
void utrace_want_interrupt(struct utrace *utrace)
{
	lockdep_assert_held(&utrace->lock);
	if (utrace->life != UTRACE_ALIVE)
		return;
	utrace->interrupt = true;
	utrace_want_trap(utrace, 0);
}

/* Is a report due before user mode?  The caller makes it. */
bool utrace_take_report(struct utrace *utrace)
{
	bool due;

	spin_lock_irq(&utrace->lock);
	due = utrace->report || utrace->interrupt;
	utrace->report = false;
	if (utrace->task == current)
		WRITE_ONCE(current->utrace_flags,
			   current->utrace_flags & ~UTRACE_TASK_RESUME);
	spin_unlock_irq(&utrace->lock);
	return due;
}

/* See utrace_take_again(). */
bool __utrace_take_again(struct utrace *utrace)
{
	bool again;

	spin_lock_irq(&utrace->lock);
	again = utrace->again;
	utrace->again = false;
	if (again)
		utrace->report = false;
	spin_unlock_irq(&utrace->lock);
	return again;
}

/* Call report_quiesce() of the engines that asked for it, nothing else. */
void utrace_quiesce(struct utrace_report *report)
{
	struct utrace_engine *engine = NULL;
	u32 answer;

	report->action = UTRACE_RESUME;
	report->last = READ_ONCE(report->utrace->seq);
	while ((engine = utrace_next(report, engine))) {
		if (!(READ_ONCE(engine->flags) & UTRACE_EVENT(QUIESCE)))
			continue;
		answer = engine->ops->report_quiesce(report->action, engine,
						     report->event);
		utrace_answer(report, engine, answer);
	}
}

/* resume_user_mode_work(): about to return to user mode. */
void __utrace_hook_resume(struct pt_regs *regs)
{
	struct utrace *utrace = utrace_get(current);
	struct utrace_report report;

	if (!utrace)
		return;
	utrace_begin_on(&report, utrace, 0);
	if (utrace_take_report(utrace))
		utrace_quiesce(&report);
	utrace_finish(&report);
}

/* The smallest step any engine wishes; utrace->lock held. */
static u32 utrace_step_wish(struct utrace *utrace)
{
	struct utrace_engine *engine;
	u32 wish = 0;

	list_for_each_entry(engine, &utrace->engines, entry)
		wish |= engine->state & ENGINE_STEP;
	return wish & ENGINE_SINGLESTEP ? ENGINE_SINGLESTEP : wish;
}

/*
 * Make current step, or not, as its engines wish.  Only the task itself may
 * do that, as it is running; TF must not be touched while someone else does.
 */
void utrace_arm_step(struct utrace *utrace)
{
	u32 wish, flags;

	spin_lock_irq(&utrace->lock);
	utrace->step_dirty = false;
	if (utrace->task != current) {
		/* the last engine is gone: nothing was armed then */
		spin_unlock_irq(&utrace->lock);
		return;
	}
	wish = utrace_step_wish(utrace);
	flags = current->utrace_flags;
	WRITE_ONCE(current->utrace_flags,
		   wish ? flags | UTRACE_TASK_STEPPING :
			  flags & ~UTRACE_TASK_STEPPING);
	spin_unlock_irq(&utrace->lock);

	if (wish == ENGINE_SINGLESTEP)
		user_enable_single_step(current);
	else if (wish == ENGINE_BLOCKSTEP)
		user_enable_block_step(current);
	else if (flags & UTRACE_TASK_STEPPING)
		user_disable_single_step(current);
}
