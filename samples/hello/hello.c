// SPDX-License-Identifier: GPL-2.0-only
/*
 * The smallest useful engine: log when one task forks, executes a program, or
 * exits.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/binfmts.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/utrace.h>

#define HELLO_EVENTS	(UTRACE_EVENT(CLONE) | UTRACE_EVENT(EXEC) | \
			 UTRACE_EVENT(EXIT))

static int pid;
module_param(pid, int, 0444);
MODULE_PARM_DESC(pid, "the task to watch");

static struct task_struct *target;
static struct utrace_engine *engine;
static DECLARE_COMPLETION(released);

/*
 * The callbacks.  They run in the watched task itself, so current is that
 * task, and they may sleep.  A callback that returns UTRACE_RESUME requests
 * nothing: the task continues.
 */

static u32 hello_clone(u32 action, struct utrace_engine *engine,
		       unsigned long clone_flags, struct task_struct *child)
{
	pr_info("%s[%d] made %s %d\n", current->comm, task_pid_nr(current),
		clone_flags & CLONE_THREAD ? "thread" : "process",
		task_pid_nr(child));
	return UTRACE_RESUME;
}

static u32 hello_exec(u32 action, struct utrace_engine *engine,
		      const struct linux_binfmt *fmt,
		      const struct linux_binprm *bprm, struct pt_regs *regs)
{
	pr_info("%s[%d] runs %s\n", current->comm, task_pid_nr(current),
		bprm->filename);
	return UTRACE_RESUME;
}

static u32 hello_exit(u32 action, struct utrace_engine *engine,
		      long orig_code, long *code)
{
	pr_info("%s[%d] exits, wait status %#lx\n", current->comm,
		task_pid_nr(current), *code);
	return UTRACE_RESUME;
}

/* Called when the last reference was dropped: hello_ops is not used any more */
static void hello_release(void *data)
{
	complete(&released);
}

static const struct utrace_engine_ops hello_ops = {
	.report_clone	= hello_clone,
	.report_exec	= hello_exec,
	.report_exit	= hello_exit,
	.release	= hello_release,
	.name		= "hello",
};

/*
 * The unload rule: the module must not be unloaded while the layer can use its
 * code or data.  Three steps are necessary:
 *
 * - Detach.  If this returns -EALREADY, the task is reporting its death: wait
 *   and try again.  Any other error means that the engine is already detached,
 *   because the task was reaped.
 * - Drop our reference, and wait until hello_release() is called: a callback
 *   that runs on another CPU holds a reference, too.
 * - synchronize_rcu(), because hello_release() may not have returned yet.  The
 *   layer calls it in an RCU read-side section.
 *
 * None of these steps is necessary with .owner = THIS_MODULE in the ops.  Then
 * the layer holds a reference to the module from attach until ->release has
 * returned, and rmmod fails while the task lives.
 */
static void hello_detach(void)
{
	while (utrace_control(target, engine, UTRACE_DETACH) == -EALREADY)
		schedule_timeout_uninterruptible(1);
	utrace_engine_put(engine);
	wait_for_completion(&released);
	synchronize_rcu();
	put_task_struct(target);
}

static int __init hello_load(void)
{
	struct pid *nr = find_get_pid(pid);
	int ret;

	target = get_pid_task(nr, PIDTYPE_PID);
	put_pid(nr);
	if (!target) {
		pr_err("there is no task %d: load me with pid=NUMBER\n", pid);
		return -ESRCH;
	}
	/* Returns a reference: the engine remains valid until we drop it */
	engine = utrace_attach_task(target, UTRACE_ATTACH_CREATE, &hello_ops,
				    NULL);
	if (IS_ERR(engine)) {
		put_task_struct(target);
		return PTR_ERR(engine);
	}
	/* The event mask of a new engine is empty */
	ret = utrace_set_events(target, engine, HELLO_EVENTS);
	if (ret)
		hello_detach();
	else
		pr_info("watching task %d\n", pid);
	return ret;
}
module_init(hello_load);

static void __exit hello_unload(void)
{
	hello_detach();
	pr_info("good bye\n");
}
module_exit(hello_unload);

MODULE_DESCRIPTION("utrace sample: the smallest engine");
MODULE_LICENSE("GPL");
