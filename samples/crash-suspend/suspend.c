// SPDX-License-Identifier: GPL-2.0-only
/*
 * If a task is about to die of a signal that dumps core, stop it instead.  The
 * stop is an ordinary job control stop, and the signal is queued again.  So the
 * task is like any other stopped process: a debugger can attach, and sees the
 * signal when it resumes the task; SIGKILL kills the task; after SIGCONT the
 * task dequeues the signal again, and may die of it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/slab.h>

#include "crash-suspend.h"

/* The event mask of a held task.  It includes the events that end the hold. */
#define HELD_EVENTS	(WATCH_EVENTS | UTRACE_EVENT(QUIESCE) | \
			 UTRACE_EVENT(EXIT))

static int pid;
module_param(pid, int, 0444);
MODULE_PARM_DESC(pid, "the process to watch, with its children");

static bool all;
module_param(all, bool, 0444);
MODULE_PARM_DESC(all, "watch all processes");

/*
 * In a callback, utrace_set_events() on current fails only if the engine has
 * been detached.  Then no events are needed.
 */
static void suspend_ask_for(struct utrace_engine *engine, unsigned long events)
{
	if (utrace_set_events(current, engine, events))
		pr_debug("task %d: detached\n", task_pid_nr(current));
}

static void suspend_hold(struct utrace_engine *engine, struct pt_regs *regs,
			 const kernel_siginfo_t *info)
{
	held_add(engine->data, regs, info);
	suspend_ask_for(engine, HELD_EVENTS);
	/* Report before user mode, in case a debugger discards the signal */
	if (utrace_control(current, engine, UTRACE_REPORT))
		pr_debug("task %d: detached\n", task_pid_nr(current));
}

/* The hold is over: the task dies of the signal, or continues without it */
static void suspend_over(struct utrace_engine *engine)
{
	held_del(engine->data);
	suspend_ask_for(engine, WATCH_EVENTS);
}

/*
 * Hold the task the first time a signal would dump core.  If the same signal is
 * reported again, a user or a debugger has resumed the task: do not hold it
 * again.  Do not hold a task that has a debugger.
 *
 * If @orig_ka is NULL, there is no signal.  This is a report that an engine
 * requested, and it is made to this engine as well because of QUIESCE.
 */
static u32 suspend_signal(u32 action, struct utrace_engine *engine,
			  struct pt_regs *regs, kernel_siginfo_t *info,
			  const struct k_sigaction *orig_ka,
			  struct k_sigaction *return_ka)
{
	struct watched *w = engine->data;
	u32 verdict = utrace_signal_action(action);

	if (!orig_ka || verdict != UTRACE_SIGNAL_CORE)
		return verdict | UTRACE_RESUME;
	if (held_before(w, info)) {
		pr_info("%s[%d] let go, signal %d %s\n", current->comm,
			task_pid_nr(current), info->si_signo,
			current->ptrace ? "is its debugger's" : "ends it");
		suspend_over(engine);
		return verdict | UTRACE_RESUME;
	}
	if (current->ptrace)
		return verdict | UTRACE_RESUME;
	suspend_hold(engine, regs, info);
	return UTRACE_SIGNAL_STOP | UTRACE_SIGNAL_HOLD | UTRACE_RESUME;
}

/* Event 0: the task returns to user mode, so the signal was discarded */
static u32 suspend_quiesce(u32 action, struct utrace_engine *engine,
			   unsigned long event)
{
	struct watched *w = engine->data;

	if (!event && w->held) {
		pr_info("%s[%d] goes on without the signal\n", current->comm,
			task_pid_nr(current));
		suspend_over(engine);
	}
	return UTRACE_RESUME;
}

static u32 suspend_exit(u32 action, struct utrace_engine *engine,
			long orig_code, long *code)
{
	suspend_over(engine);
	return UTRACE_RESUME;
}

static u32 suspend_clone(u32 action, struct utrace_engine *engine,
			 unsigned long clone_flags, struct task_struct *child)
{
	if (follow_child(child))
		pr_warn_ratelimited("cannot follow task %d\n",
				    task_pid_nr(child));
	return UTRACE_RESUME;
}

static void suspend_release(void *data)
{
	held_del(data);
	kfree(data);
	follow_released();
}

const struct utrace_engine_ops suspend_ops = {
	.report_signal	= suspend_signal,
	.report_quiesce	= suspend_quiesce,
	.report_exit	= suspend_exit,
	.report_clone	= suspend_clone,
	.release	= suspend_release,
	.name		= "crash-suspend",
};

static int __init suspend_load(void)
{
	int ret;

	if (all == !!pid) {
		pr_err("load me with pid=NUMBER or with all=1\n");
		return -EINVAL;
	}
	ret = held_init();
	if (ret)
		return ret;
	ret = all ? follow_all() : follow_pid(pid);
	if (ret) {
		follow_stop();
		held_exit();
	}
	return ret;
}
module_init(suspend_load);

/*
 * Held tasks remain stopped with the signal queued.  SIGCONT then kills them.
 */
static void __exit suspend_unload(void)
{
	follow_stop();
	held_exit();
}
module_exit(suspend_unload);

MODULE_DESCRIPTION("utrace sample: stop a task instead of dumping its core");
MODULE_LICENSE("GPL");
