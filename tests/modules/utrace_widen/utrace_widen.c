// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delay a task at an instruction of the kernel, to widen a race.
 *
 *	echo SYMBOL OFFSET PID NTH LIMIT >/sys/module/utrace_widen/parameters/probe
 *	cat /sys/module/utrace_widen/parameters/reached
 *	echo 1 >/sys/module/utrace_widen/parameters/open
 *
 * When the task reaches SYMBOL + OFFSET for the NTH time, it spins with
 * preemption disabled until 1 is written to "open", or for LIMIT milliseconds:
 * the other side of the race may be unable to proceed until the task does.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#define MAX_LIMIT_MS	2000

static DEFINE_MUTEX(probe_lock);
static char symbol[KSYM_NAME_LEN];
static int offset, pid, nth, limit;
static int calls;		/* of the task with this pid */
static bool registered;

static int reached;
module_param(reached, int, 0444);
static int opened;
module_param_named(open, opened, int, 0200);

static int widen(struct kprobe *probe, struct pt_regs *regs)
{
	u64 end;

	if (current->pid != pid || ++calls != nth)
		return 0;
	end = ktime_get_mono_fast_ns() + (u64)limit * NSEC_PER_MSEC;
	WRITE_ONCE(reached, 1);
	while (!READ_ONCE(opened) && ktime_get_mono_fast_ns() < end)
		cpu_relax();
	return 0;
}

static struct kprobe kprobe;

static void widen_remove(void)
{
	if (registered)
		unregister_kprobe(&kprobe);
	registered = false;
}

static int widen_place(const char *val)
{
	int ret;

	widen_remove();
	/* 511: KSYM_NAME_LEN - 1 */
	if (sscanf(val, "%511s %d %d %d %d", symbol, &offset, &pid, &nth,
		   &limit) != 5 ||
	    limit <= 0 || limit > MAX_LIMIT_MS)
		return -EINVAL;
	calls = 0;
	reached = 0;
	opened = 0;
	kprobe = (struct kprobe){
		.symbol_name = symbol, .offset = offset, .pre_handler = widen,
	};
	ret = register_kprobe(&kprobe);
	registered = !ret;
	return ret;
}

static int widen_set(const char *val, const struct kernel_param *kp)
{
	int ret;

	mutex_lock(&probe_lock);
	ret = widen_place(val);
	mutex_unlock(&probe_lock);
	return ret;
}

static const struct kernel_param_ops widen_ops = { .set = widen_set };

module_param_cb(probe, &widen_ops, NULL, 0200);

static int __init widen_init(void)
{
	return 0;
}

static void __exit widen_exit(void)
{
	widen_remove();
}

module_init(widen_init);
module_exit(widen_exit);
MODULE_DESCRIPTION("utrace test: widen a race at a kernel function");
MODULE_LICENSE("GPL");
