// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIGNAL_UNKILLABLE is set for the init of each pid namespace.  Engines do not
 * change its immunity.  A signal with the default action is dropped when it is
 * sent, unless a tracer is to see it.  These hooks inform two callers of
 * signals queued for engines only: complete_signal(), which kills without
 * another test, and force_sig_info_to_task(), which ends the immunity.
 */
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/signal.h>

#include "walk.h"

/* Is @sig forced on @task and not yet dequeued?  siglock held. */
static bool utrace_is_forced(struct task_struct *task, int sig)
{
	struct utrace *utrace = utrace_of(task);

	return utrace && sigismember(&utrace->forced, sig);
}

/*
 * Returns whether to queue an ignored @sig: it is forced, or an engine
 * requested SIGNAL_IGN.  A SIGSTOP to an init is dropped, as get_signal()
 * would act on it.
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
 * complete_signal() queued the fatal @sig of @task, and @thread is to take it.
 * If @task is unkillable, has no tracer and does not block @sig, it was queued
 * for engines only, and get_signal() drops it.  Otherwise it kills an init,
 * whatever engines @thread has.  Masks of an init are not tested: an engine may
 * have been detached since sig_ignored().
 */
bool __utrace_hook_spares(struct task_struct *thread, struct task_struct *task,
			  int sig)
{
	if (!(task->signal->flags & SIGNAL_UNKILLABLE))
		return utrace_task_wants(thread, UTRACE_TASK_SIGNAL_FATAL);
	return !sigismember(&task->blocked, sig) &&
		!sigismember(&task->real_blocked, sig);
}

/* Returns whether the mark could be recorded; siglock held. */
bool utrace_mark_forced(struct task_struct *task, int sig)
{
	struct utrace *utrace = utrace_of(task);

	if (utrace)
		sigaddset(&utrace->forced, sig);
	return utrace;
}

/*
 * Called with siglock held before @sig is forced with its default action.  The
 * kernel then ends the immunity, unless a tracer is attached: debugging must
 * not make init killable.  Returns true if engines see @sig first: if none
 * changes it, the immunity ends then.
 */
bool __utrace_hook_forced(struct task_struct *task, int sig)
{
	if (!(task->signal->flags & SIGNAL_UNKILLABLE) || sig == SIGKILL)
		return false;
	return utrace_mark_forced(task, sig);
}

/*
 * get_signal() dequeued this; siglock held.  Returns whether it was forced.
 * The mark may be stale, so test si_code: no other task can send such a code.
 */
bool utrace_take_forced(const kernel_siginfo_t *info, int type)
{
	struct utrace *utrace = utrace_of(current);
	int sig = info->si_signo;
	bool forced;

	if (likely(!(current->signal->flags & SIGNAL_UNKILLABLE)) ||
	    !utrace || type != PIDTYPE_PID)
		return false;
	forced = sigismember(&utrace->forced, sig);
	sigdelset(&utrace->forced, sig);
	return forced && info->si_code > SI_USER;
}
