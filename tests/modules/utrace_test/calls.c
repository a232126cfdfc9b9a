// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctl(): the calls of the utrace API that user space requests.
 */
#include <linux/jiffies.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>

#include "test.h"

static struct task_struct *ut_get_task(struct ut_ctx *ctx, struct ut_call *c,
				       struct pid *pid)
{
	struct task_struct *task = NULL;

	if (c->how == UT_HOW_HELD) {
		task = ctx->held;
		if (task)
			get_task_struct(task);
		return task;
	}
	if (pid)
		task = get_pid_task(pid, PIDTYPE_PID);
	return task;
}

static struct utrace_engine *ut_attach_how(struct ut_call *c, struct pid *pid,
					   struct task_struct *task,
					   const struct utrace_engine_ops *ops,
					   void *data)
{
	struct utrace_engine *engine;

	switch (c->how) {
	case UT_HOW_PID:
	case UT_HOW_HELDPID:
		return utrace_attach_pid(pid, c->flags, ops, data);
	case UT_HOW_RCU:
		rcu_read_lock();
		engine = utrace_attach_task(task, c->flags, ops, data);
		rcu_read_unlock();
		return engine;
	case UT_HOW_EXPORTED:
		return utrace_attach_task(task, c->flags, ops, data);
	default:
		return ut_attach_task(task, c->flags, ops, data);
	}
}

/* As ut_attach_how(), and fail allocation c->fail; out[2]: did it fail? */
static struct utrace_engine *
ut_attach_short(struct ut_call *c, struct pid *pid, struct task_struct *task,
		const struct utrace_engine_ops *ops, void *data)
{
	struct utrace_engine *engine;
	int ret;

	if (!c->fail)
		return ut_attach_how(c, pid, task, ops, data);
	ret = ut_memory_out(c->fail);
	if (ret)
		return ERR_PTR(ret);
	engine = ut_attach_how(c, pid, task, ops, data);
	c->out[2] = ut_memory_back();
	return engine;
}

/* @engine was not created with new data: return the handle of its data. */
static void ut_attach_found(struct ut_call *c, struct utrace_engine *engine)
{
	struct ut_engine *ue = engine->data;

	c->res = ue->handle;
	c->out[1] = 1;
	if (engine != ue->engine) {
		/* a new engine that has the data of a detached one */
		refcount_inc(&ue->ref);
		atomic_inc(&ue->ctx->live);
		atomic64_inc(&ut_global[UT_GL_LIVE]);
		swap(engine, ue->engine);
		utrace_engine_put(engine);
		/* the old engine was released: these now describe the new */
		WRITE_ONCE(ue->quiet, false);
		WRITE_ONCE(ue->released, false);
		c->out[1] = 2;
		return;
	}
	utrace_engine_put(engine);
}

static void ut_attach_new(struct ut_call *c, struct ut_engine *ue,
			  struct utrace_engine *engine,
			  struct task_struct *task)
{
	int ret;

	ue->engine = engine;
	if (!ue->ops->release)
		ut_engine_bury(ue);
	c->res = ut_engine_add(ue);
	if (c->res) {
		ret = utrace_control(task, engine, UTRACE_DETACH);
		ut_engine_detach_result(ue, ret);
		utrace_engine_put(engine);
		ut_engine_put(ue);
		return;
	}
	c->res = ue->handle;
	if (c->a)
		c->out[0] = utrace_set_events(task, engine, c->a);
}

static void ut_attach_try(struct ut_ctx *ctx, struct ut_call *c,
			  struct pid *pid, struct task_struct *task)
{
	const struct utrace_engine_ops *ops = ut_ops_table(c->ops);
	struct ut_engine *ue, *match = NULL;
	struct utrace_engine *engine;
	void *data;

