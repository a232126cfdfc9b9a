// SPDX-License-Identifier: GPL-2.0-only
/*
 * JOBCTL_ENGINE_STOPPED marks a stop; siglock protects it.  Code that clears it
 * also wakes the task: utrace_wake() when no engine votes, signal_wake_up() for
 * a fatal signal, __utrace_hook_late_kill(), and for ptrace
 * ptrace_signal_wake_up() and ptrace_unfreeze_traced().
 */
#include <linux/cgroup.h>
#include <linux/sched/signal.h>

#include "walk.h"

/* Does a built-in engine vote?  It has report_stopped.  utrace->lock held. */
static bool utrace_is_announced(struct utrace *utrace)
{
	struct utrace_cursor at = utrace_all(utrace);

	while (utrace_each(&at))
		if ((at.engine->state & ENGINE_STOP) && at.engine->ops->builtin)
			return true;
	return false;
}

/*
 * A fatal signal prevents stops; utrace->lock and siglock held.  A SIGKILL sent
 * to a dying task does not prevent a stop with report_stopped.
 */
static bool utrace_too_late_to_stop(struct utrace *utrace)
{
	return __fatal_signal_pending(current) ||
		((current->jobctl & JOBCTL_ENGINE_KILLED) && !utrace->told);
}

static bool utrace_is_told(struct utrace_engine *engine)
{
	return (READ_ONCE(engine->state) & ENGINE_HELD) && engine->ops->builtin;
}

/* Mark voters; return whether one has report_stopped.  utrace->lock held. */
static bool utrace_mark_held(struct utrace *utrace)
{
	struct utrace_cursor at = utrace_all(utrace);
	bool told = false;

	while (utrace_each(&at)) {
		u32 state = at.engine->state & ~ENGINE_HELD;

		if (state & ENGINE_STOP)
			state |= ENGINE_HELD;
		WRITE_ONCE(at.engine->state, state);
		told |= utrace_is_told(at.engine);
	}
	return told;
}

/* A fatal signal drops all votes.  Only report_exit may then vote again. */
void utrace_drop_votes(struct utrace *utrace)
{
	struct utrace_cursor at;

	spin_lock_irq(&utrace->lock);
	at = utrace_all(utrace);
	while (utrace_each(&at))
		if (at.engine->state & ENGINE_STOP)
			WRITE_ONCE(at.engine->state, ENGINE_LOST |
				   (at.engine->state & ~ENGINE_STOP));
	WRITE_ONCE(utrace->votes, 0);
	spin_unlock_irq(&utrace->lock);
}

/* Called with utrace->lock and siglock held. */
static void utrace_report_stopping(struct utrace *utrace, unsigned long event)
{
	struct utrace_cursor at = utrace_all(utrace);

	while (utrace_each(&at))
		if ((at.engine->state & ENGINE_STOP) && at.engine->ops->builtin)
			at.engine->ops->builtin->report_stopping(at.engine, event);
}

/*
 * Prevent preemption by a wake-up between TASK_TRACED and schedule().  The
 * woken tracer or engine owner usually calls wait_task_inactive(), which sleeps
 * for a tick while the stopping task is on its run queue.  With PREEMPT_RT
 * spinlocks sleep, and cgroup_enter_frozen() and callbacks take some.
 */
static __always_inline void utrace_preempt_disable(void)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
}

/* schedule() follows. */
static __always_inline void utrace_preempt_enable(void)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable_no_resched();
}

