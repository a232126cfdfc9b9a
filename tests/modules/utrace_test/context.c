// SPDX-License-Identifier: GPL-2.0-only
/*
 * File operations of /dev/utrace_test.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "test.h"

void ut_ctx_put(struct ut_ctx *ctx)
{
	if (!refcount_dec_and_test(&ctx->ref))
		return;
	if (ctx->held)
		put_task_struct(ctx->held);
	put_pid(ctx->held_pid);
	xa_destroy(&ctx->engines);
	kvfree(ctx->ring);
	kfree(ctx);
}

static int ut_open(struct inode *inode, struct file *file)
{
	struct ut_ctx *ctx;

	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	ctx->ring = kvcalloc(UT_LOG_RECORDS, sizeof(*ctx->ring), GFP_KERNEL);
	if (!ctx->ring) {
		kfree(ctx);
		return -ENOMEM;
	}
	refcount_set(&ctx->ref, 1);
	xa_init_flags(&ctx->engines, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_IRQ);
	spin_lock_init(&ctx->log_lock);
	spin_lock_init(&ctx->uprobe_lock);
	INIT_LIST_HEAD(&ctx->uprobes);
	init_waitqueue_head(&ctx->wait);
	init_waitqueue_head(&ctx->gate_wait);
	init_waitqueue_head(&ctx->release_wait);
	file->private_data = ctx;
	return stream_open(inode, file);
}

static int ut_close(struct inode *inode, struct file *file)
{
	struct ut_ctx *ctx = file->private_data;
	struct ut_engine *ue;
	unsigned long handle;

	WRITE_ONCE(ctx->closing, true);
	ut_probe_signal(NULL, 0);
	wake_up_all(&ctx->gate_wait);
	ut_uprobes_remove(ctx);
	xa_for_each(&ctx->engines, handle, ue)
		ut_engine_drop(ue);
	ut_ctx_put(ctx);
	return 0;
}

static ssize_t ut_read(struct file *file, char __user *buf, size_t len,
		       loff_t *pos)
{
	return ut_log_read(file->private_data, buf, len,
			   !(file->f_flags & O_NONBLOCK));
}

static __poll_t ut_poll(struct file *file, poll_table *table)
{
	struct ut_ctx *ctx = file->private_data;

	poll_wait(file, &ctx->wait, table);
	return ut_log_empty(ctx) ? 0 : EPOLLIN | EPOLLRDNORM;
}

static long ut_ioctl_rule(struct ut_ctx *ctx, void __user *arg)
{
	struct ut_rule rule;
	struct ut_engine *ue;
	int ret;

	if (copy_from_user(&rule, arg, sizeof(rule)))
		return -EFAULT;
	ue = ut_engine_find(ctx, rule.handle);
	if (!ue)
		return -EBADSLT;
	ret = ut_rule_add(ue, &rule);
	ut_engine_put(ue);
	return ret;
}

static long ut_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ut_ctx *ctx = file->private_data;
	void __user *p = (void __user *)arg;
	struct ut_call c;
	int ret;

	if (cmd == UT_RULE)
		return ut_ioctl_rule(ctx, p);
	if (copy_from_user(&c, p, sizeof(c)))
		return -EFAULT;
	ret = ut_call(ctx, cmd, &c);
	if (!ret && copy_to_user(p, &c, sizeof(c)))
		ret = -EFAULT;
	return ret;
}

const struct file_operations ut_fops = {
	.owner = THIS_MODULE,
	.open = ut_open,
	.release = ut_close,
	.read = ut_read,
	.poll = ut_poll,
	.unlocked_ioctl = ut_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = no_llseek,
};
