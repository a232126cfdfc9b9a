// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine: one on each task of the trees to count.  It also attaches to new
 * children and threads.  There is no list of engines.  To find them, search all
 * tasks for an engine with our ops.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/utrace.h>
#include <asm/syscall.h>

#include "syscall-count.h"

#define COUNT_EVENTS	(UTRACE_EVENT_SYSCALL | UTRACE_EVENT(CLONE))

/**
 * struct counted - the engine's data, one for each task
 * @row: the current system call; NULL outside of a call, or if the entry of
 *	the call was not reported
 * @start: time of the entry
 *
 * Only the task itself accesses this, in callbacks, so there is no lock.
 */
struct counted {
	struct row *row;
	u64 start;
};

/* Serializes follow_tree() and follow_stop() */
static DEFINE_MUTEX(follow_lock);

/* Attach no new engines: otherwise follow_stop() might never end, with forks */
static bool stopping;

/* Number of engines that are being attached or have not been released */
static atomic_t engines;

static const struct utrace_engine_ops count_ops;

/* Attach to @task.  Returns -EEXIST if it already has our engine. */
static int follow_task(struct task_struct *task, gfp_t gfp)
{
	int flags = UTRACE_ATTACH_CREATE | UTRACE_ATTACH_EXCLUSIVE |
		    UTRACE_ATTACH_MATCH_OPS;
	struct counted *counted = kzalloc(sizeof(*counted), gfp);
	struct utrace_engine *engine;
	int ret;

	if (!counted)
		return -ENOMEM;
	if (!gfpflags_allow_blocking(gfp))
		flags |= UTRACE_ATTACH_ATOMIC;
	atomic_inc(&engines);
	engine = utrace_attach_task(task, flags, &count_ops, counted);
	if (IS_ERR(engine)) {
		kfree(counted);
		atomic_dec(&engines);
		return PTR_ERR(engine);
	}
	ret = utrace_set_events(task, engine, COUNT_EVENTS);
	utrace_engine_put(engine);
	return ret;
}

/*
 * The parent has an engine, as this is its callback.  So @engines is not 0, and
 * follow_stop() does not return before this callback does.
 */
static u32 count_clone(u32 action, struct utrace_engine *engine,
		       unsigned long clone_flags, struct task_struct *child)
{
	if (!READ_ONCE(stopping) && follow_task(child, GFP_KERNEL))
		pr_warn_ratelimited("cannot follow task %d\n",
				    task_pid_nr(child));
	return UTRACE_RESUME;
}

/* Return the result of the engines before this one: do not change the call */
static u32 count_entry(u32 action, struct utrace_engine *engine,
		       struct pt_regs *regs)
{
	struct counted *counted = engine->data;

	/* The same entry can be reported again after a stop: count it once */
	if (!(action & UTRACE_SYSCALL_RESUMED)) {
		counted->row = table_row(regs);
		counted->start = ktime_get_ns();
		atomic64_inc(&counted->row->calls);
	}
	return utrace_syscall_action(action) | UTRACE_RESUME;
}

static u32 count_exit(u32 action, struct utrace_engine *engine,
		      struct pt_regs *regs)
{
	struct counted *counted = engine->data;
	struct row *row = counted->row;

	/* The engine may have been attached during this call */
	if (!row)
		return UTRACE_RESUME;
	counted->row = NULL;
	atomic64_add(ktime_get_ns() - counted->start, &row->ns);
	/* After sigreturn the number is -1, and there is no result */
	if (syscall_get_nr(current, regs) != -1 &&
	    syscall_get_error(current, regs))
		atomic64_inc(&row->errors);
	return UTRACE_RESUME;
}

static void count_release(void *data)
{
	kfree(data);
	atomic_dec(&engines);
}

static const struct utrace_engine_ops count_ops = {
	.report_clone		= count_clone,
	.report_syscall_entry	= count_entry,
	.report_syscall_exit	= count_exit,
	.release		= count_release,
	.name			= "syscall-count",
};

static struct utrace_engine *find_engine(struct task_struct *task)
{
	return utrace_attach_task(task, UTRACE_ATTACH_MATCH_OPS |
				  UTRACE_ATTACH_ATOMIC, &count_ops, NULL);
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
 * Attach to all tasks in the tree of @root that do not have our engine.
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

		if (task->exit_state || !in_tree(task, root))
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
int follow_tree(int nr)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *root = get_pid_task(pid, PIDTYPE_PID);
	int ret = -ESRCH;

	put_pid(pid);
	if (!root)
		return ret;
	mutex_lock(&follow_lock);
	do {
		ret = follow_new(root);
		if (ret > 0)
			schedule_timeout_interruptible(1);
	} while (ret > 0 && !signal_pending(current));
	mutex_unlock(&follow_lock);
	put_task_struct(root);
	if (ret > 0)
		return -EINTR;
	return ret == -EEXIST ? 0 : ret;
}

static void detach_all(void)
{
	struct task_struct *process, *task;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		struct utrace_engine *engine = find_engine(task);

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
 * no callback is running or will be called.  count_release() has returned as
 * well: the layer calls it in an RCU read-side section, hence
 * synchronize_rcu().
 */
void follow_stop(void)
{
	mutex_lock(&follow_lock);
	WRITE_ONCE(stopping, true);
	while (atomic_read(&engines)) {
		detach_all();
		schedule_timeout_uninterruptible(1);
	}
	synchronize_rcu();
	WRITE_ONCE(stopping, false);
	mutex_unlock(&follow_lock);
}

/* Print a line for each task that has our engine */
int follow_show(struct seq_file *m, void *v)
{
	struct task_struct *process, *task;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		struct utrace_engine *engine = find_engine(task);

		if (IS_ERR(engine))
			continue;
		seq_printf(m, "%d %d %s\n", task_pid_nr(task),
			   task_tgid_nr(task), task->comm);
		utrace_engine_put(engine);
	}
	rcu_read_unlock();
	return 0;
}