/* @told: a voter has report_stopped.  utrace->lock held. */
static bool utrace_enter_stop(struct utrace *utrace, bool told,
			      unsigned long event)
{
	bool stop;

	/* Set before __utrace_hook_late_kill() can see the stop. */
	WRITE_ONCE(utrace->told, told);
	spin_lock(&current_sighand()->siglock);
	stop = !utrace_too_late_to_stop(utrace);
	if (stop) {
		/* utrace_sleep_in_stop() enables it. */
		utrace_preempt_disable();
		set_special_state(TASK_TRACED);
		current->jobctl |= JOBCTL_ENGINE_STOPPED;
		/* Requests of an earlier stop have no effect on this one. */
		WRITE_ONCE(utrace->again, false);
		utrace_report_stopping(utrace, event);
		/* PTRACE_ATTACH does not wait for the end of this stop. */
		if (unlikely(current->jobctl & JOBCTL_TRAPPING))
			task_clear_jobctl_trapping(current);
	}
	spin_unlock(&current_sighand()->siglock);
	return stop;
}

/*
 * Called with preemption disabled; enables it.  Sleeps until the bit is clear.
 * Returns whether a fatal signal cleared it.  wchan shows this function.
 */
static noinline bool utrace_sleep_in_stop(struct utrace *utrace)
{
	bool killed;

	for (;;) {
		utrace_preempt_enable();
		schedule();
		if (!(READ_ONCE(current->jobctl) & JOBCTL_ENGINE_STOPPED))
			break;
		spin_lock_irq(&current_sighand()->siglock);
		utrace_preempt_disable();
		if (current->jobctl & JOBCTL_ENGINE_STOPPED)
			set_special_state(TASK_TRACED);
		spin_unlock_irq(&current_sighand()->siglock);
	}
	/* Before recalc: tasks of a frozen cgroup count as signal-pending. */
	cgroup_leave_frozen(true);

	spin_lock_irq(&current_sighand()->siglock);
	/*
	 * Signals sent meanwhile did not choose this task.  This sets
	 * TIF_SIGPENDING if there are any, and never clears it.
	 */
	recalc_sigpending_and_wake(current);
	utrace->trap_again = (current->jobctl & JOBCTL_LISTENING) &&
		(current->jobctl & JOBCTL_TRAP_MASK);
	current->jobctl &= ~(JOBCTL_LISTENING | JOBCTL_ENGINE_FROZEN);
	killed = __fatal_signal_pending(current) ||
		(current->jobctl & JOBCTL_ENGINE_KILLED);
	spin_unlock_irq(&current_sighand()->siglock);
	return killed;
}

/* Called in TASK_TRACED; the task may be woken any time.  Ends the walk. */
static void utrace_report_stopped(struct utrace_report *report)
{
	struct utrace *utrace = report->utrace;
	unsigned long wanted = report->wanted;
	struct utrace_engine *engine;

	if (utrace_is_walking(utrace)) {
		report->wanted = UTRACE_SLOT_USED;
		utrace_walk_slots(report, READ_ONCE(utrace->slots),
				  utrace->bound, false);
	} else {
		utrace_start_walk(report, UTRACE_SLOT_USED, false);
	}
	while ((engine = utrace_next(report)))
		if (utrace_is_told(engine))
			engine->ops->builtin->report_stopped(engine,
							     report->event);
	utrace_end_walk(utrace);
	/* The event may be reported again. */
	report->wanted = wanted;
}

/*
 * Ends the walk before the task can be seen stopped: utrace_barrier() must not
 * wait for a stopped task.  With report_stopped() to call, ends it after that.
 */
static bool utrace_stop_together(struct utrace_report *report)
{
	struct utrace *utrace = report->utrace;
	unsigned long last = 0;
	bool stop = false, told = false;

	spin_lock_irq(&utrace->lock);
	utrace_count_vote(report);
	if (utrace->votes) {
		told = utrace_mark_held(utrace);
		if (!told) {
			last = xchg(&utrace->reporting, 0);
			if (unlikely(utrace->due & UTRACE_GAPS_DUE))
				utrace_close_gaps(utrace, 0);
		}
		stop = utrace_enter_stop(utrace, told, report->event);
	}
	spin_unlock_irq(&utrace->lock);
	if (unlikely(last & UTRACE_MARKS))
		utrace_moved_on(utrace, last);
	if (!stop)
		return false;
	trace_utrace_stop(current, report->event);
	if (told)
		utrace_report_stopped(report);
	return true;
}

