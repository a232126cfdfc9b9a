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
 * The trap of a step whose engine is gone, which is current's own signal, has
 * come by now, unless another signal took it to a handler before.  A blocked
 * SIGTRAP is none: a trap unblocks it.
 */
static void utrace_forget_left_step(struct utrace *utrace)
{
	spin_lock_irq(&utrace->lock);
	spin_lock(&current_sighand()->siglock);
	if (utrace->step_left &&
	    (!sigismember(&current->pending.signal, SIGTRAP) ||
	     sigismember(&current->blocked, SIGTRAP)))
		utrace_set_step_left(utrace, UTRACE_STEP_NOT_LEFT);
	spin_unlock(&current_sighand()->siglock);
	spin_unlock_irq(&utrace->lock);
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
 * enter a virtual machine.
 */
void __utrace_hook_resume(struct pt_regs *regs)
{
	struct utrace *utrace = utrace_of(current);
	struct utrace_report report;

	if (unlikely(!regs)) {
		utrace_resume_later(utrace);
		return;
	}
	if (utrace_task_wants(current, UTRACE_TASK_STEP_LEFT))
		utrace_forget_left_step(utrace);
	utrace_init_report(&report, utrace, 0);
	if (utrace_take_report(utrace))
		utrace_quiesce(&report);
	utrace_finish(&report);
}

/* The smallest step any engine wishes; utrace->lock held. */
static u32 utrace_step_wish(struct utrace *utrace)
{
	struct utrace_engine *engine;
	struct utrace_slot *slot;
	u32 wish = 0;

	for_each_engine(engine, slot, utrace)
		wish |= engine->state & ENGINE_STEP;
	return wish & ENGINE_SINGLESTEP ? ENGINE_SINGLESTEP : wish;
}

/*
 * Has the kernel armed @task's trap flag, and not the program itself?  Then the
 * trap is nobody's when the wish is gone.
 */
static bool utrace_trap_is_ours(struct task_struct *task)
{
#ifdef TIF_FORCED_TF
	return test_tsk_thread_flag(task, TIF_FORCED_TF);
#else
	return task->utrace_flags & UTRACE_TASK_STEPPING;
#endif
}

/* @utrace is the task's, and its lock held. */
void utrace_set_step_left(struct utrace *utrace, enum utrace_step_left left)
{
	u32 flags = utrace->task->utrace_flags & ~UTRACE_TASK_STEP_LEFT;

	WRITE_ONCE(utrace->step_left, left);
	WRITE_ONCE(utrace->task->utrace_flags,
		   left ? flags | UTRACE_TASK_STEP_LEFT : flags);
}

/*
 * An engine that wished a step is off the lists; utrace->lock held.  If it was
 * the only one, the task may trap all the same before it disarms the step.
 */
void utrace_leave_step(struct utrace *utrace)
{
	if (utrace->life != UTRACE_ALIVE)
		return;
	WRITE_ONCE(utrace->step_dirty, true);
	if (!utrace_step_wish(utrace) && utrace_trap_is_ours(utrace->task))
		utrace_set_step_left(utrace, utrace->task == current ?
				     UTRACE_STEP_LEFT : UTRACE_STEP_TAKEN);
	utrace_want_report(utrace);
}

/*
 * get_signal() dequeued this: is it the trap of such a step?  It would kill.
 * Once it was @reported, an engine that went in that callback has had its say.
 * siglock held, so not utrace->lock.
 */
bool __utrace_is_left_step(const kernel_siginfo_t *info, bool reported)
{
	enum utrace_step_left left;

	if (info->si_signo != SIGTRAP ||
	    (info->si_code != TRAP_TRACE && info->si_code != TRAP_BRKPT))
		return false;
	left = READ_ONCE(utrace_of(current)->step_left);
	return reported ? left == UTRACE_STEP_TAKEN : left;
}

/*
 * Make current step, or not, as its engines wish.  Only the task itself may
 * do that, as it is running; TF must not be touched while someone else does.
 */
void utrace_arm_step(struct utrace *utrace)
{
	u32 wish, flags;

	spin_lock_irq(&utrace->lock);
	WRITE_ONCE(utrace->step_dirty, false);
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
