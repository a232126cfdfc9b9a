// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines that do nothing, so that bench/engine.c measures only the layer.
 *
 * Write a number up to ENGINES to debugfs utrace_bench/count.  Then engines are
 * attached to the writer, or the newest ones detached, to get this number.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/utrace.h>

#define ENGINES		64

static struct utrace_engine *engines[ENGINES];
static unsigned int attached;
static DEFINE_MUTEX(lock);		/* protects engines and attached */
static struct dentry *dir;

static u32 bench_syscall_entry(u32 action, struct utrace_engine *engine,
			       struct pt_regs *regs)
{
	return UTRACE_SYSCALL_RUN | UTRACE_RESUME;
}

static u32 bench_syscall_exit(u32 action, struct utrace_engine *engine,
			      struct pt_regs *regs)
{
	return UTRACE_RESUME;
}

static const struct utrace_engine_ops bench_ops = {
	.report_syscall_entry	= bench_syscall_entry,
	.report_syscall_exit	= bench_syscall_exit,
	.owner			= THIS_MODULE,
	.name			= "bench",
};

/* The engine is on current, or its task is dead: no callback is running. */
static void bench_detach(void)
{
	struct utrace_engine *engine = engines[--attached];
	int ret;

	ret = utrace_control(current, engine, UTRACE_DETACH);
	(void)ret;	/* fails if the engine was on a task that is dead */
	utrace_engine_put(engine);
}

static int bench_attach(void)
{
	struct utrace_engine *engine;

	engine = utrace_attach_task(current, UTRACE_ATTACH_CREATE, &bench_ops,
				    NULL);
	if (IS_ERR(engine))
		return PTR_ERR(engine);
	engines[attached++] = engine;
	return utrace_set_events(current, engine, UTRACE_EVENT_SYSCALL);
}

static ssize_t bench_write(struct file *file, const char __user *buf,
			   size_t size, loff_t *pos)
{
	unsigned int count;
	int ret;

	ret = kstrtouint_from_user(buf, size, 0, &count);
	if (ret)
		return ret;
	if (count > ENGINES)
		return -ERANGE;
	mutex_lock(&lock);
	while (attached > count)
		bench_detach();
	while (!ret && attached < count)
		ret = bench_attach();
	mutex_unlock(&lock);
	return ret ?: size;
}

static const struct file_operations bench_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= bench_write,
};

static int __init bench_init(void)
{
	dir = debugfs_create_dir("utrace_bench", NULL);
	debugfs_create_file("count", 0200, dir, NULL, &bench_fops);
	return PTR_ERR_OR_ZERO(dir);
}

static void __exit bench_exit(void)
{
	debugfs_remove(dir);
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("An engine that does nothing, to measure what the layer costs");
MODULE_LICENSE("GPL");
