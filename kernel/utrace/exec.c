// SPDX-License-Identifier: GPL-2.0-only
#include <linux/binfmts.h>
#include <linux/mm_types.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>

#include "walk.h"

/* exec_binprm(): credentials committed, cred_guard_mutex and locks released. */
void __utrace_hook_exec(struct linux_binprm *bprm)
{
	struct utrace_report report;
	struct utrace_engine *engine;

	if (!utrace_begin(&report, UTRACE_EVENT(EXEC)))
		return;
	while ((engine = utrace_next_event(&report)))
		utrace_answer(&report, engine,
			      engine->ops->report_exec(report.action, engine,
						       current->mm->binfmt,
						       bprm,
						       current_pt_regs()));
	utrace_finish(&report);
}
