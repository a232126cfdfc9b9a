// SPDX-License-Identifier: GPL-2.0-only
/* Job control: report_jctl is called before the task takes part in a stop. */
#include <linux/sched/signal.h>

#include "walk.h"

static void utrace_report_jctl(int type, int notify)
{
	struct utrace_report report;
	struct utrace_engine *engine;

	if (!utrace_begin(&report, UTRACE_EVENT(JCTL)))
		return;
	spin_lock_irq(&report.utrace->lock);
	WRITE_ONCE(report.utrace->jctl_stopped, type == CLD_STOPPED &&
		   utrace_task_wants(current, UTRACE_TASK_JCTL));
	spin_unlock_irq(&report.utrace->lock);
	while ((engine = utrace_next_event(&report)))
		utrace_answer(&report, engine,
			      engine->ops->report_jctl(report.action, engine,
						       type, notify));
	utrace_finish(&report);
}

/* The parent is notified after the last thread's report.  siglock held. */
static int utrace_stop_notify(void)
{
	struct task_struct *t = current;

	if (!(current->jobctl & JOBCTL_STOP_CONSUME) ||
	    (current->signal->flags & SIGNAL_STOP_STOPPED))
		return 0;
	while_each_thread(current, t) {
		if ((t->jobctl & JOBCTL_STOP_CONSUME) &&
		    !(t->jobctl & JOBCTL_ENGINE_JCTL))
			return 0;
	}
	return CLD_STOPPED;
}

/* get_signal(), JOBCTL_STOP_PENDING set; siglock is dropped for the report. */
bool __utrace_hook_jctl_stop(void)
{
	int notify;

	/* This stop was reported.  Cleared with JOBCTL_STOP_PENDING. */
	if (current->jobctl & JOBCTL_ENGINE_JCTL)
		return false;
	current->jobctl |= JOBCTL_ENGINE_JCTL;
	notify = utrace_stop_notify();
	spin_unlock_irq(&current_sighand()->siglock);
	utrace_report_jctl(CLD_STOPPED, notify);
	/* get_signal() checks again whether the stop is pending. */
	return true;
}

/*
 * do_signal_stop(), siglock held: set up a group stop, then look for votes.
 * utrace_control_stop() votes, then looks for a group stop under siglock.
 * At least one of the two sees the other, so that no engine waits in vain.
 */
void __utrace_hook_stop_first(void)
{
	if (READ_ONCE(utrace_of(current)->votes))
		current->jobctl |= JOBCTL_ENGINE_TRAP;
}

/* This thread notifies the parent that the group continues; no locks held. */
void __utrace_hook_jctl_cont(int notify)
{
	utrace_report_jctl(CLD_CONTINUED, notify);
}

/* get_signal(), siglock held.  Returns true, siglock dropped, after a stop. */
bool __utrace_hook_jctl_continued(void)
{
	struct signal_struct *signal = current->signal;

	if ((signal->flags & (SIGNAL_STOP_STOPPED | SIGNAL_GROUP_EXIT)) ||
	    signal->group_stop_count || __fatal_signal_pending(current))
		return false;
	if (!READ_ONCE(utrace_of(current)->jctl_stopped))
		return false;
	spin_unlock_irq(&current_sighand()->siglock);
	utrace_report_jctl(CLD_CONTINUED, 0);
	return true;
}

/* The signal of the group stop that is in effect, or 0; siglock held. */
static int utrace_group_stop_signal(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;

	if (!signal->group_stop_count && !(signal->flags & SIGNAL_STOP_STOPPED))
		return 0;
	return (task->jobctl & JOBCTL_STOP_SIGMASK) ?: SIGSTOP;
}

static void utrace_call_trap(struct utrace_report *report)
{
	struct utrace_engine *engine;

	/* utrace_set_events() refuses TRAP without ->builtin. */
	while ((engine = utrace_next_event(report)))
		utrace_answer(report, engine,
			      engine->ops->builtin->report_trap(report->action,
								engine));
}

/*
 * A trap ended a stop while JOBCTL_LISTENING was set.  Drop the votes of TRAP
 * engines: get_signal() notifies the parent of SIGCONT and calls report_trap.
 * The event may be any: PTRACE_LISTEN checks a siginfo that a tracer can write.
 */
void utrace_drop_trap_votes(struct utrace *utrace)
{
	struct utrace_cursor at;

	spin_lock_irq(&utrace->lock);
	at = utrace_all(utrace);
	while (utrace_each(&at))
		if (at.engine->flags & UTRACE_EVENT(TRAP))
			utrace_set_vote(utrace, at.engine, UTRACE_RESUME);
	spin_unlock_irq(&utrace->lock);
}

