// SPDX-License-Identifier: GPL-2.0-only
/*
 * A task about to die of a core-dumping signal is stopped instead, by an
 * ordinary job control stop with the signal put back in its queue.  So it is
 * like any stopped process to those who find it: a debugger can attach and
 * meets the signal as soon as it lets the task run; SIGKILL kills; SIGCONT
 * lets the task meet its signal again, and then it may die of it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/slab.h>

#include "crash-suspend.h"

/* While a task is held we want to know when that is over as well */
#define HELD_EVENTS	(WATCH_EVENTS | UTRACE_EVENT(QUIESCE) | \
			 UTRACE_EVENT(EXIT))

static int pid;
module_param(pid, int, 0444);
MODULE_PARM_DESC(pid, "the process to watch, with its children");

static bool all;
module_param(all, bool, 0444);
MODULE_PARM_DESC(all, "watch all processes");

/*
 * utrace_set_events() on oneself, from a callback, fails only if the engine
 * was detached at this moment, and then there is nothing to ask for.
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
	/* Should a debugger drop the signal, tell us before user mode */
	if (utrace_control(current, engine, UTRACE_REPORT))
		pr_debug("task %d: detached\n", task_pid_nr(current));
}

/* The crash is over: the task dies of it now, or goes on without */
static void suspend_over(struct utrace_engine *engine)
{
	held_del(engine->data);
	suspend_ask_for(engine, WATCH_EVENTS);
}

/*
 * The first time a signal would dump core: hold.  When it comes back, it does
 * so because someone who knew what he did let the task go on.  A task that is
 * being debugged we leave to its debugger.
 *
 * Without @orig_ka there is no signal: that is a report other engines asked
 * for, and we get it too because of QUIESCE.
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

/* Event 0: on the way to user mode, so the signal is gone */
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
 * Tasks that are held stay stopped, with the signal in their queue: SIGCONT
 * then kills them.
 */
static void __exit suspend_unload(void)
{
	follow_stop();
	held_exit();
}
module_exit(suspend_unload);

MODULE_DESCRIPTION("utrace sample: stop a task instead of dumping its core");
MODULE_LICENSE("GPL");
