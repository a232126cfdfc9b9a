// SPDX-License-Identifier: GPL-2.0-only
/* Reports before the return to user mode. */
#include <linux/resume_user_mode.h>
#include <linux/sched/signal.h>

#include "walk.h"

/* I/O workers never return to user mode.  They report in get_signal(). */
static bool utrace_reports_in_signal(struct task_struct *task)
{
	return task->flags & PF_IO_WORKER;
}

/* Make the task call __utrace_hook_resume(); utrace->lock held. */
void utrace_want_resume(struct utrace *utrace)
{
	struct task_struct *task = utrace->task;

	WRITE_ONCE(task->utrace_flags, task->utrace_flags | UTRACE_TASK_RESUME);
	set_notify_resume(task);
}

/* Make the task call report_quiesce(0); utrace->lock held. */
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

/* Make the task run a REPORT round in get_signal(); utrace->lock held. */
void utrace_want_interrupt(struct utrace *utrace)
{
	lockdep_assert_held(&utrace->lock);
	if (utrace->life != UTRACE_ALIVE)
		return;
	utrace->interrupt = true;
	utrace_want_trap(utrace, 0);
}

/* Returns whether a report is due and clears it.  The caller reports. */
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

/* Call report_quiesce() of each engine with UTRACE_EVENT(QUIESCE). */
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
 * The task is about to enter a virtual machine, in a system call and perhaps
 * with locks held.  End the system call as if by a signal, and report then.
 * The loop that calls this tests for signals first.
 */
static void utrace_resume_later(struct utrace *utrace)
{
	spin_lock_irq(&utrace->lock);
	utrace_want_trap(utrace, 0);
	spin_unlock_irq(&utrace->lock);
	set_notify_resume(current);
}

/*
 * Called by resume_user_mode_work(), before VM entry with NULL @regs.  In a
 * uprobe's out-of-line step reports wait for __utrace_hook_uprobe_stepped().
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
