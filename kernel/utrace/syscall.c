// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls and seccomp.
 *
 * The hooks run without locks, entry before seccomp, tracepoint and audit.
 */
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>

#include "walk.h"

/* Each answer replaces the one before. */
static void utrace_syscall_answer(struct utrace_report *report,
				  struct utrace_engine *engine, u32 answer)
{
	u32 result = utrace_syscall_action(answer);

	utrace_answer(report, engine, answer);
	if (unlikely(result != UTRACE_SYSCALL_RUN &&
		     result != UTRACE_SYSCALL_ABORT)) {
		pr_warn_once("utrace: engine %s (%ps): no system call action %#x\n",
			     engine->ops->name ?: "?", engine->ops, result);
		return;
	}
	report->result = result | (report->result & UTRACE_SYSCALL_RESUMED);
}

static void utrace_ask_entry(struct utrace_report *report,
			     struct pt_regs *regs)
{
	struct utrace_engine *engine = NULL;
	u32 answer;

	while ((engine = utrace_next_older(report, engine))) {
		if (!utrace_start(report, engine))
			continue;
		answer = engine->ops->report_syscall_entry(report->action |
							   report->result,
							   engine, regs);
		utrace_syscall_answer(report, engine, answer);
	}
}

/* Engines that let go of the task by asking for a report get another. */
static bool utrace_entry_again(struct utrace_report *report)
{
	while (utrace_park(report)) {
		if (!utrace_take_again(report->utrace))
			continue;
		report->last = READ_ONCE(report->utrace->seq);
		report->action = UTRACE_RESUME;
		report->result = UTRACE_SYSCALL_RUN | UTRACE_SYSCALL_RESUMED;
		return true;
	}
	return false;
}

/* The end of a walk: returns nonzero if the system call is not to be run. */
static int utrace_end_entry(struct utrace_report *report)
{
	utrace_end(report);
	return utrace_syscall_action(report->result) == UTRACE_SYSCALL_ABORT ||
		fatal_signal_pending(current);
}

static noinline int utrace_walk_entry(struct pt_regs *regs)
{
	struct utrace_report report;

	if (!utrace_begin(&report, UTRACE_EVENT(SYSCALL_ENTRY)))
		return 0;
	report.result = UTRACE_SYSCALL_RUN;
	do {
		utrace_ask_entry(&report, regs);
	} while (utrace_entry_again(&report));
	return utrace_end_entry(&report);
}

static int utrace_go_on_entry(struct utrace_report *report,
			      struct pt_regs *regs)
{
	while (utrace_entry_again(report))
		utrace_ask_entry(report, regs);
	return utrace_end_entry(report);
}

/* The only engine said something else than to run on. */
static noinline int utrace_act_on_entry(struct utrace_engine *engine,
					u32 answer, struct pt_regs *regs)
{
	unsigned long event = UTRACE_EVENT(SYSCALL_ENTRY);
	u32 result = utrace_syscall_action(answer);
	struct utrace_report report;

	if ((answer & ~UTRACE_SYSCALL_ABORT) != UTRACE_STOP ||
	    !utrace_stop_alone(engine, event, answer)) {
		utrace_walk_from(&report, engine, event);
		report.result = UTRACE_SYSCALL_RUN;
		utrace_syscall_answer(&report, engine, answer);
		utrace_before(&report, engine);
		return utrace_go_on_entry(&report, regs);
	}
	if (likely(utrace_go_alone(engine)))
		return result == UTRACE_SYSCALL_ABORT ||
			fatal_signal_pending(current);
	utrace_walk_after_stop(&report, engine, event);
	report.result = result;
	return utrace_go_on_entry(&report, regs);
}

/* Returns nonzero if the system call is not to be run. */
int __utrace_hook_syscall_entry(struct pt_regs *regs)
{
	unsigned long event = UTRACE_EVENT(SYSCALL_ENTRY);
	struct utrace_engine *engine;
	u32 answer;

	if (!utrace_task_wants(current, event))
		return 0;
	engine = utrace_begin_alone(event, UTRACE_EVENT(QUIESCE));
	if (!engine)
		return utrace_walk_entry(regs);
	answer = engine->ops->report_syscall_entry(UTRACE_RESUME |
						   UTRACE_SYSCALL_RUN,
						   engine, regs);
	if (utrace_end_alone(engine, event, answer))
		return fatal_signal_pending(current);
	return utrace_act_on_entry(engine, answer, regs);
}

static noinline void utrace_walk_exit(struct pt_regs *regs)
{
	struct utrace_engine *engine = NULL;
	struct utrace_report report;
	u32 answer;

	if (!utrace_begin(&report, UTRACE_EVENT(SYSCALL_EXIT)))
		return;
	while ((engine = utrace_next(&report, engine))) {
		if (!utrace_start(&report, engine))
			continue;
		answer = engine->ops->report_syscall_exit(report.action,
							  engine, regs);
		utrace_answer(&report, engine, answer);
	}
	utrace_finish(&report);
}

static noinline void utrace_act_on_exit(struct utrace_engine *engine,
					u32 answer)
{
	struct utrace_report report;

	if (!utrace_act_alone(&report, engine, UTRACE_EVENT(SYSCALL_EXIT),
			      answer))
		utrace_finish(&report);
}

void __utrace_hook_syscall_exit(struct pt_regs *regs)
{
	unsigned long event = UTRACE_EVENT(SYSCALL_EXIT);
	struct utrace_engine *engine;
	u32 answer;

	if (!utrace_task_wants(current, event))
		return;
	engine = utrace_begin_alone(event, UTRACE_EVENT(QUIESCE));
	if (!engine) {
		utrace_walk_exit(regs);
		return;
	}
	answer = engine->ops->report_syscall_exit(UTRACE_RESUME, engine, regs);
	if (!utrace_end_alone(engine, event, answer))
		utrace_act_on_exit(engine, answer);
}

static void utrace_ask_seccomp(struct utrace_report *report,
			       struct pt_regs *regs, unsigned int data)
{
	struct utrace_engine *engine = NULL;
	u32 answer;

	while ((engine = utrace_next(report, engine))) {
		if (!utrace_start(report, engine))
			continue;
		answer = engine->ops->report_seccomp(report->action |
						     report->result,
						     engine, regs, data);
		utrace_syscall_answer(report, engine, answer);
	}
}

/*
 * __seccomp_filter(): the filter said SECCOMP_RET_TRACE.  Returns nonzero if
 * the system call is not to be run.
 */
int __utrace_hook_seccomp(unsigned int data)
{
	struct utrace_report report;

	if (!utrace_begin(&report, UTRACE_EVENT(SECCOMP)))
		return 0;
	report.result = UTRACE_SYSCALL_RUN;
	do {
		utrace_ask_seccomp(&report, current_pt_regs(), data);
	} while (utrace_entry_again(&report));
	return utrace_end_entry(&report);
}
