// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine: one on each task of the trees to count, passed on to children
 * and threads.  There is no list of them: whoever looks for them walks all
 * tasks and asks the layer for an engine with our ops.
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
 * @row: the system call the task is in, NULL while it is in none that we saw
 * @start: when it was entered
 *
 * Used by the task alone, in callbacks, so there is no lock.
 */
struct counted {
	struct row *row;
	u64 start;
};

/* Serializes follow_tree() and follow_stop() */
static DEFINE_MUTEX(follow_lock);

/* No new engines: without this, forks could outrun follow_stop() for ever */
static bool stopping;

/* Engines attached and not released yet, or about to be attached */
static atomic_t engines;

static const struct utrace_engine_ops count_ops;

/* Attach to @task, unless we are attached already: then -EEXIST */
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
 * The parent is in this callback, so it has an engine, so @engines is not 0:
 * follow_stop() cannot have finished while we add another.
 */
static u32 count_clone(u32 action, struct utrace_engine *engine,
		       unsigned long clone_flags, struct task_struct *child)
{
	if (!READ_ONCE(stopping) && follow_task(child, GFP_KERNEL))
		pr_warn_ratelimited("cannot follow task %d\n",
				    task_pid_nr(child));
	return UTRACE_RESUME;
}

/* The answer carries on what other engines decided about the system call */
static u32 count_entry(u32 action, struct utrace_engine *engine,
		       struct pt_regs *regs)
{
	struct counted *counted = engine->data;

	/* After a stop another engine may have the entry reported again */
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

	/* We may have been attached in the middle of this call */
	if (!row)
		return UTRACE_RESUME;
	counted->row = NULL;
	atomic64_add(ktime_get_ns() - counted->start, &row->ns);
	/* After a sigreturn, number -1, the result is no result */
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

/* Is @task a thread of @root, or has it one among its ancestors? */
static bool in_tree(struct task_struct *task, struct task_struct *root)
{
	for (; task_pid_nr(task); task = rcu_dereference(task->real_parent))
		if (same_thread_group(task, root))
			return true;
	return false;
}

/*
 * Attach to all of a tree that we are not attached to yet.  Returns how many
 * tasks that were.  If there are none: -EEXIST, all is well, or an errno.
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
		/* Its parent has not finished making it: look again */
		if (!ret || ret == -ERESTARTNOINTR)
			attached++;
		else if (ret == -ENOMEM || error == -ESRCH)
			error = ret;
	}
	rcu_read_unlock();
	return attached ?: error;
}

/*
 * While a task is without engine its children escape us; so look again until
 * a look at the whole tree has found nobody without.
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
		/* -EALREADY: its death is being reported.  We come back */
		if (utrace_control(task, engine, UTRACE_DETACH) == -EALREADY)
			pr_debug("task %d is dying\n", task_pid_nr(task));
		utrace_engine_put(engine);
	}
	rcu_read_unlock();
}

/*
 * Detach from all tasks.  When this returns, each engine has been released, so
 * no callback runs or will run, and count_release() has returned: the layer
 * calls it in an RCU read-side section.
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

/* A line for each task that has our engine */
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
