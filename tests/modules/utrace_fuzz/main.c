// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines with pseudo-random answers: file operations of /dev/utrace_fuzz.
 */
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "fuzz.h"

/* splitmix64 */
u64 uf_mix(u64 x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

void uf_count(struct uf_ctx *ctx, enum uf_count what)
{
	atomic64_inc(&ctx->counts[what]);
}

/* Returns @ret; counts an errno that is not documented. */
int uf_result(struct uf_ctx *ctx, unsigned int call, int ret)
{
	switch (ret) {
	case 0:
	case -EINVAL:
	case -ESRCH:
	case -EALREADY:
	case -EINPROGRESS:
	case -EOPNOTSUPP:
	case -EAGAIN:
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
		return ret;
	}
	uf_count(ctx, UF_BAD_ERRNO);
	atomic64_set(&ctx->counts[UF_LAST_BAD], (u64)call << 32 | -ret);
	return ret;
}

void uf_ctx_put(struct uf_ctx *ctx)
{
	if (!refcount_dec_and_test(&ctx->ref))
		return;
	xa_destroy(&ctx->engines);
	kfree(ctx);
}

static int uf_open(struct inode *inode, struct file *file)
{
	struct uf_ctx *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	int ret;

	if (!ctx)
		return -ENOMEM;
	ret = init_srcu_struct(&ctx->srcu);
	if (ret) {
		kfree(ctx);
		return ret;
	}
	refcount_set(&ctx->ref, 1);
	xa_init_flags(&ctx->engines, XA_FLAGS_ALLOC | XA_FLAGS_LOCK_IRQ);
	init_waitqueue_head(&ctx->wait);
	mutex_init(&ctx->probe_lock);
	file->private_data = ctx;
	return nonseekable_open(inode, file);
}

/* Wait for all callbacks and releases: they use @ctx, which is freed. */
static int uf_close(struct inode *inode, struct file *file)
{
	struct uf_ctx *ctx = file->private_data;

	uf_probes_off(ctx);
	uf_calm(ctx, true);
	while (atomic_read(&ctx->live)) {
		uf_detach_all(ctx);
		wait_event_idle_timeout(ctx->wait, !atomic_read(&ctx->live),
					HZ / 50 + 1);
	}
	synchronize_rcu();
	synchronize_srcu(&ctx->srcu);
	cleanup_srcu_struct(&ctx->srcu);
	uf_ctx_put(ctx);
	return 0;
}

static int uf_call_attach(struct uf_ctx *ctx, struct uf_arg *arg)
{
	struct task_struct *task;
	struct pid *pid;

	if (arg->slot >= UF_SLOTS)
		return -EINVAL;
	pid = find_get_pid(arg->pid);
	task = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	if (!task)
		return -ESRCH;
	arg->res = uf_attach(ctx, task, arg->b, arg->seed, arg->a, arg->slot);
	put_task_struct(task);
	return 0;
}

static int uf_call_engine(struct uf_engine *ue, unsigned int cmd,
			  struct uf_arg *arg)
{
	switch (cmd) {
	case UF_CONTROL:
		arg->res = uf_control(ue, arg->a);
		return 0;
	case UF_EVENTS:
		arg->res = uf_events(ue, arg->a);
		return 0;
	case UF_BARRIER:
		arg->res = uf_barrier(ue);
		return 0;
	case UF_EXAMINE:
		arg->res = uf_examine(ue, arg);
		return 0;
	case UF_DETACH:
		arg->res = uf_detach(ue, arg->a);
		return 0;
	}
	return -ENOTTY;
}

static int uf_call(struct uf_ctx *ctx, unsigned int cmd, struct uf_arg *arg)
{
	struct uf_engine *ue;
	int ret, i;

	switch (cmd) {
	case UF_ATTACH:
		return uf_call_attach(ctx, arg);
	case UF_CALM:
		uf_calm(ctx, arg->a);
		return 0;
	case UF_RESUME_ALL:
		uf_resume_all(ctx);
		return 0;
	case UF_DETACH_ALL:
		uf_detach_all(ctx);
		return 0;
	case UF_COUNTS:
		for (i = 0; i < UF_NCOUNTS; i++)
			arg->out[i] = atomic64_read(&ctx->counts[i]);
		return 0;
	case UF_WAIT:
		wait_event_interruptible_timeout(ctx->wait,
						 !atomic_read(&ctx->live),
						 msecs_to_jiffies(arg->a));
		arg->res = atomic_read(&ctx->live);
		return 0;
	case UF_PROBE:
		return uf_probe(ctx, arg);
	}
	ue = uf_in_slot(ctx, arg->slot);
	if (!ue)
		return -EBADSLT;
	ret = uf_call_engine(ue, cmd, arg);
	uf_engine_put(ue);
	return ret;
}

static long uf_ioctl(struct file *file, unsigned int cmd, unsigned long p)
{
	struct uf_arg arg;
	int ret;

	if (copy_from_user(&arg, (void __user *)p, sizeof(arg)))
		return -EFAULT;
	ret = uf_call(file->private_data, cmd, &arg);
	if (!ret && copy_to_user((void __user *)p, &arg, sizeof(arg)))
		ret = -EFAULT;
	return ret;
}

static const struct file_operations uf_fops = {
	.owner = THIS_MODULE,
	.open = uf_open,
	.release = uf_close,
	.unlocked_ioctl = uf_ioctl,
	.llseek = no_llseek,
};

static struct miscdevice uf_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "utrace_fuzz",
	.fops = &uf_fops,
	.mode = 0600,
};

module_misc_device(uf_device);
MODULE_DESCRIPTION("utrace test engines with pseudo-random answers");
MODULE_LICENSE("GPL");
