// SPDX-License-Identifier: GPL-2.0-only
/* Report exit, death and reaping. */
#include <linux/sched/signal.h>

#include "walk.h"

/* For wait(2), replace the code that synchronize_group_exit() has recorded. */
static void utrace_set_group_code(long code)
{
	struct signal_struct *signal = current->signal;

	spin_lock_irq(&current_sighand()->siglock);
	if (thread_group_empty(current) && (signal->flags & SIGNAL_GROUP_EXIT))
		signal->group_exit_code = code;
	spin_unlock_irq(&current_sighand()->siglock);
}

/* Cancel a pending round: it must not interrupt sleeps on the exit path. */
static void utrace_forget_trap(void)
{
	if (!(READ_ONCE(current->jobctl) & JOBCTL_ENGINE_TRAP))
		return;
	spin_lock_irq(&current_sighand()->siglock);
	current->jobctl &= ~(JOBCTL_ENGINE_TRAP | JOBCTL_ENGINE_NOTIFY);
	recalc_sigpending();
	spin_unlock_irq(&current_sighand()->siglock);
}

static void utrace_report_exit(long *code)
{
	struct utrace_report report;
	struct utrace_engine *engine;
	long orig_code = *code;

	if (!utrace_begin(&report, UTRACE_EVENT(EXIT)))
		return;
	if (current->flags & PF_SIGNALED)
		utrace_drop_votes(report.utrace);
	while ((engine = utrace_next_event(&report)))
		utrace_answer(&report, engine,
			      engine->ops->report_exit(report.action, engine,
						       orig_code, code));
	utrace_finish(&report);
	if (*code != orig_code)
		utrace_set_group_code(*code);
}

/* do_exit(), before PF_EXITING is set; no locks held. */
void __utrace_hook_exit(long *code)
{
	/* Once for sleeps in the report, and once for sleeps after it. */
	utrace_forget_trap();
	utrace_report_exit(code);
	utrace_forget_trap();
}

/* exit_notify(): exit_state is set, tasklist_lock is held for writing. */
bool __utrace_hook_exit_notify(struct task_struct *task)
{
	struct utrace *utrace = utrace_of(task);
	bool report = false;

	spin_lock(&utrace->lock);
	if (utrace->life == UTRACE_ALIVE) {
		report = utrace_task_wants(task, UTRACE_EVENT_DEATH);
		utrace->life = report ? UTRACE_DYING : UTRACE_DEAD;
	}
	spin_unlock(&utrace->lock);
	/* If true, the caller has to call utrace_hook_death(). */
	return report;
}

static void utrace_report_death(struct utrace *utrace, bool group_dead,
				int signal)
{
	unsigned long event = UTRACE_EVENT(DEATH);
	struct utrace_engine *engine;
	struct utrace_report report;

	utrace_init_report(&report, utrace, event);
	utrace_start_walk(&report, event | UTRACE_EVENT(QUIESCE), false);
	while ((engine = utrace_next_event(&report)))
		utrace_answer(&report, engine,
			      engine->ops->report_death(engine, group_dead,
							signal));
	utrace_end_walk(utrace);
}

/* Detach the oldest engine of a task that no longer runs, if any. */
bool utrace_reap_engine(struct utrace *utrace)
{
	struct utrace_cursor at;

	spin_lock_irq(&utrace->lock);
	at = utrace_all(utrace);
	utrace_each(&at);
	if (at.engine)
		utrace_unlink_engine(utrace, at.engine);
	spin_unlock_irq(&utrace->lock);
	if (at.engine)
		utrace_engine_put(at.engine);
	return at.engine;
}

/* This is the last walk: no other one begins. */
static void utrace_report_reap(struct utrace *utrace, struct task_struct *task)
{
	unsigned long event = UTRACE_EVENT(REAP);
	struct utrace_engine *engine;
	struct utrace_report report;

	utrace_init_report(&report, utrace, event);
	utrace_start_walk(&report, event, false);
	while ((engine = utrace_next(&report)))
		if (READ_ONCE(engine->flags) & event)
			engine->ops->report_reap(engine, task);
	utrace_end_walk(utrace);
	while (utrace_reap_engine(utrace))
		;
}

/* End the death report.  Returns true if the task was reaped meanwhile. */
static bool utrace_finish_death(struct utrace *utrace)
{
	bool reap;

	spin_lock_irq(&utrace->lock);
	reap = utrace->reap_pending;
	utrace->life = reap ? UTRACE_REAPED : UTRACE_DEAD;
	spin_unlock_irq(&utrace->lock);
	return reap;
}

/* exit_notify(), no tasklist_lock.  @task may be reaped unless @autoreap. */
void utrace_hook_death(struct task_struct *task, bool group_dead,
		       bool autoreap)
{
	struct utrace *utrace = utrace_of(task);
	int signal;

	if (autoreap)
		signal = -1;
	else if (thread_group_leader(task) && !group_dead)
		signal = -2;
	else
		signal = task->exit_signal;
	utrace_report_death(utrace, group_dead, signal);
	if (utrace_finish_death(utrace))
		utrace_report_reap(utrace, task);
}

/* release_task(): no locks held; no other task reaps @task. */
void __utrace_hook_reap(struct task_struct *task)
{
	struct utrace *utrace = utrace_of(task);
	bool reap;

	spin_lock_irq(&utrace->lock);
	/* The reaper must not wait: a death report calls report_reap itself. */
	reap = utrace->life != UTRACE_DYING;
	if (reap)
		utrace->life = UTRACE_REAPED;
	else
		utrace->reap_pending = true;
	spin_unlock_irq(&utrace->lock);
	if (reap)
		utrace_report_reap(utrace, task);
}
