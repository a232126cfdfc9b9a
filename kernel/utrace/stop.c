// SPDX-License-Identifier: GPL-2.0-only
/*
 * One function parks a task for its engines, one wakes it.
 *
 * The stop is JOBCTL_ENGINE_STOPPED, under siglock.  Whoever clears the bit
 * also wakes the task: utrace_wake() when no engine votes for a stop any
 * more, signal_wake_up() for a fatal signal, the late SIGKILL below, and for
 * ptrace ptrace_signal_wake_up() and ptrace_unfreeze_traced().
 */
#include <linux/cgroup.h>
#include <linux/sched/signal.h>

#include "walk.h"

/* Does an engine with report_stopped vote for the stop?  utrace->lock held. */
static bool utrace_is_announced(struct utrace *utrace)
{
	struct utrace_engine *engine;
	struct utrace_slot *slot = NULL;

	while ((engine = utrace_each(utrace, &slot)))
		if ((engine->state & ENGINE_STOP) && engine->ops->report_stopped)
			return true;
	return false;
}

/*
 * Nothing stops once a fatal signal is pending; utrace->lock, siglock held.
 * One that came when the task was dying already has no effect on those stops.
 */
static bool utrace_too_late_to_stop(struct utrace *utrace)
{
	return __fatal_signal_pending(current) ||
		((current->jobctl & JOBCTL_ENGINE_KILLED) && !utrace->told);
}

static bool utrace_is_told(struct utrace_engine *engine)
{
	return (READ_ONCE(engine->state) & ENGINE_HELD) &&
		engine->ops->report_stopped;
}

/*
 * Mark the engines that vote for this stop: they are called again after it.
 * Returns whether one of them has report_stopped.  utrace->lock held.
 */
static bool utrace_mark_held(struct utrace *utrace)
{
	struct utrace_engine *engine;
	struct utrace_slot *slot = NULL;
	bool told = false;

	while ((engine = utrace_each(utrace, &slot))) {
		u32 state = engine->state & ~ENGINE_HELD;

		if (state & ENGINE_STOP)
			state |= ENGINE_HELD;
		WRITE_ONCE(engine->state, state);
		told |= utrace_is_told(engine);
	}
	return told;
}

/*
 * A fatal signal overrides all votes: those from before it must not stop the
 * task again on its way out, only a fresh answer to report_exit may.
 */
void utrace_drop_votes(struct utrace *utrace)
{
	struct utrace_engine *engine;
	struct utrace_slot *slot = NULL;

	spin_lock_irq(&utrace->lock);
	while ((engine = utrace_each(utrace, &slot)))
		if (engine->state & ENGINE_STOP)
			WRITE_ONCE(engine->state, ENGINE_LOST |
				   (engine->state & ~ENGINE_STOP));
	WRITE_ONCE(utrace->votes, 0);
	spin_unlock_irq(&utrace->lock);
}

/* utrace->lock, siglock held. */
static void utrace_report_stopping(struct utrace *utrace, unsigned long event)
{
	struct utrace_engine *engine;
	struct utrace_slot *slot = NULL;

	while ((engine = utrace_each(utrace, &slot)))
		if ((engine->state & ENGINE_STOP) &&
		    engine->ops->report_stopping)
			engine->ops->report_stopping(engine, event);
}

/*
 * From TASK_TRACED to schedule() a wake-up must not preempt the task.  The task
 * that is woken, a tracer or the owner of an engine, usually calls
 * wait_task_inactive(), which sleeps for a tick if the stopping task is still
 * on its run queue.  With PREEMPT_RT spinlocks sleep, and cgroup_enter_frozen()
 * and callbacks take some.
 */
static __always_inline void utrace_preempt_disable(void)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
}

/* schedule() is to follow */
static __always_inline void utrace_preempt_enable(void)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable_no_resched();
}

/*
 * Enter a stop that was voted for, unless it is too late; utrace->lock held.
 * @told: does an engine have report_stopped?
 */
