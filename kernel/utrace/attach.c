// SPDX-License-Identifier: GPL-2.0-only
/* Attach engines to tasks, look attached engines up, and free them. */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "walk.h"

#define UTRACE_ATTACH_ALL	(UTRACE_ATTACH_MATCH_OPS | \
				 UTRACE_ATTACH_MATCH_DATA | \
				 UTRACE_ATTACH_CREATE | \
				 UTRACE_ATTACH_EXCLUSIVE | \
				 UTRACE_ATTACH_ATOMIC)

static struct kmem_cache *utrace_engine_cachep;

/**
 * __utrace_engine_release - free an engine; only for utrace_engine_put()
 * @kref: the engine's reference count
 *
 * The module that owns the engine's ops may be unloaded once this returns.
 * Context: as utrace_engine_put().
 */
void __utrace_engine_release(struct kref *kref)
{
	struct utrace_engine *engine =
		container_of(kref, struct utrace_engine, kref);
	struct module *owner = engine->ops->owner;

	/* A module without owner uses synchronize_rcu() to wait for this. */
	rcu_read_lock();
	if (engine->ops->release)
		engine->ops->release(engine->data);
	rcu_read_unlock();
	module_put(owner);
	__utrace_put(engine->utrace);
	/* The engine is in no slot, and no walk calls it. */
	kmem_cache_free(utrace_engine_cachep, engine);
}
EXPORT_SYMBOL_GPL(__utrace_engine_release);

static bool utrace_engine_matches(struct utrace_engine *engine, int flags,
				  const struct utrace_engine_ops *ops,
				  void *data)
{
	/* Modules do not get engines of built-in code. */
	if (!(flags & UTRACE_ATTACH_CREATE) && engine->ops->builtin &&
	    engine->ops != ops)
		return false;
	if ((flags & UTRACE_ATTACH_MATCH_OPS) && engine->ops != ops)
		return false;
	if ((flags & UTRACE_ATTACH_MATCH_DATA) && engine->data != data)
		return false;
	return true;
}

/* Returns the oldest engine that matches, or NULL; utrace->lock held. */
static struct utrace_engine *
utrace_find_engine(struct utrace *utrace, int flags,
		   const struct utrace_engine_ops *ops, void *data)
{
	struct utrace_cursor at = utrace_all(utrace);

	while (utrace_each(&at))
		if (utrace_engine_matches(at.engine, flags, ops, data))
			return at.engine;
	return NULL;
}

static struct utrace_engine *
utrace_lookup(struct task_struct *target, int flags,
	      const struct utrace_engine_ops *ops, void *data)
{
	struct utrace *utrace = utrace_of(target);
	struct utrace_engine *engine;
	unsigned long irqflags;

	if (!utrace)
		return ERR_PTR(-ENOENT);
	spin_lock_irqsave(&utrace->lock, irqflags);
	engine = utrace_find_engine(utrace, flags, ops, data);
	if (engine)
		utrace_engine_get(engine);
	spin_unlock_irqrestore(&utrace->lock, irqflags);
	return engine ?: ERR_PTR(-ENOENT);
}

/* The attachment and the caller get one reference each. */
static struct utrace_engine *
utrace_engine_alloc(const struct utrace_engine_ops *ops, void *data,
		    unsigned long events, gfp_t gfp)
{
	struct utrace_engine *engine;

	engine = kmem_cache_alloc(utrace_engine_cachep, gfp);
	if (!engine)
		return ERR_PTR(-ENOMEM);
	if (!try_module_get(ops->owner)) {
		kmem_cache_free(utrace_engine_cachep, engine);
		return ERR_PTR(-EINVAL);
	}
	*engine = (struct utrace_engine){
		.kref = KREF_INIT(2),
		.ops = ops,
		.data = data,
		.flags = events,
	};
	return engine;
}

/* Free an engine that was never attached.  Its release is not called. */
static void utrace_engine_discard(struct utrace_engine *engine)
{
	module_put(engine->ops->owner);
	kmem_cache_free(utrace_engine_cachep, engine);
}

/* Called with utrace->lock held.  Returns -ENOSPC if all slots are in use. */
static int utrace_add_engine(struct utrace *utrace, struct utrace_engine *new,
			     int flags)
{
	unsigned long events = new->flags;
	int ret;

	utrace_note_death(utrace);
	if (utrace->life == UTRACE_REAPED ||
	    READ_ONCE(utrace->task->exit_state) == EXIT_DEAD)
		return -ESRCH;
	if ((flags & UTRACE_ATTACH_EXCLUSIVE) &&
	    utrace_find_engine(utrace, flags, new->ops, new->data))
		return -EEXIST;
	ret = utrace_check_late_events(utrace, events, 0);
	if (ret)
		return ret;
	new->utrace = utrace;
	new->state = ENGINE_ATTACHED;
	ret = utrace_add_slot(utrace, new);
	if (ret)
		return ret;
	if (events)
		utrace_update_flags(utrace, new, events);
	refcount_inc(&utrace->count);
	trace_utrace_attach(utrace->task, new);
	return 0;
}

