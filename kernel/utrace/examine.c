// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at the registers of a stopped task.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "walk.h"

/* Does @engine hold @target stopped?  Counts @target if so. */
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

/*
 * Wait for @target to leave its CPU.  Its state may be TASK_FROZEN beneath
 * a suspend.  Returns its context switch count with the top bit set, or 0.
 */
static unsigned long utrace_off_cpu(struct task_struct *target)
{
	return wait_task_inactive(target, __TASK_TRACED | __TASK_STOPPED |
					  TASK_FROZEN);
}

/**
 * utrace_prepare_examine - begin to look at a task this engine holds
 * @target: the task @engine is attached to; only compared at first
 * @engine: the engine, which has asked for %UTRACE_STOP
 * @exam: to be passed to utrace_finish_examine()
 *
 * After success, and until the engine lets go of the task, its registers
 * can be read.  Only a fatal signal (SIGKILL, exec by another thread, exit of
 * the group) can end the stop, so utrace_finish_examine() tells whether what
 * was read is sound.
 *
 * Context: may sleep.
 *
 * Return: 0, or
 * %-EINVAL: no engine, or it does not ask for a stop;
 * %-ESRCH: detached or dead; %-EAGAIN: not stopped, or it woke just now.
 */
int utrace_prepare_examine(struct task_struct *target,
			   struct utrace_engine *engine,
			   struct utrace_examiner *exam)
{
	int ret = utrace_check_held(target, engine);

	if (ret)
		return ret;
	exam->ncsw = utrace_off_cpu(target);
	put_task_struct(target);
	return exam->ncsw ? 0 : -EAGAIN;
}
EXPORT_SYMBOL_GPL(utrace_prepare_examine);

/**
 * utrace_finish_examine - end what utrace_prepare_examine() began
 * @target: the same task
 * @engine: the same engine
 * @exam: as filled by utrace_prepare_examine()
 *
 * Context: may sleep.
 *
 * Return: 0: @target stayed stopped all the while; else
 * %-EINVAL, %-ESRCH as for utrace_prepare_examine(); %-EAGAIN: it woke.
 */
int utrace_finish_examine(struct task_struct *target,
			  struct utrace_engine *engine,
			  struct utrace_examiner *exam)
{
	int ret = utrace_check_held(target, engine);
	unsigned long ncsw;

	if (ret)
		return ret;
	ncsw = utrace_off_cpu(target);
	put_task_struct(target);
	return ncsw && ncsw == exam->ncsw ? 0 : -EAGAIN;
}
EXPORT_SYMBOL_GPL(utrace_finish_examine);
