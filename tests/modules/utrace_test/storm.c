// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach and detach as fast as the machine goes.
 */
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "test.h"

static void ut_unexpected(struct ut_call *c, int ret)
{
	c->out[UT_ST_UNEXPECTED]++;
	c->out[UT_ST_LAST_ERRNO] = -ret;
}

static void ut_storm_control(struct ut_engine *ue, struct ut_call *c,
			     enum utrace_resume_action action)
{
	int ret = utrace_control(ue->task, ue->engine, action);

	if (ret == 0 && action == UTRACE_STOP)
		c->out[UT_ST_STOPPED]++;
	else if (ret && ret != -EINPROGRESS && ret != -ESRCH)
		ut_unexpected(c, ret);
}

static void ut_storm_examine(struct ut_engine *ue, struct ut_call *c)
{
	int ret = utrace_prepare_examine(ue->task, ue->engine, &ue->exam);

	if (!ret)
		ret = utrace_finish_examine(ue->task, ue->engine, &ue->exam);
	if (!ret)
		c->out[UT_ST_EXAMINED]++;
	/* a callback in between may have cleared the vote: EINVAL */
	else if (ret != -EAGAIN && ret != -ESRCH && ret != -EINVAL)
		ut_unexpected(c, ret);
}

static void ut_storm_detach(struct ut_engine *ue, struct ut_call *c)
{
	int ret = utrace_control(ue->task, ue->engine, UTRACE_DETACH);

	switch (ut_engine_detach_result(ue, ret)) {
	case 0:
		c->out[UT_ST_DETACH_0]++;
		break;
	case -EINPROGRESS:
		c->out[UT_ST_DETACH_INPROGRESS]++;
		ret = utrace_barrier(ue->task, ue->engine);
		ut_engine_barrier_result(ue, ret);
		if (ret && ret != -ESRCH && ret != -ERESTARTSYS)
			ut_unexpected(c, ret);
		break;
	case -ESRCH:
		c->out[UT_ST_DETACH_ESRCH]++;
		break;
	case -EALREADY:
		c->out[UT_ST_DETACH_ALREADY]++;
		break;
	default:
		ut_unexpected(c, ret);
	}
}

static int ut_storm_attach(struct ut_engine *ue, struct ut_call *c,
			   struct task_struct *task)
{
	int ret;

	if (!(c->flags & UT_STORM_ATOMIC))
		return ut_engine_attach(ue, task, UTRACE_ATTACH_CREATE, 0);
	rcu_read_lock();
	ret = ut_engine_attach(ue, task,
			       UTRACE_ATTACH_CREATE | UTRACE_ATTACH_ATOMIC, 0);
	rcu_read_unlock();
	return ret;
}

static void ut_storm_body(struct ut_engine *ue, struct ut_call *c)
{
	int ret;

	if (c->b) {
		ret = utrace_set_events(ue->task, ue->engine, c->b);
		if (ret && ret != -ESRCH && ret != -EALREADY)
			ut_unexpected(c, ret);
	}
	if (c->flags & UT_STORM_REPORT)
		ut_storm_control(ue, c, UTRACE_REPORT);
	if (c->flags & UT_STORM_INTERRUPT)
		ut_storm_control(ue, c, UTRACE_INTERRUPT);
	if (c->flags & UT_STORM_STOP)
		ut_storm_control(ue, c, UTRACE_STOP);
	if (c->flags & UT_STORM_EXAMINE)
		ut_storm_examine(ue, c);
	if (c->flags & UT_STORM_RESUME)
		ut_storm_control(ue, c, UTRACE_RESUME);
	if (c->flags & UT_STORM_BARRIER) {
		ret = utrace_barrier(ue->task, ue->engine);
		if (ret && ret != -ESRCH && ret != -ERESTARTSYS)
			ut_unexpected(c, ret);
	}
}

static int ut_storm_round(struct ut_ctx *ctx, struct ut_call *c,
			  struct pid *pid, struct task_struct *task)
{
	struct ut_engine *ue;
	int ret;

	ue = ut_engine_new(ctx, ut_ops_table(c->ops), pid, task);
	if (!ue)
		return -ENOMEM;
	ret = ut_storm_attach(ue, c, task);
	switch (ret) {
	case 0:
		c->out[UT_ST_ATTACHED]++;
		ut_storm_body(ue, c);
		if (!(c->flags & UT_STORM_LEAVE))
			ut_storm_detach(ue, c);
		utrace_engine_put(ue->engine);
		break;
	case -ESRCH:
		c->out[UT_ST_ATTACH_ESRCH]++;
		break;
	case -ERESTARTNOINTR:
		c->out[UT_ST_ATTACH_BUSY]++;
		break;
	default:
		ut_unexpected(c, ret);
	}
	ut_engine_put(ue);
	return 0;
}

int ut_storm(struct ut_ctx *ctx, struct ut_call *c)
{
	struct pid *pid = find_get_pid(c->pid);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	s64 i;
	int ret = 0;

	if (!task) {
		put_pid(pid);
		return -ESRCH;
	}
	for (i = 0; i < c->a && !ret; i++) {
		ret = ut_storm_round(ctx, c, pid, task);
		cond_resched();
		if (signal_pending(current))
			break;
	}
	c->res = i;
	put_task_struct(task);
	put_pid(pid);
	return ret;
}