static struct utrace_engine *
utrace_create(struct task_struct *target, int flags,
	      const struct utrace_engine_ops *ops, void *data,
	      unsigned long events)
{
	gfp_t gfp = flags & UTRACE_ATTACH_ATOMIC ? GFP_ATOMIC : GFP_KERNEL;
	struct utrace_engine *new;
	unsigned long irqflags;
	struct utrace *utrace;
	int ret;

	new = utrace_engine_alloc(ops, data, events, gfp);
	if (IS_ERR(new))
		return new;
	utrace = utrace_get_new(target, gfp);
	ret = utrace ? 0 : -ENOMEM;
	while (!ret) {
		spin_lock_irqsave(&utrace->lock, irqflags);
		ret = utrace_add_engine(utrace, new, flags);
		spin_unlock_irqrestore(&utrace->lock, irqflags);
		if (!ret)
			return new;
		if (ret == -ENOSPC)
			ret = utrace_grow_slots(utrace, gfp);
	}
	utrace_engine_discard(new);
	return ERR_PTR(ret);
}

/**
 * utrace_attach_task - attach an engine to a task, or look one up
 * @target: the task; the caller keeps it from being freed
 * @flags: UTRACE_ATTACH_* flags
 * @ops: callbacks, which must remain valid until the engine is released
 * @data: private data of the engine
 *
 * UTRACE_ATTACH_CREATE attaches a new engine with an empty event mask, unless
 * UTRACE_ATTACH_EXCLUSIVE is set and an engine matches by UTRACE_ATTACH_MATCH_*
 * flags.  Without these any engine matches.  Without CREATE the oldest match is
 * looked up, built-in engines are passed over, and the call never sleeps.
 *
 * Context: process context.  Sleeps, unless @flags has UTRACE_ATTACH_ATOMIC.
 * Return: the engine, with a reference to be dropped by utrace_engine_put(), or
 * %-EINVAL: unknown flags, no @target, no @ops with CREATE or MATCH_OPS, @ops
 * has ->builtin, or the module that owns @ops is being unloaded;
 * %-ENOENT: no match, without CREATE.  With CREATE only:
 * %-EEXIST: EXCLUSIVE is set, and an engine matches; %-EPERM: a kernel thread;
 * %-ESRCH: reaped, or about to reap itself; %-ENOMEM: no memory;
 * %-ERESTARTNOINTR: report_clone for the new task has not returned yet, and a
 * signal is pending or @flags has UTRACE_ATTACH_ATOMIC.
 */
struct utrace_engine *
utrace_attach_task(struct task_struct *target, int flags,
		   const struct utrace_engine_ops *ops, void *data)
{
	if (ops && ops->builtin)
		return ERR_PTR(-EINVAL);
	return utrace_attach_builtin(target, flags, ops, data, 0);
}
EXPORT_SYMBOL_GPL(utrace_attach_task);

/*
 * utrace_attach_task() for built-in code: @ops may have ->builtin.  A new engine
 * has the mask @events at once.  %-EALREADY: as for utrace_set_events().
 */
struct utrace_engine *
utrace_attach_builtin(struct task_struct *target, int flags,
		      const struct utrace_engine_ops *ops, void *data,
		      unsigned long events)
{
	int ret;

	if ((flags & ~UTRACE_ATTACH_ALL) || !target)
		return ERR_PTR(-EINVAL);
	if (!ops && (flags & (UTRACE_ATTACH_CREATE | UTRACE_ATTACH_MATCH_OPS)))
		return ERR_PTR(-EINVAL);
	if (!(flags & UTRACE_ATTACH_CREATE))
		return utrace_lookup(target, flags, ops, data);
	if (target->flags & PF_KTHREAD)
		return ERR_PTR(-EPERM);
	ret = utrace_wait_started(target, flags);
	if (ret)
		return ERR_PTR(ret);
	return utrace_create(target, flags, ops, data, events);
}

/**
 * utrace_attach_pid - attach an engine to a task by pid, or look one up
 * @pid: the task's pid, counted by the caller
 * @flags: as for utrace_attach_task()
 * @ops: as for utrace_attach_task()
 * @data: as for utrace_attach_task()
 * Context: as for utrace_attach_task().
 * Return: as utrace_attach_task(); %-ESRCH also if @pid has no task.
 */
struct utrace_engine *
utrace_attach_pid(struct pid *pid, int flags,
		  const struct utrace_engine_ops *ops, void *data)
{
	struct task_struct *task = pid ? get_pid_task(pid, PIDTYPE_PID) : NULL;
	struct utrace_engine *engine;

	if (!task)
		return ERR_PTR(-ESRCH);
	engine = utrace_attach_task(task, flags, ops, data);
	put_task_struct(task);
	return engine;
}
EXPORT_SYMBOL_GPL(utrace_attach_pid);

static int __init utrace_engine_init(void)
{
	utrace_engine_cachep = KMEM_CACHE(utrace_engine,
					  SLAB_PANIC | SLAB_ACCOUNT);
	return 0;
}
core_initcall(utrace_engine_init);