/* Clear the trap bits under siglock, unless an engine set TRAP just now. */
static void utrace_drop_traps(void)
{
	spin_lock_irq(&current_sighand()->siglock);
	if (!utrace_task_wants(current, UTRACE_TASK_TRAP))
		task_clear_jobctl_pending(current, JOBCTL_TRAP_MASK);
	spin_unlock_irq(&current_sighand()->siglock);
}

static void utrace_finish_trap(struct utrace_report *report)
{
	while (utrace_park(report)) {
		/* Others hold the task when get_signal() calls this again. */
		if (report->utrace->trap_again)
			break;
		if (utrace_take_again(report->utrace))
			utrace_quiesce(report);
	}
	utrace_end(report);
}

/* Trap bits were set under siglock, where no callback can be called. */
void utrace_report_trap(void)
{
	struct utrace_report report;

	if (!utrace_begin(&report, UTRACE_EVENT(TRAP))) {
		utrace_drop_traps();
		return;
	}
	utrace_call_trap(&report);
	utrace_finish_trap(&report);
}

/* The task takes part in a group stop without stopping, or the stop is over. */
void utrace_report_group_stop(struct utrace *utrace)
{
	struct utrace_report report;
	struct utrace_engine *engine;
	int sig;

	spin_lock_irq(&current_sighand()->siglock);
	sig = utrace_group_stop_signal(current);
	spin_unlock_irq(&current_sighand()->siglock);
	if (!utrace_begin(&report, UTRACE_EVENT(GROUP_STOP)))
		return;
	while ((engine = utrace_next_event(&report)))
		utrace_answer(&report, engine,
			      engine->ops->report_group_stop(report.action,
							     engine, sig));
	utrace_finish(&report);
}

/* do_signal_stop(), siglock held. */
bool __utrace_hook_group_stop(void)
{
	current->jobctl |= JOBCTL_ENGINE_TRAP | JOBCTL_ENGINE_NOTIFY;
	return true;
}

/* prepare_signal(SIGCONT), siglock held, perhaps in an interrupt. */
void __utrace_hook_group_cont(struct task_struct *task)
{
	lockdep_assert_held(&task->sighand->siglock);
	if (!utrace_group_stop_signal(task) || __fatal_signal_pending(task) ||
	    (task->flags & PF_EXITING))
		return;
	/* No callback can be called here, so the woken task reports. */
	task->jobctl |= JOBCTL_ENGINE_TRAP | JOBCTL_ENGINE_NOTIFY;
	signal_wake_up(task, 0);
}

/* No engine wants GROUP_STOP now: join a stop in effect.  utrace->lock held. */
void utrace_restore_group_stop(struct task_struct *task)
{
	unsigned long flags;
	int sig;

	if (!lock_task_sighand(task, &flags))
		return;
	sig = utrace_group_stop_signal(task);
	if (sig && !task_is_stopped(task) && !utrace_traps_group_stop(task) &&
	    task_set_jobctl_pending(task, JOBCTL_STOP_PENDING | sig))
		signal_wake_up(task, 0);
	unlock_task_sighand(task, &flags);
}

/*
 * End of a trap, siglock held: reenter a job control stop left for engines.
 * @traced: a tracer was attached when the trap began.  One that attached since
 * then may not have seen the stop: trap for it.
 */
void utrace_reenter_jctl_stop(bool traced)
{
	int sig = utrace_group_stop_signal(current);

	if (!sig || (current->jobctl & JOBCTL_STOP_PENDING))
		return;
	if (utrace_traps_group_stop(current)) {
		if (!traced)
			task_set_jobctl_pending(current, JOBCTL_TRAP_STOP);
		return;
	}
	/* The stop was reported before. */
	if (!utrace_task_wants(current, UTRACE_TASK_GROUP_STOP) &&
	    task_set_jobctl_pending(current, JOBCTL_STOP_PENDING | sig))
		current->jobctl |= JOBCTL_ENGINE_JCTL;
}

/* Is the task in a job control stop, or about to be?  utrace->lock held. */
bool utrace_in_group_stop(struct task_struct *task)
{
	unsigned long flags;
	bool ret;

	if (!lock_task_sighand(task, &flags))
		return false;
	/* A task about to stop does not pass the check before user mode. */
	ret = (task->jobctl & (JOBCTL_STOPPED | JOBCTL_STOP_PENDING)) ||
		utrace_group_stop_signal(task);
	unlock_task_sighand(task, &flags);
	return ret;
}
