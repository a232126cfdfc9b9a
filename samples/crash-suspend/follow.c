// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach the engine to a tree of processes, or to all processes, and to their
 * children.  There is no list of engines.  To find them, search all tasks for
 * an engine with our ops.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "crash-suspend.h"

/* Attach no new engines: otherwise follow_stop() might never end, with forks */
static bool stopping;

/* Number of engines that are being attached or have not been released */
static atomic_t engines;

/* Attach to @task.  Returns -EEXIST if it already has our engine. */
static int follow_task(struct task_struct *task, gfp_t gfp)
{
	int flags = UTRACE_ATTACH_CREATE | UTRACE_ATTACH_EXCLUSIVE |
		    UTRACE_ATTACH_MATCH_OPS;
	struct watched *w = kzalloc(sizeof(*w), gfp);
	struct utrace_engine *engine;
	int ret;

	if (!w)
		return -ENOMEM;
	if (!gfpflags_allow_blocking(gfp))
		flags |= UTRACE_ATTACH_ATOMIC;
	atomic_inc(&engines);
	engine = utrace_attach_task(task, flags, &suspend_ops, w);
	if (IS_ERR(engine)) {
		kfree(w);
		atomic_dec(&engines);
		return PTR_ERR(engine);
	}
	ret = utrace_set_events(task, engine, WATCH_EVENTS);
	utrace_engine_put(engine);
	return ret;
}

/*
 * Called from report_clone: the parent has an engine, so @engines is not 0, and
 * follow_stop() does not return before this function does.
 */
int follow_child(struct task_struct *child)
{
	return READ_ONCE(stopping) ? 0 : follow_task(child, GFP_KERNEL);
}

/* Called last in ->release */
void follow_released(void)
{
	atomic_dec(&engines);
}

/* Is @task, or one of its ancestors, a thread of the process of @root? */
static bool in_tree(struct task_struct *task, struct task_struct *root)
{
	for (; task_pid_nr(task); task = rcu_dereference(task->real_parent))
		if (same_thread_group(task, root))
			return true;
	return false;
}

/*
 * Attach to all tasks without our engine, or to those in the tree of @root.
 * Returns the number of these tasks.  If there are none, returns -EEXIST, or
 * another errno if an attach failed or there is no task at all.
 */
static int follow_new(struct task_struct *root)
{
	struct task_struct *process, *task;
	int attached = 0, error = -ESRCH;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		int ret;

		if (task->exit_state || task->flags & PF_KTHREAD)
			continue;
		if (root && !in_tree(task, root))
			continue;
		ret = follow_task(task, GFP_ATOMIC);
		/* -ERESTARTNOINTR: the fork is not complete.  Search again */
		if (!ret || ret == -ERESTARTNOINTR)
			attached++;
		else if (ret == -ENOMEM || error == -ESRCH)
			error = ret;
	}
	rcu_read_unlock();
	return attached ?: error;
}

/*
 * The children of a task that has no engine yet are not followed.  So repeat
 * the search until it finds no task without an engine.
 */
static int follow(struct task_struct *root)
{
	int ret;

	do {
		ret = follow_new(root);
		if (ret > 0)
			schedule_timeout_interruptible(1);
	} while (ret > 0 && !signal_pending(current));
	if (ret > 0)
		return -EINTR;
	return ret == -EEXIST ? 0 : ret;
}

int follow_all(void)
{
	return follow(NULL);
}

int follow_pid(int nr)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *root = get_pid_task(pid, PIDTYPE_PID);
	int ret = -ESRCH;

	put_pid(pid);
	if (root) {
		ret = follow(root);
		put_task_struct(root);
	}
	return ret;
}

static void detach_all(void)
{
	struct task_struct *process, *task;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		struct utrace_engine *engine;

		engine = utrace_attach_task(task, UTRACE_ATTACH_MATCH_OPS |
					    UTRACE_ATTACH_ATOMIC,
					    &suspend_ops, NULL);
		if (IS_ERR(engine))
			continue;
		/* -EALREADY: its death is being reported.  Try again later */
		if (utrace_control(task, engine, UTRACE_DETACH) == -EALREADY)
			pr_debug("task %d is dying\n", task_pid_nr(task));
		utrace_engine_put(engine);
	}
	rcu_read_unlock();
}

/*
 * Detach from all tasks.  When this returns, each engine has been released, and
 * no callback is running or will be called.  suspend_release() has returned as
 * well: the layer calls it in an RCU read-side section, hence
 * synchronize_rcu().
 */
void follow_stop(void)
{
	WRITE_ONCE(stopping, true);
	while (atomic_read(&engines)) {
		detach_all();
		schedule_timeout_uninterruptible(1);
	}
	synchronize_rcu();
}
