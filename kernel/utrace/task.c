// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct utrace: made at the first attach, given back after the last detach.
 */
#include <linux/build_bug.h>
#include <linux/init.h>
#include <linux/slab.h>

#include "walk.h"

static struct kmem_cache *utrace_cachep;

static void utrace_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(utrace_cachep, container_of(rcu, struct utrace, rcu));
}

/* The last count is gone; utrace_get() may be looking at it. */
void utrace_free(struct utrace *utrace)
{
	call_rcu(&utrace->rcu, utrace_free_rcu);
}

static struct utrace *utrace_alloc(struct task_struct *task, gfp_t gfp)
{
	struct utrace *utrace = kmem_cache_alloc(utrace_cachep, gfp);

	if (!utrace)
		return NULL;
	*utrace = (struct utrace){
		.count = REFCOUNT_INIT(2),	/* the task's and the caller's */
		.task = task,
	};
	spin_lock_init(&utrace->lock);
	INIT_LIST_HEAD(&utrace->engines);
	INIT_LIST_HEAD(&utrace->rengines);
	init_waitqueue_head(&utrace->barrier);
	return utrace;
}

/* Returns @task's utrace counted, a new one if need be, or NULL: no memory. */
struct utrace *utrace_get_new(struct task_struct *task, gfp_t gfp)
{
	struct utrace *new = NULL;
	struct utrace *utrace;

	while (!(utrace = utrace_get(task))) {
		if (!new)
			new = utrace_alloc(task, gfp);
		if (!new)
			return NULL;
		if (!cmpxchg((__force struct utrace **)&task->utrace, NULL, new))
			return new;
	}
	if (new)
		kmem_cache_free(utrace_cachep, new);
	return utrace;
}

/*
 * Has the task died before it had a utrace?  utrace->lock held.  cmpxchg()
 * above is a full barrier before this test of exit_state; it pairs with
 * those in utrace_hook_exit_notify() and utrace_hook_reap().  Where there are
 * engines already, __utrace_hook_exit_notify() is sure to come, and says what
 * they still have to hear.
 */
void utrace_note_death(struct utrace *utrace)
{
	lockdep_assert_held(&utrace->lock);
	if (utrace->life == UTRACE_ALIVE && list_empty(&utrace->engines) &&
	    READ_ONCE(utrace->task->exit_state))
		utrace->life = UTRACE_DEAD;
}

static void utrace_update_syscall_work(struct task_struct *task)
{
	if (utrace_task_wants(task, UTRACE_TASK_SYSCALL)) {
		set_task_syscall_work(task, SYSCALL_TRACE);
		return;
	}
	clear_task_syscall_work(task, SYSCALL_TRACE);
}

#define UTRACE_EVENT_FATAL	(UTRACE_EVENT(SIGNAL_TERM) | \
				 UTRACE_EVENT(SIGNAL_CORE))

/* Does an engine keep fatal signals from the short cut?  utrace->lock held. */
static bool utrace_keeps_fatal(struct utrace *utrace)
{
	struct utrace_engine *engine;

	list_for_each_entry(engine, &utrace->engines, entry)
		if ((engine->flags & UTRACE_EVENT_FATAL) &&
		    !engine->ops->leaves_fatal)
			return true;
	return false;
}

/* Engines or their masks changed; utrace->lock held. */
void utrace_update_flags(struct utrace *utrace)
{
	struct task_struct *task = utrace->task;
	struct utrace_engine *engine;
	u32 old = task->utrace_flags;
	u32 flags = old & ~(UTRACE_EVENT_ALL | UTRACE_TASK_SIGNAL_FATAL);

	lockdep_assert_held(&utrace->lock);
	list_for_each_entry(engine, &utrace->engines, entry)
		flags |= engine->flags;
	if ((flags & UTRACE_EVENT_FATAL) && utrace_keeps_fatal(utrace))
		flags |= UTRACE_TASK_SIGNAL_FATAL;
	WRITE_ONCE(task->utrace_flags, flags);
	if ((old ^ flags) & UTRACE_TASK_SYSCALL)
		utrace_update_syscall_work(task);
	if (old & ~flags & UTRACE_TASK_JCTL)
		utrace->jctl_stopped = false;
	if (old & ~flags & UTRACE_TASK_GROUP_STOP)
		utrace_restore_group_stop(task);
}

/*
 * Take the utrace from its task if nothing needs it any more; utrace->lock
 * held, and the caller holds a count of its own.
 */
void utrace_drop_if_idle(struct utrace *utrace)
{
	struct task_struct *task = utrace->task;

	lockdep_assert_held(&utrace->lock);
	if (!task || !list_empty(&utrace->engines) || utrace->cloning)
		return;
	/* only the task itself can disarm its step, and take its last trap */
	if (utrace->life == UTRACE_ALIVE &&
	    ((task->utrace_flags & UTRACE_TASK_STEPPING) || utrace->step_left)) {
		utrace_want_report(utrace);
		return;
	}
	WRITE_ONCE(task->utrace_flags, task->utrace_flags & UTRACE_TASK_STARTING);
	utrace->task = NULL;
	/* the flags above come first: the next utrace has a lock of its own */
	smp_store_release((__force struct utrace **)&task->utrace, NULL);
	utrace_put(utrace);
}

static int __init utrace_init(void)
{
	BUILD_BUG_ON(UTRACE_EVENT(SIGNAL_IGN) != UTRACE_TASK_SIGNAL_IGN);
	BUILD_BUG_ON(UTRACE_EVENT(JCTL) != UTRACE_TASK_JCTL);
	BUILD_BUG_ON(UTRACE_EVENT(SECCOMP) != UTRACE_TASK_SECCOMP);
	BUILD_BUG_ON(UTRACE_EVENT(GROUP_STOP) != UTRACE_TASK_GROUP_STOP);
	BUILD_BUG_ON(UTRACE_EVENT(TRAP) != UTRACE_TASK_TRAP);
	BUILD_BUG_ON(UTRACE_EVENT_SYSCALL != UTRACE_TASK_SYSCALL);
	BUILD_BUG_ON(UTRACE_EVENT_ALL & UTRACE_TASK_SIGNAL_FATAL);

	utrace_cachep = KMEM_CACHE(utrace, SLAB_PANIC | SLAB_ACCOUNT);
	return 0;
}
core_initcall(utrace_init);