	if (c->flags & UTRACE_ATTACH_MATCH_DATA)
		match = ut_engine_find(ctx, c->b);
	ue = ut_engine_new(ctx, ops, pid, task);
	if (!ue) {
		c->res = -ENOMEM;
		goto out;
	}
	data = match ?: ue;
	/* the reference of the attachment, dropped by release */
	refcount_inc(&ue->ref);
	atomic_inc(&ctx->live);
	atomic64_inc(&ut_global[UT_GL_LIVE]);
	engine = ut_attach_short(c, pid, task, ops, data);
	if (!IS_ERR(engine) && engine->data == ue) {
		ut_attach_new(c, ue, engine, task);
		goto out;
	}
	atomic64_dec(&ut_global[UT_GL_LIVE]);
	atomic_dec(&ctx->live);
	ut_engine_put(ue);
	ut_engine_put(ue);
	if (IS_ERR(engine))
		c->res = PTR_ERR(engine);
	else
		ut_attach_found(c, engine);
out:
	if (match)
		ut_engine_put(match);
}

static void ut_attach(struct ut_ctx *ctx, struct ut_call *c)
{
	struct task_struct *task;
	struct pid *pid;

	pid = c->how == UT_HOW_HELDPID ? get_pid(ctx->held_pid) :
					 find_get_pid(c->pid);
	task = ut_get_task(ctx, c, pid);
	if (task || (pid && c->how != UT_HOW_TASK))
		ut_attach_try(ctx, c, pid, task);
	else
		c->res = -ENOENT;	/* not from utrace: no such task */
	if (task)
		put_task_struct(task);
	put_pid(pid);
}

static int ut_control_how(struct ut_engine *ue, struct ut_call *c)
{
	int ret;

	switch (c->how) {
	case UT_HOW_PID:
		return utrace_control_pid(ue->pid, ue->engine, c->a);
	case UT_HOW_RCU:
		rcu_read_lock();
		ret = utrace_control(ue->task, ue->engine, c->a);
		rcu_read_unlock();
		return ret;
	case UT_HOW_CURRENT:
		return utrace_control(current, ue->engine, c->a);
	default:
		return utrace_control(ue->task, ue->engine, c->a);
	}
}

static int ut_set_events_how(struct ut_engine *ue, struct ut_call *c)
{
	int ret;

	switch (c->how) {
	case UT_HOW_PID:
		return utrace_set_events_pid(ue->pid, ue->engine, c->a);
	case UT_HOW_RCU:
		rcu_read_lock();
		ret = utrace_set_events(ue->task, ue->engine, c->a);
		rcu_read_unlock();
		return ret;
	case UT_HOW_CURRENT:
		return utrace_set_events(current, ue->engine, c->a);
	default:
		return utrace_set_events(ue->task, ue->engine, c->a);
	}
}

static int ut_barrier_how(struct ut_engine *ue, struct ut_call *c)
{
	switch (c->how) {
	case UT_HOW_PID:
		return utrace_barrier_pid(ue->pid, ue->engine);
	case UT_HOW_CURRENT:
		return utrace_barrier(current, ue->engine);
	default:
		return utrace_barrier(ue->task, ue->engine);
	}
}

/* Between UT_PREPARE and UT_FINISH only: otherwise the task may run. */
static int ut_regs(struct ut_engine *ue, struct ut_call *c)
{
	struct pt_regs *regs = task_pt_regs(ue->task);
	int i;

	if (c->a >= 0) {
		if (!ut_reg(regs, c->a))
			return -EINVAL;
		*ut_reg(regs, c->a) = c->b;
	}
	for (i = 0; i < UT_NREGS; i++)
		c->out[i] = *ut_reg(regs, i);
	return 0;
}

static int ut_engine_call(struct ut_engine *ue, unsigned int cmd,
			  struct ut_call *c)
{
	int i;

