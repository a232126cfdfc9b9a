// SPDX-License-Identifier: GPL-2.0-only
/*
 * A signal that comes in the middle of a detach.
 *
 * ptrace(2) has taken its mark off the task when it calls utrace_control() to
 * detach its engine, or to resume the task if the engine is to deliver a signal
 * first.  A signal that is sent just then finds the engine's mask, but no
 * tracer.  A probe on that function has it sent.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>

#include "test.h"

static DEFINE_MUTEX(ut_probe_lock);	/* one user at a time */
static struct task_struct *ut_probe_task;	/* only compared */
static int ut_probe_sig;
static int ut_probe_hits;		/* the sender's own */

/*
 * A probe may come in any context and takes no locks.  So it waits for a kernel
 * thread on another processor, which sends the signal.
 */
#define UT_SENDER_CPU	1
#define UT_SENDER_LIMIT	NSEC_PER_SEC

static struct task_struct *ut_sender;
static int ut_send_now;

static int ut_send(void *unused)
{
	while (!kthread_should_stop()) {
		/* pairs with the release in ut_probe_control() */
		if (smp_load_acquire(&ut_send_now)) {
			ut_probe_hits += !send_sig(ut_probe_sig, ut_probe_task, 0);
			WRITE_ONCE(ut_send_now, 0);
		}
		cond_resched();
	}
	return 0;
}

static int ut_probe_control(struct kprobe *probe, struct pt_regs *regs)
{
	u64 end = ktime_get_mono_fast_ns() + UT_SENDER_LIMIT;

	if ((void *)regs_get_kernel_argument(regs, 0) != ut_probe_task ||
	    raw_smp_processor_id() == UT_SENDER_CPU)
		return 0;
	/* the task is not freed meanwhile: it is being controlled */
	smp_store_release(&ut_send_now, 1);
	while (READ_ONCE(ut_send_now) && ktime_get_mono_fast_ns() < end)
		cpu_relax();
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
	kthread_stop(ut_sender);
	ut_probe_task = NULL;
	return ut_probe_hits;
}

static int ut_probe_set(struct task_struct *task, int sig)
{
	int ret;

	if (!cpu_online(UT_SENDER_CPU))
		return -ENODEV;
	ut_probe_hits = 0;
	ut_send_now = 0;
	ut_probe_sig = sig;
	ut_probe_task = task;
	ut_sender = kthread_create(ut_send, NULL, "utrace_test_sender");
	if (IS_ERR(ut_sender)) {
		ut_probe_task = NULL;
		return PTR_ERR(ut_sender);
	}
	kthread_bind(ut_sender, UT_SENDER_CPU);
	wake_up_process(ut_sender);
	/* what registering filled in last time */
	ut_probe.addr = NULL;
	ut_probe.flags = 0;
	ret = register_kprobe(&ut_probe);
	if (ret) {
		kthread_stop(ut_sender);
		ut_probe_task = NULL;
	}
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
