// SPDX-License-Identifier: GPL-2.0-only
/*
 * A signal handler's frame is set up.
 *
 * Engines hear of it on the spot, or, if they may want to inject a signal, in a
 * round of get_signal().
 */
#include <linux/sched/task_stack.h>

#include "walk.h"

static noinline void utrace_act_on_handler(struct utrace_engine *engine,
					   u32 answer)
{
	struct utrace_report report;

	if (!utrace_act_alone(&report, engine, UTRACE_EVENT(HANDLER), answer))
		utrace_finish(&report);
}

/* Is the only engine one that is asked on the spot?  That is all then. */
static bool utrace_handler_alone(struct pt_regs *regs)
{
	unsigned long event = UTRACE_EVENT(HANDLER);
	struct utrace_engine *engine;
	u32 answer;

	engine = utrace_begin_alone(event, UTRACE_EVENT(QUIESCE));
	if (!engine)
		return false;
	answer = engine->ops->report_handler(UTRACE_RESUME, engine, regs);
	if (!utrace_end_alone(engine, event, answer))
		utrace_act_on_handler(engine, answer);
	return true;
}

static void utrace_walk_handler(struct pt_regs *regs)
{
	struct utrace_engine *engine = NULL;
	struct utrace_report report;
	u32 answer;

	if (!utrace_begin(&report, UTRACE_EVENT(HANDLER)))
		return;
	while ((engine = utrace_next(&report, engine))) {
		if (!utrace_start(&report, engine))
			continue;
		answer = engine->ops->report_handler(report.action, engine,
						     regs);
		utrace_answer(&report, engine, answer);
	}
	utrace_finish(&report);
}

/* Is an engine to be asked in a round, or its step to be armed there? */
static bool utrace_wants_round(struct utrace *utrace)
{
	struct utrace_engine *engine;

	list_for_each_entry(engine, &utrace->engines, entry)
		if (!(engine->flags & UTRACE_EVENT(HANDLER)) &&
		    ((engine->flags & UTRACE_EVENT(SIGNAL)) ||
		     (engine->state & ENGINE_STEP)))
			return true;
	return false;
}

static void utrace_want_handler_round(struct utrace *utrace)
{
	spin_lock_irq(&utrace->lock);
	if (utrace->task && utrace_wants_round(utrace)) {
		utrace->handler = true;
		utrace_want_trap(utrace, 0);
	}
	spin_unlock_irq(&utrace->lock);
}

/* The arch code disarmed a step before it made the frame. */
static void utrace_note_disarmed(struct utrace *utrace)
{
	spin_lock_irq(&utrace->lock);
	utrace->step_dirty = true;
	spin_unlock_irq(&utrace->lock);
}

/* signal_delivered(): no locks held. */
void __utrace_hook_handler(void)
{
	bool stepping = utrace_task_wants(current, UTRACE_TASK_STEPPING);
	struct pt_regs *regs = current_pt_regs();
	struct utrace *utrace;

	if (!stepping && !utrace_task_wants(current, UTRACE_EVENT(SIGNAL) |
						     UTRACE_EVENT(HANDLER)))
		return;
	if (!stepping && utrace_handler_alone(regs))
		return;
	utrace = utrace_get(current);
	if (!utrace)
		return;
	if (stepping)
		utrace_note_disarmed(utrace);
	utrace_walk_handler(regs);
	utrace_want_handler_round(utrace);
	utrace_put(utrace);
}
