// SPDX-License-Identifier: GPL-2.0-only
/*
 * UTRACE_SIGNAL_HOLD: a signal is queued again.
 *
 * get_signal() dequeues it at once, and calls the engines again.  That ends if
 * the engine that holds it also stops the task, or decides otherwise.
 */
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>

#include "walk.h"

/*
 * The engines have seen a signal, and @held tells whether it is to be queued
 * again.  No locks held.  If that happens twice and no engine stops the task in
 * between, wait for a tick or SIGKILL, whichever comes first: get_signal() must
 * not loop as fast as it can.
 */
void utrace_note_hold(struct utrace *utrace, bool held)
{
	bool again = utrace->held && !utrace->waited;

	utrace->held = held;
	utrace->waited = false;
	if (!held || !again)
		return;
	pr_warn_once("utrace: a signal to %s[%d] is held again and again, and no engine stops the task\n",
		     current->comm, task_pid_nr(current));
	schedule_timeout_killable(1);
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
