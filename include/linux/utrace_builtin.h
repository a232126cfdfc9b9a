/* SPDX-License-Identifier: GPL-2.0-only */
/* For engines that are built into the kernel, as ptrace is.  Not exported. */
#ifndef _LINUX_UTRACE_BUILTIN_H
#define _LINUX_UTRACE_BUILTIN_H

#include <linux/utrace.h>

/**
 * struct utrace_builtin_ops - for built-in engines; no callback is optional
 * @report_trap: JOBCTL_TRAP_STOP or JOBCTL_TRAP_NOTIFY was set under siglock.
 *	With JOBCTL_LISTENING set, they end a stop that began here, and
 *	@report_trap is called again.  For UTRACE_EVENT(TRAP)
 * @report_stopping: called when the task stops and this engine voted for the
 *	stop.  Other tasks cannot see the stop before this returns.  Runs in the
 *	task under siglock and a utrace lock: must not call utrace functions
 * @report_stopped: called when other tasks can see the stop and this engine
 *	voted for it.  Runs in the task without locks, must not sleep.  A later
 *	SIGKILL does not end the stop if that is at UTRACE_EVENT(EXIT)
 * @leaves_fatal: the engine sees only fatal signals that reach the task.
 *	If not set, UTRACE_EVENT(SIGNAL_TERM) or (SIGNAL_CORE) prevents that
 *	a fatal signal ends the process as soon as it is sent
 */
struct utrace_builtin_ops {
	u32 (*report_trap)(u32 action, struct utrace_engine *engine);
	void (*report_stopping)(struct utrace_engine *engine,
				unsigned long event);
	void (*report_stopped)(struct utrace_engine *engine,
			       unsigned long event);
	bool leaves_fatal;
};

struct utrace_engine * __must_check
utrace_attach_builtin(struct task_struct *target, int flags,
		      const struct utrace_engine_ops *ops, void *data,
		      unsigned long events);
void utrace_move_to_end(struct task_struct *child,
			struct utrace_engine *engine);

#endif /* _LINUX_UTRACE_BUILTIN_H */
