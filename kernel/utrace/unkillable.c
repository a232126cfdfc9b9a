// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIGNAL_UNKILLABLE: the init of a pid namespace, and the global one.
 *
 * Such a process is as immune with engines as it is without.  The kernel drops
 * a signal that has the default action as soon as it is sent, unless a tracer
 * wants to see it.  complete_signal() relies on that: it kills without a further
 * test.
 */
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/signal.h>

#include "internal.h"

/*
 * sig_ignored(): is @sig, which @task ignores, to be queued for an engine that
 * asked for UTRACE_EVENT(SIGNAL_IGN)?  SIGSTOP to an init is not: get_signal()
 * would act on it.
 */
bool __utrace_hook_wants_ignored(struct task_struct *task, int sig)
{
	return !(sig_kernel_only(sig) &&
		 ((task->signal->flags & SIGNAL_UNKILLABLE) ||
		  is_global_init(task)));
}

/*
 * complete_signal(): the fatal @sig was queued for @task, which is unkillable
 * and has no tracer.  sig_ignored() drops such a signal unless @task blocks it.
 * If @task does not, the signal is queued for an engine alone, and get_signal()
 * drops it.  This does not look at the masks of engines: one may have been
 * detached since sig_ignored().
 */
bool __utrace_hook_spares_init(struct task_struct *task, int sig)
{
	return !sigismember(&task->blocked, sig) &&
		!sigismember(&task->real_blocked, sig);
}
