// SPDX-License-Identifier: GPL-2.0-only
/*
 * UTRACE_SIGNAL_HOLD queues a signal again.  get_signal() reports it again at
 * once, until the engine that holds it stops the task or returns otherwise.
 */
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>

#include "walk.h"

/* Called after a signal was reported; no locks held. */
void utrace_note_hold(struct utrace *utrace, bool held)
{
	bool again = utrace->held && !utrace->waited;

	utrace->held = held;
	utrace->waited = false;
	if (!held || !again)
		return;
	pr_warn_once("utrace: a signal to %s[%d] is held again and again, and no engine stops the task\n",
		     current->comm, task_pid_nr(current));
	/* Wait for a tick or SIGKILL: get_signal() must not busy-loop. */
	schedule_timeout_killable(1);
}

static bool utrace_has_stop_signal(struct sigpending *pending)
{
	sigset_t stops;

	siginitset(&stops, SIG_KERNEL_STOP_MASK);
	sigandsets(&stops, &stops, &pending->signal);
	return !sigisemptyset(&stops);
}

/* Is the process stopped, or is a stop pending?  siglock held. */
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
 * siglock held.  SIGCONT and stop signals discard each other.  If the other was
 * sent since @sig was dequeued, drop @sig, which would discard the newer one.
 * As in ptrace_signal(), it is queued again in any case if it is blocked, or if
 * execve kills this thread, which clears JOBCTL_STOP_DEQUEUED, too.
 */
static bool utrace_hold_is_over(int sig)
{
	if (sigismember(&current->blocked, sig) ||
	    __fatal_signal_pending(current))
		return false;
	if (sig_kernel_stop(sig))
		return !(current->jobctl & JOBCTL_STOP_DEQUEUED);
	return sig == SIGCONT && utrace_stop_is_due();
}

/* Queue the signal again; siglock held.  Returns false if the queue is full. */
bool utrace_hold_signal(struct ksignal *ksig, int type)
{
	sigset_t real_blocked = current->real_blocked;
	int signr = ksig->info.si_signo;
	int ret;

	if (!valid_signal(signr) || !signr || signr == SIGKILL ||
	    utrace_hold_is_over(signr))
		return true;
	/* An unblocked one may be dropped (ignored) or kill at once (fatal). */
	sigaddset(&current->real_blocked, signr);
	ret = send_signal_locked(signr, &ksig->info, current, type);
	current->real_blocked = real_blocked;
	return !ret;
}
