// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines: from attach to release.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "test.h"

/* Engines whose ops have no release: freed when the module is unloaded */
static LIST_HEAD(graves);
static DEFINE_SPINLOCK(graves_lock);

struct ut_engine *ut_engine_new(struct ut_ctx *ctx,
				const struct utrace_engine_ops *ops,
				struct pid *pid, struct task_struct *task)
{
	struct ut_engine *ue = kzalloc(sizeof(*ue), GFP_KERNEL);

	if (!ue)
		return NULL;
	refcount_set(&ue->ref, 1);
	refcount_inc(&ctx->ref);
	ue->ctx = ctx;
	ue->handle = -1;
	ue->pid = get_pid(pid);
	ue->task = task;
	ue->ops = ops;
	spin_lock_init(&ue->lock);
	INIT_LIST_HEAD(&ue->rules);
	INIT_LIST_HEAD(&ue->grave);
	return ue;
}

void ut_engine_put(struct ut_engine *ue)
{
	if (!refcount_dec_and_test(&ue->ref))
		return;
	ut_rules_clear(ue);
	put_pid(ue->pid);
	ut_ctx_put(ue->ctx);
	kfree(ue);
}

/* The caller drops the reference with ut_engine_put(). */
struct ut_engine *ut_engine_find(struct ut_ctx *ctx, int handle)
{
	struct ut_engine *ue;
	unsigned long flags;

	xa_lock_irqsave(&ctx->engines, flags);
	ue = xa_load(&ctx->engines, handle);
	if (ue)
		refcount_inc(&ue->ref);
	xa_unlock_irqrestore(&ctx->engines, flags);
	return ue;
}

/* Assign a handle. */
int ut_engine_add(struct ut_engine *ue)
{
	u32 id;
	int ret;

	ret = xa_alloc_irq(&ue->ctx->engines, &id, ue, xa_limit_31b,
			   GFP_KERNEL);
	if (!ret)
		ue->handle = id;
	return ret;
}

/* Remove the handle, drop its references and detach the engine. */
void ut_engine_drop(struct ut_engine *ue)
{
	struct utrace_engine *engine = ue->engine;

	xa_erase_irq(&ue->ctx->engines, ue->handle);
	if (engine) {
		int ret = utrace_control(ue->task, engine, UTRACE_DETACH);

		/* -EALREADY: in report_death, the reaper detaches the engine */
		ut_engine_detach_result(ue, ret);
		utrace_engine_put(engine);
	}
	ut_engine_put(ue);
}

/* The attachment holds a reference to @ue until release is called. */
int ut_engine_attach(struct ut_engine *ue, struct task_struct *task,
		     int flags, unsigned long events)
{
	struct utrace_engine *engine;
	int ret = 0;

	refcount_inc(&ue->ref);
	atomic_inc(&ue->ctx->live);
	atomic64_inc(&ut_global[UT_GL_LIVE]);
	engine = ut_attach_task(task, flags, ue->ops, ue);
	if (IS_ERR(engine)) {
		atomic64_dec(&ut_global[UT_GL_LIVE]);
		atomic_dec(&ue->ctx->live);
		ut_engine_put(ue);
		return PTR_ERR(engine);
	}
	ue->engine = engine;
	ue->task = task;
	if (!ue->ops->release)
		ut_engine_bury(ue);
	if (events)
		ret = utrace_set_events(task, engine, events);
	return ret;
}

/* Called by the release callback. */
void ut_engine_released(struct ut_engine *ue)
{
	struct ut_ctx *ctx = ue->ctx;

	if (WARN_ON_ONCE(ue->released)) {
		atomic64_inc(&ut_global[UT_GL_DOUBLE_RELEASE]);
		return;
	}
	WRITE_ONCE(ue->quiet, true);
	WRITE_ONCE(ue->released, true);
	atomic64_dec(&ut_global[UT_GL_LIVE]);
	if (atomic_dec_return(&ctx->live) >= 0)
		wake_up_all(&ctx->release_wait);
	ut_engine_put(ue);
}

void ut_engine_bury(struct ut_engine *ue)
{
	unsigned long flags;

	spin_lock_irqsave(&graves_lock, flags);
	list_add(&ue->grave, &graves);
	spin_unlock_irqrestore(&graves_lock, flags);
}

/*
 * Called at module exit.  An attached engine pins the module, so none of these
 * is attached.
 */
void ut_engine_exhume(void)
{
	struct ut_engine *ue, *next;

	list_for_each_entry_safe(ue, next, &graves, grave)
		ut_engine_put(ue);
}

/* After DETACH has returned 0, no callback of the engine may begin. */
int ut_engine_detach_result(struct ut_engine *ue, int ret)
{
	if (!ret)
		WRITE_ONCE(ue->quiet, true);
	return ret;
}

/* After the barrier has returned -ESRCH (detached), no callback may begin. */
int ut_engine_barrier_result(struct ut_engine *ue, int ret)
{
	if (ret == -ESRCH)
		WRITE_ONCE(ue->quiet, true);
	return ret;
}
