// SPDX-License-Identifier: GPL-2.0-only
/*
 * Send a signal in the middle of a detach.
 *
 * ptrace(2) has cleared the task's ->ptrace when it calls utrace_control() to
 * detach its engine, or to resume the task if the engine still has to deliver a
 * signal.  A signal that is sent at this moment finds the engine's event mask,
 * but no tracer.  A kprobe on utrace_control() sends one there.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>

#include "test.h"

static DEFINE_MUTEX(ut_probe_lock);	/* serializes ut_probe_signal() */
static struct task_struct *ut_probe_task;	/* compared with the argument */
static int ut_probe_sig;
static int ut_probe_hits;		/* written by the sender only */

/*
 * utrace_control() may be called with locks held, so its probe must not take
 * siglock.  A kernel thread on another CPU sends the signal, and the probe
 * spins until it has.
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
	/* the caller of utrace_control() keeps the task from being freed */
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
	/* the previous register_kprobe() has set these */
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
 * Send @sig to @task at each utrace_control() of @task, until the next call.
 * Returns an errno, or without @task the number of signals sent so far.
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
