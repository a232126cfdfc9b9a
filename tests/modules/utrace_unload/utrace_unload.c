// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that goes while its engines are attached (owner=0), or cannot
 * (owner=1).
 *
 *	echo PID [COUNT] >/sys/module/utrace_unload/parameters/attach
 *	echo 1 >/sys/module/utrace_unload/parameters/detach
 *	cat /sys/module/utrace_unload/parameters/live
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/utrace.h>
#include <linux/wait.h>

#define UNLOAD_EVENTS	(UTRACE_EVENT(QUIESCE) | UTRACE_EVENT_SYSCALL | \
			 UTRACE_EVENT_SIGNAL_ALL | UTRACE_EVENT(DEATH) | \
			 UTRACE_EVENT(REAP))

struct unload_engine {
	struct list_head entry;
	struct utrace_engine *engine;
	struct task_struct *task;	/* may be stale */
};

static bool owner;
module_param(owner, bool, 0444);

static LIST_HEAD(engines);
static DEFINE_MUTEX(engines_lock);
static atomic_t live;
static DECLARE_WAIT_QUEUE_HEAD(live_wait);

static u32 unload_quiesce(u32 action, struct utrace_engine *engine,
			  unsigned long event)
{
	return UTRACE_RESUME;
}

static u32 unload_syscall(u32 action, struct utrace_engine *engine,
			  struct pt_regs *regs)
{
	return utrace_syscall_action(action) | UTRACE_RESUME;
}

static u32 unload_syscall_exit(u32 action, struct utrace_engine *engine,
			       struct pt_regs *regs)
{
	return UTRACE_RESUME;
}

static u32 unload_signal(u32 action, struct utrace_engine *engine,
			 struct pt_regs *regs, kernel_siginfo_t *info,
			 const struct k_sigaction *orig_ka,
			 struct k_sigaction *return_ka)
{
	return utrace_signal_action(action) | UTRACE_RESUME;
}

static u32 unload_death(struct utrace_engine *engine, bool group_dead,
			int signal)
{
	return UTRACE_RESUME;
}

static void unload_reap(struct utrace_engine *engine, struct task_struct *task)
{
}

static void unload_release(void *data)
{
	unsigned long flags;

	kfree(data);
	/* the lock keeps the waiter from going before we are done here */
	spin_lock_irqsave(&live_wait.lock, flags);
	if (atomic_dec_and_test(&live))
		wake_up_locked(&live_wait);
	spin_unlock_irqrestore(&live_wait.lock, flags);
}

static struct utrace_engine_ops unload_ops = {
	.report_quiesce = unload_quiesce,
	.report_syscall_entry = unload_syscall,
	.report_syscall_exit = unload_syscall_exit,
	.report_signal = unload_signal,
	.report_death = unload_death,
	.report_reap = unload_reap,
	.release = unload_release,
	.name = "unload",
};

static int unload_attach_one(struct task_struct *task)
{
	struct unload_engine *u = kzalloc(sizeof(*u), GFP_KERNEL);
	int ret;

	if (!u)
		return -ENOMEM;
	atomic_inc(&live);
	u->task = task;
	u->engine = utrace_attach_task(task, UTRACE_ATTACH_CREATE,
				       &unload_ops, u);
	if (IS_ERR(u->engine)) {
		ret = PTR_ERR(u->engine);
		atomic_dec(&live);
		kfree(u);
		return ret;
	}
	mutex_lock(&engines_lock);
	list_add(&u->entry, &engines);
	mutex_unlock(&engines_lock);
	return utrace_set_events(task, u->engine, UNLOAD_EVENTS);
}

static int unload_attach(const char *val, const struct kernel_param *kp)
{
	struct task_struct *task;
	struct pid *pid;
	int nr, n = 1, ret = 0;

	if (sscanf(val, "%d %d", &nr, &n) < 1)
		return -EINVAL;
	pid = find_get_pid(nr);
	task = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	if (!task)
		return -ESRCH;
	while (n-- > 0 && !ret)
		ret = unload_attach_one(task);
	put_task_struct(task);
	return ret;
}

static void unload_detach_one(struct unload_engine *u)
{
	struct utrace_engine *engine = u->engine;
	int ret;

	do {
		ret = utrace_control(u->task, engine, UTRACE_DETACH);
		if (ret == -EINPROGRESS || ret == -EALREADY) {
			if (utrace_barrier(u->task, engine) == -ERESTARTSYS)
				schedule_timeout_uninterruptible(1);
		}
	} while (ret == -EALREADY);
	utrace_engine_put(engine);	/* may free u */
}

static void unload_detach_all(void)
{
	struct unload_engine *u, *next;

	mutex_lock(&engines_lock);
	list_for_each_entry_safe(u, next, &engines, entry) {
		list_del(&u->entry);
		unload_detach_one(u);
	}
	mutex_unlock(&engines_lock);
}

static int unload_detach(const char *val, const struct kernel_param *kp)
{
	unload_detach_all();
	return 0;
}

static int unload_live(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", atomic_read(&live));
}

static const struct kernel_param_ops attach_ops = { .set = unload_attach };
static const struct kernel_param_ops detach_ops = { .set = unload_detach };
static const struct kernel_param_ops live_ops = { .get = unload_live };

module_param_cb(attach, &attach_ops, NULL, 0200);
module_param_cb(detach, &detach_ops, NULL, 0200);
module_param_cb(live, &live_ops, NULL, 0444);

static int __init unload_init(void)
{
	if (owner)
		unload_ops.owner = THIS_MODULE;
	return 0;
}

static void __exit unload_exit(void)
{
	unload_detach_all();
	wait_event(live_wait, !atomic_read(&live));
	/* The last release may not have returned yet */
	spin_lock_irq(&live_wait.lock);
	spin_unlock_irq(&live_wait.lock);
	synchronize_rcu();
}

module_init(unload_init);
module_exit(unload_exit);
MODULE_DESCRIPTION("utrace test: unload with engines attached");
MODULE_LICENSE("GPL");
