// SPDX-License-Identifier: GPL-2.0-only
/* Access to the registers of a stopped task. */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "walk.h"

/* Does @engine hold @target stopped?  Takes a reference to @target if so. */
static int utrace_check_held(struct task_struct *target,
			     struct utrace_engine *engine)
{
	unsigned long irqflags;
	struct utrace *utrace;
	int ret = 0;

	if (IS_ERR_OR_NULL(engine))
		return -EINVAL;
	utrace = engine->utrace;
	spin_lock_irqsave(&utrace->lock, irqflags);
	if (!utrace_engine_on(engine, target) || utrace->life != UTRACE_ALIVE)
		ret = -ESRCH;
	else if (!(engine->state & ENGINE_STOP))
		ret = engine->state & ENGINE_LOST ? -EAGAIN : -EINVAL;
	else if (!utrace_is_stopped(utrace))
		ret = -EAGAIN;
	else
		get_task_struct(target);
	spin_unlock_irqrestore(&utrace->lock, irqflags);
	return ret;
}

/* Wait until @target is off its CPU; sets *@ncsw to its switch count. */
static int utrace_off_cpu(struct task_struct *target,
			  struct utrace_engine *engine, unsigned long *ncsw)
{
	int ret = utrace_check_held(target, engine);

	if (ret)
		return ret;
	/* 0: it woke.  During a suspend it may be in TASK_FROZEN. */
	*ncsw = wait_task_inactive(target, __TASK_TRACED | __TASK_STOPPED |
					   TASK_FROZEN);
	put_task_struct(target);
	return *ncsw ? 0 : -EAGAIN;
}

/**
 * utrace_prepare_examine - begin to examine a task that this engine holds
 * @target: the task @engine is attached to; only compared at first
 * @engine: the engine, which has requested %UTRACE_STOP
 * @exam: to be passed to utrace_finish_examine()
 *
 * On success the registers can be read until the engine resumes the task.  A
 * fatal signal (SIGKILL, exec by another thread, exit of the group) can end
 * the stop: what was read is valid if utrace_finish_examine() returns 0.
 *
 * Context: may sleep.
 * Return: 0, or %-EINVAL: no engine, or it does not request a stop;
 * %-ESRCH: detached or dead; %-EAGAIN: not stopped, or it woke just now.
 */
int utrace_prepare_examine(struct task_struct *target,
			   struct utrace_engine *engine,
			   struct utrace_examiner *exam)
{
	return utrace_off_cpu(target, engine, &exam->ncsw);
}
EXPORT_SYMBOL_GPL(utrace_prepare_examine);

/**
 * utrace_finish_examine - check that a task remained stopped
 * @target: as for utrace_prepare_examine()
 * @engine: as for utrace_prepare_examine()
 * @exam: as filled by utrace_prepare_examine()
 * Context: may sleep.
 * Return: 0: @target remained stopped in between; %-EAGAIN: it woke;
 * %-EINVAL, %-ESRCH: as for utrace_prepare_examine().
 */
int utrace_finish_examine(struct task_struct *target,
			  struct utrace_engine *engine,
			  struct utrace_examiner *exam)
{
	unsigned long ncsw;

	return utrace_off_cpu(target, engine, &ncsw) ?:
		(ncsw == exam->ncsw ? 0 : -EAGAIN);
}
EXPORT_SYMBOL_GPL(utrace_finish_examine);
