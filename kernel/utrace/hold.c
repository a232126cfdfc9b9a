// SPDX-License-Identifier: GPL-2.0-only
/*
 * UTRACE_SIGNAL_HOLD: a signal is queued again.
 *
 * get_signal() dequeues it at once, and calls the engines again.  That ends if
 * the engine that holds it also stops the task.  If no engine does, the signal
 * is reported once more on the spot; when it is held again it is set aside: it
 * stays in its queue, but get_signal() passes over it until the next tick, when
 * the task is brought back.  Meanwhile the task handles its other signals and
 * returns to user mode.
 */
#include <linux/jiffies.h>
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/signal.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "walk.h"

/* Brings a task back to its signals, when those that were set aside are due. */
struct utrace_retry {
	struct delayed_work work;
	struct task_struct *task;	/* counted */
};

static void utrace_retry_work(struct work_struct *work)
{
	struct utrace_retry *retry =
		container_of(to_delayed_work(work), struct utrace_retry, work);
	struct task_struct *task = retry->task;
	unsigned long flags;

	if (lock_task_sighand(task, &flags)) {
		/* a dying task must not keep TIF_SIGPENDING: it may dump core */
		if (!(task->flags & PF_EXITING) &&
		    !(task->signal->flags & SIGNAL_GROUP_EXIT))
			recalc_sigpending_and_wake(task);
		unlock_task_sighand(task, &flags);
	}
	put_task_struct(task);
	kfree(retry);
}

static bool utrace_start_retry(void)
{
	struct utrace_retry *retry = kmalloc(sizeof(*retry), GFP_KERNEL);

	if (!retry)
		return false;
	INIT_DELAYED_WORK(&retry->work, utrace_retry_work);
	retry->task = get_task_struct(current);
	schedule_delayed_work(&retry->work, 1);
	return true;
}

/* Have get_signal() look for signals that are set aside from now on. */
static void utrace_watch_holds(struct utrace *utrace)
{
	if (utrace_task_wants(current, UTRACE_TASK_HOLD))
		return;
	spin_lock_irq(&utrace->lock);
	WRITE_ONCE(current->utrace_flags,
		   current->utrace_flags | UTRACE_TASK_HOLD);
	spin_unlock_irq(&utrace->lock);
}

static void utrace_count_hold(struct utrace *utrace, int sig)
{
	if (utrace->waited) {
		utrace->waited = false;
		sigemptyset(&utrace->held);
		return;
	}
	utrace_watch_holds(utrace);
	if (!sigismember(&utrace->held, sig)) {
		sigaddset(&utrace->held, sig);
		return;
	}
	pr_warn_once("utrace: signal %d to %s[%d] is held again and again, and no engine stops the task\n",
		     sig, current->comm, task_pid_nr(current));
	/* without memory the engines are called again at once */
	if (!utrace_start_retry())
		return;
	sigaddset(&utrace->aside, sig);
	utrace->aside_until = jiffies + 1;
}

/*
 * The engines have seen the signal that is now described in @info, and @held
 * tells whether it is to be queued again.  No locks held.
 */
void utrace_note_hold(const kernel_siginfo_t *info, bool held)
{
	struct utrace *utrace = utrace_of(current);
	int sig = info->si_signo;

	if (sig <= 0 || !valid_signal(sig))
		return;
	if (held)
		utrace_count_hold(utrace, sig);
	else
		sigdelset(&utrace->held, sig);
}

/*
 * get_signal() is about to dequeue: have those signals count as blocked that
 * are set aside, until it puts @blocked back.  siglock held.
 */
bool __utrace_hook_hide_aside(sigset_t *blocked)
{
	struct utrace *utrace = utrace_of(current);

	*blocked = current->blocked;
	if (!time_before(jiffies, utrace->aside_until)) {
		sigemptyset(&utrace->aside);
		sigemptyset(&utrace->held);
	}
	sigorsets(&current->blocked, blocked, &utrace->aside);
	return true;
}

static bool utrace_has_stop_signal(struct sigpending *pending)
{
	sigset_t stops;

	siginitset(&stops, SIG_KERNEL_STOP_MASK);
	sigandsets(&stops, &stops, &pending->signal);
	return !sigisemptyset(&stops);
}

/* Is the process stopped, or about to be?  siglock held. */
static bool utrace_stop_is_due(void)
{
	struct signal_struct *signal = current->signal;
	struct task_struct *t;

	if (signal->group_stop_count || (signal->flags & SIGNAL_STOP_STOPPED) ||
	    utrace_has_stop_signal(&signal->shared_pending))
		return true;
	for_each_thread(current, t)
		if (utrace_has_stop_signal(&t->pending))
			return true;
	return false;
}

/*
 * Has a signal of the other kind been sent since @sig was dequeued?  SIGCONT
 * discards stop signals that are pending, and a stop signal discards SIGCONT,
 * so one that is held is discarded as well.  If it were queued again it would
 * even discard the newer one.  One that the program blocks is queued again in
 * any case, as ptrace_signal() does.  siglock held.
 */
static bool utrace_hold_is_over(int sig)
{
	if (sigismember(&current->blocked, sig))
		return false;
	if (sig_kernel_stop(sig))
		return !(current->jobctl & JOBCTL_STOP_DEQUEUED);
	return sig == SIGCONT && utrace_stop_is_due();
}

/*
 * Queue the signal again; siglock held.  Count it as blocked meanwhile: it would
 * be acted on at once if it is fatal and no engine wants such signals any more,
 * or dropped if it is ignored.  Returns false where no more can be queued.
 */
bool utrace_hold_signal(struct ksignal *ksig, int type)
{
	sigset_t real_blocked = current->real_blocked;
	int signr = ksig->info.si_signo;
	int ret;

	if (!valid_signal(signr) || !signr || signr == SIGKILL ||
	    utrace_hold_is_over(signr))
		return true;
	sigaddset(&current->real_blocked, signr);
	ret = send_signal_locked(signr, &ksig->info, current, type);
	current->real_blocked = real_blocked;
	return !ret;
}