	switch (cmd) {
	case UT_CONTROL:
		c->res = ut_control_how(ue, c);
		if (c->a == UTRACE_DETACH)
			ut_engine_detach_result(ue, c->res);
		return 0;
	case UT_SET_EVENTS:
		c->res = ut_set_events_how(ue, c);
		return 0;
	case UT_BARRIER:
		c->res = ut_engine_barrier_result(ue, ut_barrier_how(ue, c));
		return 0;
	case UT_CLEAR:
		ut_rules_clear(ue);
		return 0;
	case UT_MUTE:
		WRITE_ONCE(ue->mute, c->a);
		return 0;
	case UT_INFO:
		c->res = READ_ONCE(ue->engine->flags);
		for (i = 0; i < UT_NCB; i++)
			c->out[i] = atomic_read(&ue->counts[i]);
		return 0;
	case UT_PUT:
		xa_erase_irq(&ue->ctx->engines, ue->handle);
		utrace_engine_put(ue->engine);
		ut_engine_put(ue);
		return 0;
	case UT_PREPARE:
		c->res = utrace_prepare_examine(ue->task, ue->engine, &ue->exam);
		return 0;
	case UT_FINISH:
		c->res = utrace_finish_examine(ue->task, ue->engine, &ue->exam);
		return 0;
	case UT_REGS:
		c->res = ut_regs(ue, c);
		return 0;
	}
	return -ENOTTY;
}

static void ut_hold(struct ut_ctx *ctx, struct ut_call *c)
{
	struct pid *pid = find_get_pid(c->pid);

	if (ctx->held)
		put_task_struct(ctx->held);
	put_pid(ctx->held_pid);
	ctx->held = get_pid_task(pid, PIDTYPE_PID);
	ctx->held_pid = pid;
	c->res = ctx->held ? 0 : -ESRCH;
}

static void ut_detach_signal(struct ut_call *c)
{
	struct pid *pid = find_get_pid(c->pid);
	struct task_struct *task = pid ? get_pid_task(pid, PIDTYPE_PID) : NULL;

	c->res = c->pid && !task ? -ESRCH : ut_probe_signal(task, c->a);
	if (task)
		put_task_struct(task);
	put_pid(pid);
}

static void ut_gate(struct ut_ctx *ctx, struct ut_call *c)
{
	int gate = c->a & (BITS_PER_LONG - 1);

	if (c->b)
		set_bit(gate, &ctx->gates);
	else
		clear_bit(gate, &ctx->gates);
	wake_up_all(&ctx->gate_wait);
}

static void ut_wait_released(struct ut_ctx *ctx, struct ut_call *c)
{
	wait_event_interruptible_timeout(ctx->release_wait,
					 atomic_read(&ctx->live) <= c->a,
					 msecs_to_jiffies(c->b));
	c->res = atomic_read(&ctx->live) <= c->a ? 0 : -ETIME;
	c->out[0] = atomic_read(&ctx->live);
}

int ut_call(struct ut_ctx *ctx, unsigned int cmd, struct ut_call *c)
{
	struct ut_engine *ue;
	int ret, i;

	c->res = 0;
	memset(c->out, 0, sizeof(c->out));
	switch (cmd) {
	case UT_ATTACH:
		ut_attach(ctx, c);
		return 0;
	case UT_HOLD:
		ut_hold(ctx, c);
		return 0;
	case UT_GATE:
		ut_gate(ctx, c);
		return 0;
	case UT_DETACH_SIGNAL:
		ut_detach_signal(c);
		return 0;
	case UT_STORM:
		return ut_storm(ctx, c);
	case UT_TOTALS:
		for (i = 0; i < UT_NCB; i++)
			c->out[i] = atomic64_read(&ctx->counts[i]);
		return 0;
	case UT_RELEASED:
		ut_wait_released(ctx, c);
		return 0;
	case UT_ADD_UPROBE:
		c->res = ut_uprobe_add(ctx, c);
		return 0;
	case UT_GLOBAL:
		for (i = 0; i < UT_GL_NOUTS; i++)
			c->out[i] = atomic64_read(&ut_global[i]);
		return 0;
	}
	ue = ut_engine_find(ctx, c->handle);
	if (!ue)
		return -EBADSLT;
	ret = ut_engine_call(ue, cmd, c);
	ut_engine_put(ue);
	return ret;
}
