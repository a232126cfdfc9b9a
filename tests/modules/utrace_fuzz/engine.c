// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines: from attach to release, and the calls of utrace.
 */
#include <linux/jiffies.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>

#include "fuzz.h"

void uf_engine_put(struct uf_engine *ue)
{
	if (!refcount_dec_and_test(&ue->ref))
		return;
	put_pid(ue->pid);
	uf_ctx_put(ue->ctx);
	kfree(ue);
}

/*
 * Returns the first engine of ->engines from @id on, with a reference, or NULL.
 * Sets @id to the index after it.
 */
struct uf_engine *uf_next(struct uf_ctx *ctx, unsigned long *id)
{
	struct uf_engine *ue;
	unsigned long flags;

	xa_lock_irqsave(&ctx->engines, flags);
	ue = xa_find(&ctx->engines, id, ULONG_MAX, XA_PRESENT);
	if (ue)
		refcount_inc(&ue->ref);
	xa_unlock_irqrestore(&ctx->engines, flags);
	(*id)++;
	return ue;
}

/* Returns the engine with a reference, or NULL. */
struct uf_engine *uf_in_slot(struct uf_ctx *ctx, u32 slot)
{
	struct uf_engine *ue;
	unsigned long flags;

	if (slot >= UF_SLOTS)
		return NULL;
	xa_lock_irqsave(&ctx->engines, flags);
	ue = ctx->slot[slot];
	if (ue)
		refcount_inc(&ue->ref);
	xa_unlock_irqrestore(&ctx->engines, flags);
	return ue;
}

/*
 * @ue is detached: remove it from ->engines and ->slot[].  Only the first call
 * drops the references of ->engines.
 */
static void uf_forget(struct uf_engine *ue)
{
	struct uf_ctx *ctx = ue->ctx;
	struct uf_engine *was;
	unsigned long flags;
	int i;

	xa_lock_irqsave(&ctx->engines, flags);
	was = xa_load(&ctx->engines, ue->id);
	if (was == ue)
		__xa_erase(&ctx->engines, ue->id);
	for (i = 0; i < UF_SLOTS; i++)
		if (ctx->slot[i] == ue)
			ctx->slot[i] = NULL;
	xa_unlock_irqrestore(&ctx->engines, flags);
	if (was != ue)
		return;
	utrace_engine_put(ue->engine);
	uf_engine_put(ue);
}

/*
 * The mask for an engine of @profile that requests @mask.  An engine that steps
 * needs report_signal to drop its traps.
 */
unsigned long uf_mask(u32 profile, unsigned long mask)
{
	/* TRAP is for built-in engines */
	mask &= (BIT(_UTRACE_NEVENTS) - 1) & ~UTRACE_EVENT(TRAP);
	if (profile & UF_STEP)
		mask |= UTRACE_EVENT(QUIESCE) | UTRACE_EVENT_SIGNAL_ALL;
	return mask;
}

static struct uf_engine *uf_new(struct uf_ctx *ctx, struct task_struct *task,
				u32 profile, u64 seed)
{
	struct uf_engine *ue = kzalloc(sizeof(*ue), GFP_KERNEL);

	if (!ue)
		return NULL;
	/* one for ctx->engines, one for the attachment */
	refcount_set(&ue->ref, 2);
	refcount_inc(&ctx->ref);
	ue->ctx = ctx;
	ue->task = task;
	ue->pid = get_task_pid(task, PIDTYPE_PID);
	ue->profile = profile;
	ue->seed = seed;
	return ue;
}

static struct utrace_engine *uf_attach_some(struct task_struct *task,
					    struct uf_engine *ue)
{
	const struct utrace_engine_ops *ops = &uf_ops;
	struct utrace_engine *engine;

	if (ue->profile & UF_NO_SIGNAL)
		ops = &uf_ops_no_signal;
	if (ue->seed & 1)
		return utrace_attach_task(task, UTRACE_ATTACH_CREATE, ops, ue);
	rcu_read_lock();
	engine = utrace_attach_task(task, UTRACE_ATTACH_CREATE |
				    UTRACE_ATTACH_ATOMIC, ops, ue);
	rcu_read_unlock();
	return engine;
}

static int uf_list(struct uf_ctx *ctx, struct uf_engine *ue, int slot)
{
	unsigned long flags;
	int ret;

	ret = xa_alloc_irq(&ctx->engines, &ue->id, ue, xa_limit_31b,
			   GFP_KERNEL);
	if (ret || slot < 0)
		return ret;
	xa_lock_irqsave(&ctx->engines, flags);
	/* uf_forget() may have removed it already */
	if (xa_load(&ctx->engines, ue->id) == ue)
		ctx->slot[slot] = ue;
	xa_unlock_irqrestore(&ctx->engines, flags);
	return 0;
}

int uf_attach(struct uf_ctx *ctx, struct task_struct *task, u32 profile,
	      u64 seed, unsigned long mask, int slot)
{
	struct uf_engine *ue = uf_new(ctx, task, profile, seed);
	struct utrace_engine *engine;
	int ret;

	if (!ue)
		return -ENOMEM;
	atomic_inc(&ctx->live);
	engine = uf_attach_some(task, ue);
	if (IS_ERR(engine)) {
		atomic_dec(&ctx->live);
		uf_engine_put(ue);
		uf_engine_put(ue);
		return uf_result(ctx, UF_ATTACH, PTR_ERR(engine));
	}
	uf_count(ctx, UF_ATTACHED);
	ue->engine = engine;
	/* after uf_list() others can find @ue and drop it before uf_events() */
	refcount_inc(&ue->ref);
	ret = uf_list(ctx, ue, slot);
	if (WARN_ON(ret)) {
		uf_engine_put(ue);
		return ret;
	}
	ret = uf_events(ue, mask);
	uf_engine_put(ue);
	return ret;
}

