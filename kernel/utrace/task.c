// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct utrace is allocated for the first engine, and freed when the task and
 * all engines are.  Code that may use the task may use it, without a reference
 * or RCU.  Some 240 bytes remain after the last engine is detached.
 */
#include <linux/build_bug.h>
#include <linux/init.h>
#include <linux/slab.h>

#include "walk.h"

static struct kmem_cache *utrace_cachep;

static void utrace_free(struct utrace *utrace)
{
	struct utrace_block *block;

	while ((block = utrace->blocks)) {
		utrace->blocks = block->older;
		kfree(block);
	}
	kmem_cache_free(utrace_cachep, utrace);
}

void __utrace_put(struct utrace *utrace)
{
	if (refcount_dec_and_test(&utrace->count))
		utrace_free(utrace);
}

/* Called by free_task().  Only the child of a failed fork still has engines. */
void __utrace_hook_free_task(struct task_struct *task)
{
	struct utrace *utrace = utrace_of(task);

	while (utrace->nr && utrace_reap_engine(utrace))
		;
	__utrace_put(utrace);
}

static struct utrace *utrace_alloc(struct task_struct *task, gfp_t gfp)
{
	struct utrace *utrace = kmem_cache_zalloc(utrace_cachep, gfp);

	if (!utrace)
		return NULL;
	refcount_set(&utrace->count, 1);
	utrace->task = task;
	utrace->slots = utrace->first;
	utrace->size = UTRACE_FIRST_SLOTS;
	spin_lock_init(&utrace->lock);
	init_waitqueue_head(&utrace->barrier);
	return utrace;
}

/* Returns the utrace of @task, allocated if needed, or NULL without memory. */
struct utrace *utrace_get_new(struct task_struct *task, gfp_t gfp)
{
	struct utrace *utrace = utrace_of(task);
	struct utrace *new;

	if (likely(utrace))
		return utrace;
	new = utrace_alloc(task, gfp);
	if (!new)
		return NULL;
	utrace = cmpxchg(&task->utrace, NULL, new);
	if (!utrace)
		return new;
	utrace_free(new);
	return utrace;
}

/*
 * Did the task die before it had a utrace?  utrace->lock held.  If engines are
 * attached, __utrace_hook_exit_notify() follows, and determines their reports.
 */
void utrace_note_death(struct utrace *utrace)
{
	lockdep_assert_held(&utrace->lock);
	if (utrace->life != UTRACE_ALIVE || utrace->nr)
		return;
	/*
	 * task->utrace was written, perhaps by another task, before this reads
	 * exit_state.  Pairs with the barriers in utrace_hook_exit_notify() and
	 * utrace_hook_reap().
	 */
	smp_mb();
	if (READ_ONCE(utrace->task->exit_state))
		utrace->life = UTRACE_DEAD;
}

static void utrace_update_syscall_work(struct task_struct *task)
{
	if (utrace_task_wants(task, UTRACE_EVENT_SYSCALL))
		set_task_syscall_work(task, SYSCALL_TRACE);
	else
		clear_task_syscall_work(task, SYSCALL_TRACE);
}

#define UTRACE_EVENT_FATAL	(UTRACE_EVENT(SIGNAL_TERM) | \
				 UTRACE_EVENT(SIGNAL_CORE))

/* Returns the task flags for an engine with @events. */
static u32 utrace_flags_for(struct utrace_engine *engine, unsigned long events)
{
	const struct utrace_builtin_ops *builtin = engine->ops->builtin;
	u32 flags = events & UTRACE_EVENT_ALL;

	if ((flags & UTRACE_EVENT_FATAL) && !(builtin && builtin->leaves_fatal))
		flags |= UTRACE_TASK_SIGNAL_FATAL;
	return flags;
}

/* The mask of @changed becomes @events, perhaps 0; utrace->lock held. */
void utrace_update_flags(struct utrace *utrace, struct utrace_engine *changed,
			 unsigned long events)
{
	struct task_struct *task = utrace->task;
	struct utrace_cursor at = utrace_all(utrace);
	u32 old = task->utrace_flags;
	u32 flags = old & ~(UTRACE_EVENT_ALL | UTRACE_TASK_SIGNAL_FATAL);
	u32 most;

	lockdep_assert_held(&utrace->lock);
	flags |= utrace_flags_for(changed, events);
	/* The first of many engines usually have all flags. */
	most = old | flags;
	while (utrace_each(&at)) {
		if (flags == most)
			break;
		flags |= utrace_flags_for(at.engine, at.engine->flags);
	}
	WRITE_ONCE(task->utrace_flags, flags);
	if ((old ^ flags) & UTRACE_EVENT_SYSCALL)
		utrace_update_syscall_work(task);
	if (old & ~flags & UTRACE_TASK_JCTL)
		WRITE_ONCE(utrace->jctl_stopped, false);
	if (old & ~flags & UTRACE_TASK_GROUP_STOP)
		utrace_restore_group_stop(task);
}

static int __init utrace_init(void)
{
	BUILD_BUG_ON(UTRACE_EVENT(SIGNAL_IGN) != UTRACE_TASK_SIGNAL_IGN);
	BUILD_BUG_ON(UTRACE_EVENT_SIGNAL_ALL != UTRACE_TASK_SIGNALS);
	BUILD_BUG_ON(UTRACE_EVENT(JCTL) != UTRACE_TASK_JCTL);
	BUILD_BUG_ON(UTRACE_EVENT(SECCOMP) != UTRACE_TASK_SECCOMP);
	BUILD_BUG_ON(UTRACE_EVENT(GROUP_STOP) != UTRACE_TASK_GROUP_STOP);
	BUILD_BUG_ON(UTRACE_EVENT(TRAP) != UTRACE_TASK_TRAP);
	BUILD_BUG_ON(UTRACE_EVENT(SYSCALL_ENTRY) != UTRACE_TASK_SYSCALL_ENTRY);
	BUILD_BUG_ON(UTRACE_EVENT(SYSCALL_EXIT) != UTRACE_TASK_SYSCALL_EXIT);
	BUILD_BUG_ON(UTRACE_EVENT_ALL & UTRACE_TASK_SIGNAL_FATAL);

	utrace_cachep = KMEM_CACHE(utrace, SLAB_PANIC | SLAB_ACCOUNT);
	return 0;
}
core_initcall(utrace_init);
