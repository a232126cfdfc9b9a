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

/* Does an engine vote whose stops others are told of?  utrace->lock held. */
static bool utrace_is_announced(struct utrace *utrace)
{
	struct utrace_engine *engine;

	list_for_each_entry(engine, &utrace->engines, entry)
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
 * utrace->lock held: these engines are asked again after the stop.  Returns
 * the first that is to be told of it, counted.
 */
static struct utrace_engine *utrace_mark_held(struct utrace *utrace)
{
	struct utrace_engine *engine, *told = NULL;

	list_for_each_entry(engine, &utrace->engines, entry) {
		u32 state = engine->state & ~ENGINE_HELD;

		if (state & ENGINE_STOP)
			state |= ENGINE_HELD;
		WRITE_ONCE(engine->state, state);
		if (!told && utrace_is_told(engine))
			told = engine;
	}
	if (told)
		utrace_engine_get(told);
	return told;
}

/*
 * A fatal signal overrides all votes: those from before it must not stop the
 * task again on its way out, only a fresh answer to report_exit may.
 */
void utrace_drop_votes(struct utrace *utrace)
{
	struct utrace_engine *engine;

	spin_lock_irq(&utrace->lock);
	list_for_each_entry(engine, &utrace->engines, entry)
		if (engine->state & ENGINE_STOP)
			WRITE_ONCE(engine->state, ENGINE_LOST |
				   (engine->state & ~ENGINE_STOP));
	utrace->votes = 0;
	spin_unlock_irq(&utrace->lock);
}

/* The task stops for @engine, among others; utrace->lock, siglock held. */
static __always_inline void utrace_report_stopping(struct utrace_engine *engine,
						   unsigned long event)
{
	if (engine->ops->report_stopping)
		engine->ops->report_stopping(engine, event);
}

static void utrace_report_stopping_all(struct utrace *utrace,
				       unsigned long event)
{
	struct utrace_engine *engine;

	list_for_each_entry(engine, &utrace->engines, entry)
		if (engine->state & ENGINE_STOP)
			utrace_report_stopping(engine, event);
}

/*
 * Enter a stop that was voted for, by @only if there is just one, unless it is
 * too late; utrace->lock held.
 * @told: is an engine to be told that others have to hear of it?
 */
static __always_inline bool utrace_enter_stop(struct utrace *utrace, bool told,
					      unsigned long event,
					      struct utrace_engine *only)
{
	bool stop;

	/* before the stop can be seen in __utrace_hook_late_kill() */
	WRITE_ONCE(utrace->told, told);
	spin_lock(&current_sighand()->siglock);
	stop = !utrace_too_late_to_stop(utrace);
	if (stop) {
		set_special_state(TASK_TRACED);
		current->jobctl |= JOBCTL_ENGINE_STOPPED;
		/* what was asked for in another stop, by rules of its own */
		WRITE_ONCE(utrace->again, false);
		if (only)
			utrace_report_stopping(only, event);
		else
			utrace_report_stopping_all(utrace, event);
	}
	spin_unlock(&current_sighand()->siglock);
	return stop;
}

/*
 * Sleep until the bit is clear, whatever else wakes us.  Returns whether a
 * fatal signal cleared it.  This is what wchan shows of a task that is held.
 */
static noinline bool utrace_sleep_in_stop(struct utrace *utrace)
{
	bool killed;

	for (;;) {
		schedule();
		if (!(READ_ONCE(current->jobctl) & JOBCTL_ENGINE_STOPPED))
			break;
		spin_lock_irq(&current_sighand()->siglock);
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
 * Tell the engines that hold the task, while it is in TASK_TRACED already and
 * may be woken any time.
 */
static void utrace_report_stopped(struct utrace *utrace, unsigned long event,
				  struct utrace_engine *engine)
{
	struct utrace_report report;

	utrace_begin_at(&report, utrace, event, engine);
	for (; engine; engine = utrace_next(&report, engine))
		if (utrace_is_told(engine))
			engine->ops->report_stopped(engine, event);
}

/* Enter the stop that engines voted for, and tell those who want to know. */
static bool utrace_stop_together(struct utrace_report *report)
{
	struct utrace *utrace = report->utrace;
	struct utrace_engine *told = NULL;
	bool stop;

	spin_lock_irq(&utrace->lock);
	stop = utrace->votes &&
		utrace_enter_stop(utrace, utrace_is_announced(utrace),
				  report->event, NULL);
	if (stop)
		told = utrace_mark_held(utrace);
	spin_unlock_irq(&utrace->lock);
	if (!stop)
		return false;
	trace_utrace_stop(current, report->event);
	if (told)
		utrace_report_stopped(utrace, report->event, told);
	return true;
}

/* In a stop that was entered and told: sleep until let go. */
static __always_inline void utrace_stay(struct utrace *utrace,
					unsigned long event)
{
	cgroup_enter_frozen();
	if (utrace_sleep_in_stop(utrace))
		utrace_drop_votes(utrace);
	trace_utrace_resume(current, event);
}

/* The same as utrace_stop_together() for an engine that has no others. */
static __always_inline bool utrace_enter_alone(struct utrace *utrace,
					       struct utrace_engine *engine,
					       unsigned long event, bool told)
{
	bool stop;

	utrace_set_vote(utrace, engine, UTRACE_STOP);
	stop = utrace_enter_stop(utrace, told, event, engine);
	if (stop)
		WRITE_ONCE(engine->state, engine->state | ENGINE_HELD);
	return stop;
}

/*
 * @engine, whose callback has just returned, answered with a stop: if it is the
 * only one, vote, stop, tell it and sleep, without a walk.  Returns false if it
 * is not, or it is too late to stop: a walk has to say so.
 */
bool utrace_stop_alone(struct utrace_engine *engine, unsigned long event,
		       u32 answer)
{
	bool told = engine->ops->report_stopped;
	struct utrace *utrace = engine->utrace;
	bool stop;

	/* who sees the task parked sees it in no callback that is over */
	if (!told)
		utrace_report_on(utrace, NULL);
	spin_lock_irq(&utrace->lock);
	if (!utrace_is_alone(utrace, engine) || utrace->life != UTRACE_ALIVE) {
		spin_unlock_irq(&utrace->lock);
		return false;
	}
	stop = utrace_enter_alone(utrace, engine, event, told);
	spin_unlock_irq(&utrace->lock);
	if (!stop)
		return false;
	trace_utrace_report(current, engine, event, answer);
	trace_utrace_stop(current, event);
	if (told)
		engine->ops->report_stopped(engine, event);
	utrace_report_on(utrace, NULL);
	utrace_stay(utrace, event);
	return true;
}

/*
 * What the only engine said to @event is not just to run on: hold the task if it
 * asks for that.  Returns whether this is all; if not @report is a walk over the
 * engines that is to be finished.
 */
bool utrace_act_alone(struct utrace_report *report,
		      struct utrace_engine *engine, unsigned long event,
		      u32 answer)
{
	if (answer != UTRACE_STOP ||
	    !utrace_stop_alone(engine, event, answer)) {
		utrace_walk_from(report, engine, event);
		utrace_answer(report, engine, answer);
		utrace_after(report, engine);
		return false;
	}
	if (likely(!engine->utrace->trap_again && utrace_go_alone(engine)))
		return true;
	utrace_walk_after_stop(report, engine, event);
	return false;
}

/* See utrace_park(). */
bool __utrace_park(struct utrace_report *report)
{
	if (report->stopped) {
		report->stopped = false;
		return true;
	}
	if (!utrace_stop_together(report))
		return false;
	utrace_stay(report->utrace, report->event);
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
	struct utrace *utrace;
	bool told;

	rcu_read_lock();
	utrace = rcu_dereference(task->utrace);
	told = utrace && READ_ONCE(utrace->told);
	rcu_read_unlock();
	return told;
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
		if (!rcu_access_pointer(t->utrace))
			continue;
		t->jobctl |= JOBCTL_ENGINE_KILLED;
		if (!utrace_somebody_is_told(t))
			utrace_end_stop(t);
	}
}