static bool utrace_enter_stop(struct utrace *utrace, bool told,
			      unsigned long event)
{
	bool stop;

	/* before the stop can be seen in __utrace_hook_late_kill() */
	WRITE_ONCE(utrace->told, told);
	spin_lock(&current_sighand()->siglock);
	stop = !utrace_too_late_to_stop(utrace);
	if (stop) {
		/* until utrace_sleep_in_stop() */
		utrace_preempt_disable();
		set_special_state(TASK_TRACED);
		current->jobctl |= JOBCTL_ENGINE_STOPPED;
		/* what was requested in another stop, by rules of its own */
		WRITE_ONCE(utrace->again, false);
		utrace_report_stopping(utrace, event);
	}
	spin_unlock(&current_sighand()->siglock);
	return stop;
}

/*
 * Sleep until the bit is clear, whatever else wakes the task.  Called with
 * preemption disabled, and enables it.  Returns whether a fatal signal cleared
 * the bit.  This is what wchan shows of a task that is held.
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
	/* before recalc: a task in a frozen cgroup counts as signal-pending */
	cgroup_leave_frozen(true);

	spin_lock_irq(&current_sighand()->siglock);
	/*
	 * Signals sent meanwhile did not choose us.  This sets
	 * TIF_SIGPENDING if there are any and never clears it.
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

/*
 * Call report_stopped() of the engines that hold the task, while it is in
 * TASK_TRACED already and may be woken any time.  It ends the walk.
 */
static void utrace_report_stopped(struct utrace_report *report)
{
	struct utrace *utrace = report->utrace;
	struct utrace_engine *engine;

	if (READ_ONCE(utrace->reporting)) {
		report->wanted = UTRACE_SLOT_USED;
		report->next = 0;
	} else {
		utrace_start_walk(report, UTRACE_SLOT_USED, false);
	}
	while ((engine = utrace_next(report)))
		if (utrace_is_told(engine))
			engine->ops->report_stopped(engine, report->event);
	utrace_end_walk(utrace);
}

/*
 * Enter the stop that engines voted for.  The walk is over before the task can be
 * seen stopped: utrace_barrier() must not wait for a stopped task.  Only where
 * there is a report_stopped() to call, it ends after that.
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
			if (unlikely(utrace->holes))
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

/* See utrace_park().  Sleeps until the task is let go. */
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

/* The task leaves its stop, unless that is over; siglock held. */
static void utrace_end_stop(struct task_struct *task)
{
	if (!(task->jobctl & JOBCTL_ENGINE_STOPPED))
		return;
	/* who had it frozen and let it go is done with it */
	task->jobctl &= ~(JOBCTL_ENGINE_STOPPED | JOBCTL_ENGINE_FROZEN);
	wake_up_state(task, __TASK_TRACED);
}

/* A vote went; utrace->lock held, interrupts off. */
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
	 * A stop is entered with utrace->lock held.  Who leaves this one now
	 * is not dead before we let go of the lock, but may change its sighand
	 * in an execve: then we lock what RCU keeps to be some sighand, with
	 * interrupts off, and find the bit clear.
	 */
	sighand = rcu_dereference_protected(task->sighand, true);
	spin_lock(&sighand->siglock);
	/* if others hold it still, a late SIGKILL ends that, an earlier one too */
	WRITE_ONCE(utrace->told, false);
	if (!utrace->votes || (task->jobctl & JOBCTL_ENGINE_KILLED))
		utrace_end_stop(task);
	spin_unlock(&sighand->siglock);
}

/*
 * Bring the task to get_signal(), with @jobctl set; utrace->lock held.  From
 * a job control stop it comes at once, and goes back there afterwards.  A
 * dying task does not go there any more, and must not keep TIF_SIGPENDING: it
 * may be dumping core.
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

/* Is somebody told of a stop of the task?  siglock held. */
static bool utrace_somebody_is_told(struct task_struct *task)
{
	struct utrace *utrace = utrace_of(task);

	return utrace && READ_ONCE(utrace->told);
}

/*
 * SIGKILL for a group that is already exiting: prepare_signal() drops it,
 * but it ends a stop that engines hold, now or soon, on the way out.
 */
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
