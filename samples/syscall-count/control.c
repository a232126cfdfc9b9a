// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/syscall-count/pids and /proc/syscall-count/table.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>

#include "syscall-count.h"

static int pid;
module_param(pid, int, 0444);
MODULE_PARM_DESC(pid, "a process to count from the start, with its children");

static int pids_open(struct inode *inode, struct file *file)
{
	return single_open(file, follow_show, NULL);
}

static ssize_t pids_write(struct file *file, const char __user *buf,
			  size_t size, loff_t *pos)
{
	int nr, ret;

	ret = kstrtoint_from_user(buf, size, 10, &nr);
	if (ret)
		return ret;
	if (nr < 0)
		return -EINVAL;
	if (nr)
		ret = follow_tree(nr);
	else
		follow_stop();
	return ret ?: size;
}

static const struct proc_ops pids_ops = {
	.proc_open	= pids_open,
	.proc_read	= seq_read,
	.proc_write	= pids_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

static int table_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &table_seq_ops);
}

static ssize_t table_write(struct file *file, const char __user *buf,
			   size_t size, loff_t *pos)
{
	table_reset();
	return size;
}

static const struct proc_ops table_ops = {
	.proc_open	= table_open,
	.proc_read	= seq_read,
	.proc_write	= table_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= seq_release,
};

static int __init syscall_count_init(void)
{
	struct proc_dir_entry *dir = proc_mkdir("syscall-count", NULL);
	int ret = -ENOMEM;

	if (!dir)
		return ret;
	if (proc_create("pids", 0600, dir, &pids_ops) &&
	    proc_create("table", 0600, dir, &table_ops))
		ret = pid ? follow_tree(pid) : 0;
	if (ret) {
		proc_remove(dir);
		follow_stop();
	}
	return ret;
}
module_init(syscall_count_init);

/* Remove the files first: then no writer can attach any more */
static void __exit syscall_count_exit(void)
{
	remove_proc_subtree("syscall-count", NULL);
	follow_stop();
}
module_exit(syscall_count_exit);

MODULE_DESCRIPTION("utrace sample: count the system calls of process trees");
MODULE_LICENSE("GPL");
