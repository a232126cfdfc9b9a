// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIGNAL_UNKILLABLE: the init of a pid namespace, and the global one.
 *
 * Such a process is as immune with engines as it is without.  The kernel drops
 * a signal that has the default action as soon as it is sent, unless a tracer
 * wants to see it.  Two places rely on that and are told here which signals
 * were queued for engines only: complete_signal(), which kills without a
 * further test, and force_sig_info_to_task(), which ends the immunity.
 */
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/signal.h>

#include "walk.h"

/* Returns whether @sig is forced on @task and not dequeued yet; siglock held. */
static bool utrace_is_forced(struct task_struct *task, int sig)
{
	struct utrace *utrace = utrace_of(task);

	return utrace && sigismember(&utrace->forced, sig);
}

/*
 * sig_ignored(): is @sig to be queued although @task ignores it?  Yes for an
 * engine with UTRACE_EVENT(SIGNAL_IGN), and for a forced signal that engines
 * are to see first.  SIGSTOP to an init is not queued: get_signal() would act
 * on it.
 */
bool __utrace_hook_wants_ignored(struct task_struct *task, int sig)
{
	if (utrace_is_forced(task, sig))
		return true;
	if (!utrace_task_wants(task, UTRACE_TASK_SIGNAL_IGN))
		return false;
	return !(sig_kernel_only(sig) &&
		 ((task->signal->flags & SIGNAL_UNKILLABLE) ||
		  is_global_init(task)));
}

/*
 * complete_signal(): the fatal @sig was queued for @task.  If that is unkillable
 * and has no tracer, sig_ignored() drops such a signal unless @task blocks it.
 * If @task does not, the signal is queued for an engine alone, and get_signal()
 * drops it.  This does not look at the masks of engines: one may have been
 * detached since sig_ignored().
 */
bool __utrace_hook_spares_init(struct task_struct *task, int sig)
{
	return (task->signal->flags & SIGNAL_UNKILLABLE) &&
		!sigismember(&task->blocked, sig) &&
		!sigismember(&task->real_blocked, sig);
}

/* Returns whether there is something to note it in; siglock held. */
bool utrace_mark_forced(struct task_struct *task, int sig)
{
	struct utrace *utrace = utrace_of(task);

	if (utrace)
		sigaddset(&utrace->forced, sig);
	return utrace;
}

/*
 * force_sig_info_to_task(): @sig is about to be forced on @task, with its
 * default action.  The kernel ends the immunity then, unless there is a tracer,
 * so that debugging does not leave an init killable.  With an engine it depends
 * on what the engines make of @sig: returns true to leave the immunity until
 * they have seen it, see utrace_end_immunity().  siglock held.
 */
bool __utrace_hook_forced(struct task_struct *task, int sig)
{
	if (!(task->signal->flags & SIGNAL_UNKILLABLE) || sig == SIGKILL)
		return false;
	return utrace_mark_forced(task, sig);
}

/*
 * get_signal() dequeued this.  Returns whether it was forced; siglock held.  The
 * mark may be from a signal that no engine has seen, so look at the signal, too:
 * no other task can send one with such a code.
 */
bool utrace_take_forced(const kernel_siginfo_t *info, int type)
{
	struct utrace *utrace = utrace_of(current);
	int sig = info->si_signo;
	bool forced;

	if (likely(!(current->signal->flags & SIGNAL_UNKILLABLE)) ||
	    !utrace || type != PIDTYPE_PID || info->si_code <= SI_USER)
		return false;
	forced = sigismember(&utrace->forced, sig);
	sigdelset(&utrace->forced, sig);
	return forced;
}

/* No engine has changed what a forced signal does: it is fatal; siglock held. */
void utrace_end_immunity(void)
{
	current->signal->flags &= ~SIGNAL_UNKILLABLE;
}
