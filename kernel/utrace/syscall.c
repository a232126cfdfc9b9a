// SPDX-License-Identifier: GPL-2.0-only
/* Hooks run without locks, entry before seccomp, tracepoint and audit. */
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>

#include <asm/syscall.h>

#include "walk.h"

static void utrace_warn_result(struct utrace_engine *engine, u32 result)
{
	pr_warn_once("utrace: engine %s (%ps): no system call action %#x\n",
		     engine->ops->name ?: "?", engine->ops, result);
}

/* The result replaces that of the engine called before. */
static __always_inline void
utrace_syscall_answer(struct utrace_report *report,
		      struct utrace_engine *engine, u32 answer)
{
	u32 result = utrace_syscall_action(answer);

	utrace_answer(report, engine, answer);
	if (unlikely(result & ~UTRACE_SYSCALL_ABORT)) {
		utrace_warn_result(engine, result);
		return;
	}
	report->result = result | (report->result & UTRACE_SYSCALL_RESUMED);
}

/* Newest first, so that the oldest engine makes the last change. */
static __always_inline void utrace_call_entry(struct utrace_report *report,
					      struct pt_regs *regs)
{
	struct utrace_engine *engine;
	u32 action;

	while ((engine = __utrace_next_event(report, true))) {
		action = report->action | report->result;
		utrace_syscall_answer(report, engine,
				      engine->ops->report_syscall_entry(action,
									engine,
									regs));
	}
}

/*
 * Stop while an engine votes for it.  Returns true if an engine then requested
 * a report: the event is reported again, starting with @result.
 */
static bool utrace_entry_again(struct utrace_report *report, u32 result)
{
	while (utrace_park(report)) {
		if (!utrace_take_again(report->utrace))
			continue;
		report->result = result | UTRACE_SYSCALL_RESUMED;
		return true;
	}
	return false;
}

/* Returns nonzero to skip the system call. */
static __always_inline int utrace_skips(struct utrace_report *report)
{
	return utrace_syscall_action(report->result) == UTRACE_SYSCALL_ABORT ||
		fatal_signal_pending(current);
}

/* Stop, and report the entry again if an engine requests that in the stop. */
static void utrace_stop_at_entry(struct utrace_report *report,
				 struct pt_regs *regs)
{
	while (utrace_entry_again(report, UTRACE_SYSCALL_RUN)) {
		utrace_start_walk(report, report->wanted, true);
		utrace_call_entry(report, regs);
	}
	utrace_end(report);
}

int __utrace_hook_syscall_entry(struct pt_regs *regs)
{
	struct utrace_report report __uninitialized;

	utrace_begin_walk(&report, UTRACE_EVENT(SYSCALL_ENTRY), true);
	report.result = UTRACE_SYSCALL_RUN;
	utrace_call_entry(&report, regs);
	if (utrace_has_votes(&report))
		utrace_stop_at_entry(&report, regs);
	else
		utrace_end_unstopped(report.utrace);
	return utrace_skips(&report);
}

void __utrace_hook_syscall_exit(struct pt_regs *regs)
{
	struct utrace_report report __uninitialized;
	struct utrace_engine *engine;

	utrace_begin_walk(&report, UTRACE_EVENT(SYSCALL_EXIT), false);
	while ((engine = utrace_next_event(&report)))
		utrace_answer(&report, engine,
			      engine->ops->report_syscall_exit(report.action,
							       engine, regs));
	utrace_finish(&report);
}

static void utrace_call_seccomp(struct utrace_report *report,
				struct pt_regs *regs, unsigned int data)
{
	struct utrace_engine *engine;
	u32 action;

	while ((engine = utrace_next_event(report))) {
		action = report->action | report->result;
		utrace_syscall_answer(report, engine,
				      engine->ops->report_seccomp(action, engine,
								  regs, data));
	}
}

/*
 * Called for SECCOMP_RET_TRACE.  Returns nonzero to skip the system call.
 * Unless @taken, the result is ENOSYS until an engine takes the event by
 * returning UTRACE_SYSCALL_RUN.  Returning @action changes nothing.
 */
int __utrace_hook_seccomp(unsigned int data, bool taken)
{
	struct pt_regs *regs = current_pt_regs();
	struct utrace_report report;

	if (!utrace_begin(&report, UTRACE_EVENT(SECCOMP)))
		return 1;
	report.result = taken ? UTRACE_SYSCALL_RUN : UTRACE_SYSCALL_ABORT;
	utrace_call_seccomp(&report, regs, data);
	/* After a stop the decision stands, unless an engine changes it. */
	while (utrace_entry_again(&report,
				  utrace_syscall_action(report.result))) {
		utrace_start_walk(&report, report.wanted, false);
		utrace_call_seccomp(&report, regs, data);
	}
	utrace_end(&report);
	return utrace_skips(&report);
}
