// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports before user mode.
 */
#include <linux/resume_user_mode.h>
#include <linux/sched/signal.h>

#include "walk.h"

/* I/O workers never return to user mode: they report in get_signal(). */
static bool utrace_reports_in_signal(struct task_struct *task)
{
	return task->flags & PF_IO_WORKER;
}

/* Have the task come to __utrace_hook_resume(); utrace->lock held. */
void utrace_want_resume(struct utrace *utrace)
{
	struct task_struct *task = utrace->task;

	WRITE_ONCE(task->utrace_flags, task->utrace_flags | UTRACE_TASK_RESUME);
	set_notify_resume(task);
}

/* Have the task call report_quiesce(0); utrace->lock held. */
void utrace_want_report(struct utrace *utrace)
{
	lockdep_assert_held(&utrace->lock);
	if (utrace->life != UTRACE_ALIVE)
		return;
	if (utrace_reports_in_signal(utrace->task)) {
		utrace_want_interrupt(utrace);
		return;
	}
	utrace->report = true;
	utrace_want_resume(utrace);
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

/* A walk that calls report_quiesce() of the engines that want it, no more. */
void utrace_quiesce(struct utrace_report *report)
{
	struct utrace_engine *engine;
	u32 answer;

	utrace_start_walk(report, UTRACE_EVENT(QUIESCE), false);
	while ((engine = utrace_next(report))) {
		if (!(READ_ONCE(engine->flags) & UTRACE_EVENT(QUIESCE)))
			continue;
		answer = engine->ops->report_quiesce(report->action, engine,
						     report->event);
		utrace_answer(report, engine, answer);
	}
}

/*
 * About to enter a virtual machine, in a system call and perhaps with locks
 * held: what is due comes after that call, which ends as if by a signal.  Who
 * loops here looks for signals first.
 */
static void utrace_resume_later(struct utrace *utrace)
{
	spin_lock_irq(&utrace->lock);
	utrace_want_trap(utrace, 0);
	spin_unlock_irq(&utrace->lock);
	set_notify_resume(current);
}

/*
 * resume_user_mode_work(): about to return to user mode; or, without @regs, to
 * enter a virtual machine.  A report that is due in the out-of-line step of a
 * uprobe stays due: see __utrace_hook_uprobe_stepped().
 */
void __utrace_hook_resume(struct pt_regs *regs)
{
	struct utrace *utrace = utrace_of(current);
	struct utrace_report report;
	bool due;

	if (utrace_in_uprobe_step())
		return;
	if (unlikely(!regs)) {
		utrace_resume_later(utrace);
		return;
	}
	utrace_init_report(&report, utrace, 0);
	due = utrace_take_report(utrace);
	if (utrace_task_wants(current, UTRACE_TASK_STEP_LEFT))
		utrace_forget_left_step(utrace);
	if (due)
		utrace_quiesce(&report);
	utrace_finish(&report);
}