/*
 * Take a reference to ue->engine.  A reference to @ue does not imply one: only
 * ctx->engines holds one.  Returns false if @ue is not there any more.  It is
 * detached then, and the caller returns -ESRCH as utrace would.
 */
static bool uf_get(struct uf_engine *ue)
{
	unsigned long flags;
	bool listed;

	xa_lock_irqsave(&ue->ctx->engines, flags);
	listed = xa_load(&ue->ctx->engines, ue->id) == ue;
	if (listed)
		utrace_engine_get(ue->engine);
	xa_unlock_irqrestore(&ue->ctx->engines, flags);
	return listed;
}

/*
 * The SIGTRAP of a step kills the process unless the engine drops it.  So an
 * engine with UF_STEP and without UF_LEAVE must not detach while a trap may be
 * due, that is, before ->calm is set.
 */
static bool uf_may_control(struct uf_engine *ue, unsigned int action)
{
	switch (action) {
	case UTRACE_SINGLESTEP:
	case UTRACE_BLOCKSTEP:
		return ue->profile & UF_STEP;
	case UTRACE_DETACH:
		return READ_ONCE(ue->ctx->calm) || (ue->profile & UF_LEAVE) ||
			!(ue->profile & UF_STEP);
	}
	return true;
}

int uf_control(struct uf_engine *ue, unsigned int action)
{
	int ret;

	if (!uf_may_control(ue, action))
		return -EINVAL;
	if (!uf_get(ue))
		return -ESRCH;
	ret = utrace_control(ue->task, ue->engine, action);
	if (action == UTRACE_DETACH && !ret)
		WRITE_ONCE(ue->quiet, true);
	utrace_engine_put(ue->engine);
	return uf_result(ue->ctx, UF_CONTROL, ret);
}

int uf_events(struct uf_engine *ue, unsigned long mask)
{
	int ret;

	if (!uf_get(ue))
		return -ESRCH;
	ret = utrace_set_events(ue->task, ue->engine,
				uf_mask(ue->profile, mask));
	utrace_engine_put(ue->engine);
	return uf_result(ue->ctx, UF_EVENTS, ret);
}

int uf_barrier(struct uf_engine *ue)
{
	int ret;

	if (!uf_get(ue))
		return -ESRCH;
	ret = utrace_barrier(ue->task, ue->engine);
	if (ret == -ESRCH)
		WRITE_ONCE(ue->quiet, true);
	utrace_engine_put(ue->engine);
	return uf_result(ue->ctx, UF_BARRIER, ret);
}

/* Read ->thread.sp of a stopped task; -EAGAIN if the task ran meanwhile. */
int uf_examine(struct uf_engine *ue, struct uf_arg *arg)
{
	struct task_struct *task = get_pid_task(ue->pid, PIDTYPE_PID);
	struct utrace_examiner exam;
	int ret;

	if (!task || !uf_get(ue)) {
		if (task)
			put_task_struct(task);
		return -ESRCH;
	}
	ret = utrace_prepare_examine(ue->task, ue->engine, &exam);
	if (!ret) {
		/* after an execve the pid may belong to another task */
		if (task == ue->task)
			arg->out[0] = task->thread.sp;
		ret = utrace_finish_examine(ue->task, ue->engine, &exam);
	}
	utrace_engine_put(ue->engine);
	put_task_struct(task);
	return uf_result(ue->ctx, UF_EXAMINE, ret);
}

/*
 * Detach, and wait until no callback runs.  Unless @ms is 0, release must be
 * called within @ms milliseconds: this module's references are dropped.
 */
int uf_detach(struct uf_engine *ue, unsigned int ms)
{
	int ret = uf_control(ue, UTRACE_DETACH);

	if (ret == -EINPROGRESS && uf_barrier(ue) == -ERESTARTSYS)
		return -ERESTARTSYS;
	if (ret && ret != -EINPROGRESS && ret != -ESRCH)
		return ret;
	uf_forget(ue);
	if (!ms)
		return 0;
	return wait_event_idle_timeout(ue->ctx->wait, READ_ONCE(ue->released),
				       msecs_to_jiffies(ms)) ? 0 : -ETIME;
}

/* Wait for all callbacks that may have read ->calm before it was set. */
static void uf_settle(struct uf_ctx *ctx)
{
	struct uf_engine *ue;
	unsigned long id = 0;
	int ret;

	synchronize_srcu(&ctx->srcu);
	while ((ue = uf_next(ctx, &id))) {
		do {
			ret = uf_barrier(ue);
		} while (ret == -ERESTARTSYS && !fatal_signal_pending(current));
		if (ret == -ESRCH)
			uf_forget(ue);
		uf_engine_put(ue);
	}
}

void uf_calm(struct uf_ctx *ctx, bool calm)
{
	WRITE_ONCE(ctx->calm, calm);
	if (!calm)
		return;
	uf_settle(ctx);
	uf_resume_all(ctx);
}

void uf_resume_all(struct uf_ctx *ctx)
{
	struct uf_engine *ue;
	unsigned long id = 0;

	while ((ue = uf_next(ctx, &id))) {
		uf_control(ue, UTRACE_RESUME);
		uf_engine_put(ue);
	}
}

void uf_detach_all(struct uf_ctx *ctx)
{
	struct uf_engine *ue;
	unsigned long id = 0;

	while ((ue = uf_next(ctx, &id))) {
		uf_detach(ue, 0);
		uf_engine_put(ue);
	}
}
