// SPDX-License-Identifier: GPL-2.0-only
/*
 * No memory: one of the slab allocations that a call makes fails.
 *
 * The kernel's own fault injection is not in our configurations, but the place
 * it uses is always there: should_failslab().
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/slab.h>

#include "test.h"

static DEFINE_MUTEX(ut_memory_lock);	/* one user at a time */
static struct task_struct *ut_memory_task;
static unsigned int ut_memory_left;	/* allocations until the one that fails */

/* In place of should_failslab() */
static noinline int ut_no_memory(struct kmem_cache *cache, gfp_t gfp)
{
	return -ENOMEM;
}

static int ut_memory_probe(struct kprobe *probe, struct pt_regs *regs)
{
	gfp_t gfp = (__force gfp_t)regs_get_kernel_argument(regs, 1);

	/* not in an interrupt; the breakpoint of the probe counts as one */
	if (current != ut_memory_task || in_serving_softirq() ||
	    hardirq_count() > HARDIRQ_OFFSET)
		return 0;
	/* what debugging allocates on the way may fail, and is not meant */
	if (gfp & __GFP_NOWARN)
		return 0;
	if (!ut_memory_left || --ut_memory_left)
		return 0;
	instruction_pointer_set(regs, (unsigned long)ut_no_memory);
	return 1;
}

/* With this the probe stays a breakpoint: from a jump it could not go elsewhere */
static void ut_memory_probed(struct kprobe *probe, struct pt_regs *regs,
			     unsigned long flags)
{
}

static struct kprobe ut_memory_kprobe = {
	.symbol_name	= "should_failslab",
	.pre_handler	= ut_memory_probe,
	.post_handler	= ut_memory_probed,
};

/* Until ut_memory_back() the @nth allocation of this task fails. */
int ut_memory_out(unsigned int nth)
{
	int ret;

	mutex_lock(&ut_memory_lock);
	/* what registering filled in last time */
	ut_memory_kprobe.addr = NULL;
	ut_memory_kprobe.flags = 0;
	ret = register_kprobe(&ut_memory_kprobe);
	if (ret) {
		mutex_unlock(&ut_memory_lock);
		return ret;
	}
	ut_memory_left = nth;
	ut_memory_task = current;
	return 0;
}

/* Returns whether there was such an allocation. */
bool ut_memory_back(void)
{
	bool failed = !ut_memory_left;

	ut_memory_task = NULL;
	unregister_kprobe(&ut_memory_kprobe);
	mutex_unlock(&ut_memory_lock);
	return failed;
}
