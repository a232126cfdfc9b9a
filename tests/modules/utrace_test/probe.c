// SPDX-License-Identifier: GPL-2.0-only
/*
 * A signal that comes in the middle of a detach.
 *
 * ptrace(2) has taken its mark off the task when it calls utrace_control() to
 * detach its engine, or to resume the task if the engine is to deliver a signal
 * first.  A signal that is sent just then finds the engine's mask, but no
 * tracer.  A probe on that function sends it.
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>

#include "test.h"

static DEFINE_MUTEX(ut_probe_lock);	/* one user at a time */
static struct task_struct *ut_probe_task;	/* only compared */
static int ut_probe_sig;
static atomic_t ut_probe_hits;

static int ut_probe_control(struct kprobe *probe, struct pt_regs *regs)
{
	struct task_struct *task = (void *)regs_get_kernel_argument(regs, 0);

	if (task == READ_ONCE(ut_probe_task) &&
	    !send_sig(ut_probe_sig, task, 0))
		atomic_inc(&ut_probe_hits);
	return 0;
}

static struct kprobe ut_probe = {
	.symbol_name	= "utrace_control",
	.pre_handler	= ut_probe_control,
};

static int ut_probe_put(void)
{
	if (!ut_probe_task)
		return 0;
	unregister_kprobe(&ut_probe);
	ut_probe_task = NULL;
	return atomic_xchg(&ut_probe_hits, 0);
}

static int ut_probe_set(struct task_struct *task, int sig)
{
	int ret;

	/* what registering filled in last time */
	ut_probe.addr = NULL;
	ut_probe.flags = 0;
	ut_probe_sig = sig;
	ut_probe_task = task;
	ret = register_kprobe(&ut_probe);
	if (ret)
		ut_probe_task = NULL;
	return ret;
}

/*
 * From now on @sig is sent to @task whenever one of its engines is controlled.
 * Without @task: no more; returns how many were sent.
 */
int ut_probe_signal(struct task_struct *task, int sig)
{
	int ret;

	mutex_lock(&ut_probe_lock);
	ret = ut_probe_put();
	if (task)
		ret = ut_probe_set(task, sig);
	mutex_unlock(&ut_probe_lock);
	return ret;
}
