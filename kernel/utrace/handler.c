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

static void utrace_ask_handler(struct utrace_report *report,
			       struct pt_regs *regs)
{
	struct utrace_engine *engine = NULL;
	u32 answer;

	report->wanted = UTRACE_EVENT(HANDLER) | UTRACE_EVENT(QUIESCE);
	while ((engine = utrace_next(report, engine))) {
		if (!utrace_start(report, engine))
			continue;
		answer = engine->ops->report_handler(report->action, engine,
						     regs);
		utrace_answer(report, engine, answer);
	}
}

/* utrace->lock held */
static bool utrace_wants_round(struct utrace_engine *engine)
{
	if (engine->flags & UTRACE_EVENT(HANDLER))
		return false;
	return (engine->flags & UTRACE_EVENT(SIGNAL)) ||
		((engine->state & ENGINE_STEP) &&
		 (engine->flags & UTRACE_EVENT(QUIESCE)));
}

/*
 * Who is asked in a round is said now: others may come, and these may change
 * their masks and wishes, as long as the task stops on the spot.
 */
static void utrace_note_handler(struct utrace *utrace)
{
	struct utrace_engine *engine;

	spin_lock_irq(&utrace->lock);
	/* the arch code disarmed a step before it made the frame */
	if (utrace_task_wants(current, UTRACE_TASK_STEPPING))
		utrace->step_dirty = true;
	list_for_each_entry(engine, &utrace->engines, entry) {
		if (!utrace_wants_round(engine))
			continue;
		WRITE_ONCE(engine->state, engine->state | ENGINE_HANDLER);
		utrace->handler = true;
	}
	if (utrace->handler)
		utrace_want_trap(utrace, 0);
	spin_unlock_irq(&utrace->lock);
}

/* signal_delivered(): no locks held. */
void __utrace_hook_handler(void)
{
	bool stepping = utrace_task_wants(current, UTRACE_TASK_STEPPING);
	struct pt_regs *regs = current_pt_regs();
	struct utrace_report report;
	struct utrace *utrace;

	if (!stepping && !utrace_task_wants(current, UTRACE_EVENT(SIGNAL) |
						     UTRACE_EVENT(HANDLER)))
		return;
	if (!stepping && utrace_handler_alone(regs))
		return;
	utrace = utrace_get(current);
	if (!utrace)
		return;
	utrace_note_handler(utrace);
	utrace_begin_on(&report, utrace, UTRACE_EVENT(HANDLER));
	if (utrace_task_wants(current, UTRACE_EVENT(HANDLER))) {
		utrace_ask_handler(&report, regs);
		utrace_finish(&report);
	} else {
		utrace_end(&report);
	}
}
