// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of held tasks, which is printed in /proc/crash-suspend.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/proc_fs.h>
#include <linux/ptrace.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>

#include "crash-suspend.h"

/*
 * Protects the list and its entries.  Taken with interrupts disabled, because
 * ->release calls held_del(), and can run in an interrupt.
 */
static DEFINE_SPINLOCK(held_lock);
static LIST_HEAD(held_list);

/* Add current to the list, and log it */
void held_add(struct watched *w, struct pt_regs *regs,
	      const kernel_siginfo_t *info)
{
	unsigned long flags;

	w->pid = task_pid_nr(current);
	w->tgid = task_tgid_nr(current);
	get_task_comm(w->comm, current);
	w->signo = info->si_signo;
	w->code = info->si_code;
	w->ip = instruction_pointer(regs);
	pr_info("%s[%d] held: signal %d code %d ip %#lx sp %#lx\n", w->comm,
		w->pid, w->signo, w->code, w->ip, user_stack_pointer(regs));

	spin_lock_irqsave(&held_lock, flags);
	w->held = true;
	list_add_tail(&w->entry, &held_list);
	spin_unlock_irqrestore(&held_lock, flags);
}

/* A signal that was sent to a process: any of its threads may dequeue it */
static bool sent_to_process(const kernel_siginfo_t *info)
{
	return info->si_code == SI_USER || info->si_code == SI_QUEUE ||
		info->si_signo == SIGQUIT || info->si_signo == SIGXCPU;
}

/*
 * Was current held for this signal?  If the signal was sent to the process,
 * another thread may have been held for it, and current dequeued it after
 * SIGCONT.
 */
bool held_before(const struct watched *w, const kernel_siginfo_t *info)
{
	const struct watched *other;
	unsigned long flags;
	bool found = w->held;

	if (found || !sent_to_process(info))
		return found;
	spin_lock_irqsave(&held_lock, flags);
	list_for_each_entry(other, &held_list, entry)
		if (other->tgid == task_tgid_nr(current) &&
		    other->signo == info->si_signo)
			found = true;
	spin_unlock_irqrestore(&held_lock, flags);
	return found;
}

/* Remove @w from the list, if it is held */
void held_del(struct watched *w)
{
	unsigned long flags;

	spin_lock_irqsave(&held_lock, flags);
	if (w->held)
		list_del(&w->entry);
	w->held = false;
	spin_unlock_irqrestore(&held_lock, flags);
}

static void *held_seq_start(struct seq_file *m, loff_t *pos)
	__acquires(&held_lock)
{
	spin_lock_irq(&held_lock);
	return seq_list_start_head(&held_list, *pos);
}

static void *held_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	return seq_list_next(v, &held_list, pos);
}

static void held_seq_stop(struct seq_file *m, void *v)
	__releases(&held_lock)
{
	spin_unlock_irq(&held_lock);
}

static int held_seq_show(struct seq_file *m, void *v)
{
	const struct watched *w = list_entry(v, struct watched, entry);

	if (v == &held_list)
		seq_puts(m, "pid tgid signal code ip comm\n");
	else
		seq_printf(m, "%d %d %d %d %#lx %s\n", w->pid, w->tgid,
			   w->signo, w->code, w->ip, w->comm);
	return 0;
}

static const struct seq_operations held_seq_ops = {
	.start	= held_seq_start,
	.next	= held_seq_next,
	.stop	= held_seq_stop,
	.show	= held_seq_show,
};

int held_init(void)
{
	return proc_create_seq("crash-suspend", 0400, NULL, &held_seq_ops) ?
		0 : -ENOMEM;
}

void held_exit(void)
{
	remove_proc_entry("crash-suspend", NULL);
}