/* See utrace_park().  Sleeps until the stop ends. */
bool __utrace_park(struct utrace_report *report)
{
	struct utrace *utrace = report->utrace;

	if (!utrace_stop_together(report))
		return false;
	cgroup_enter_frozen();
	utrace->waited = true;
	if (utrace_sleep_in_stop(utrace))
		utrace_drop_votes(utrace);
	else if (unlikely(utrace->trap_again))
		utrace_drop_trap_votes(utrace);
	trace_utrace_resume(current, report->event);
	return true;
}

/* End the stop of @task, unless it has ended; siglock held. */
static void utrace_end_stop(struct task_struct *task)
{
	if (!(task->jobctl & JOBCTL_ENGINE_STOPPED))
		return;
	/* A tracer that froze the stopped task no longer needs it. */
	task->jobctl &= ~(JOBCTL_ENGINE_STOPPED | JOBCTL_ENGINE_FROZEN);
	wake_up_state(task, __TASK_TRACED);
}

/* Called when a vote is withdrawn; utrace->lock held, interrupts off. */
void utrace_wake(struct utrace *utrace)
{
	struct task_struct *task = utrace->task;
	struct sighand_struct *sighand;

	lockdep_assert_held(&utrace->lock);
	if (!utrace_is_stopped(utrace))
		return;
	if (utrace->votes && (!utrace->told || utrace_is_announced(utrace)))
		return;
	/*
	 * A stop is entered with utrace->lock held.  A task whose stop ends now
	 * cannot die before the lock is dropped, but execve may change its
	 * sighand.  Then this locks an old sighand, which RCU preserves while
	 * interrupts are off, and finds the bit clear.
	 */
	sighand = rcu_dereference_protected(task->sighand, true);
	spin_lock(&sighand->siglock);
	/* PTRACE_DETACH may have disarmed the step of another engine. */
	if (task->utrace_flags & UTRACE_TASK_STEPPING)
		utrace_set_due(utrace, UTRACE_STEP_DUE);
	/* From now on a late SIGKILL, even an earlier one, ends the stop. */
	WRITE_ONCE(utrace->told, false);
	if (!utrace->votes || (task->jobctl & JOBCTL_ENGINE_KILLED))
		utrace_end_stop(task);
	spin_unlock(&sighand->siglock);
}

/*
 * Make the task call get_signal() with @jobctl set; utrace->lock held.  It
 * wakes from a job control stop at once, and stops again afterwards.  A dying
 * task is excluded: TIF_SIGPENDING would disturb its core dump.
 */
void utrace_want_trap(struct utrace *utrace, unsigned long jobctl)
{
	struct task_struct *task = utrace->task;
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return;
	if (__fatal_signal_pending(task) || (task->flags & PF_EXITING) ||
	    (task->signal->flags & SIGNAL_GROUP_EXIT))
		goto unlock;
	task->jobctl |= JOBCTL_ENGINE_TRAP | jobctl;
	if (task->jobctl & JOBCTL_STOPPED) {
		task->jobctl &= ~JOBCTL_STOPPED;
		signal_wake_up_state(task, __TASK_STOPPED);
	} else {
		signal_wake_up(task, 0);
	}
unlock:
	unlock_task_sighand(task, &flags);
}

/* Does the stop of @task have report_stopped?  siglock held. */
static bool utrace_somebody_is_told(struct task_struct *task)
{
	struct utrace *utrace = utrace_of(task);

	return utrace && READ_ONCE(utrace->told);
}

/* prepare_signal() drops this SIGKILL, but it ends stops, even later ones. */
void __utrace_hook_late_kill(struct task_struct *task)
{
	struct task_struct *t;

	lockdep_assert_held(&task->sighand->siglock);
	for_each_thread(task, t) {
		if (!utrace_of(t))
			continue;
		t->jobctl |= JOBCTL_ENGINE_KILLED;
		if (!utrace_somebody_is_told(t))
			utrace_end_stop(t);
	}
}
