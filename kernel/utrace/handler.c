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

/*
 * Mark @engine for a round if it wants one; @state is from before it was asked
 * anything, or 0 to take an old mark back.
 */
static void utrace_mark(struct utrace *utrace, struct utrace_engine *engine,
			u32 state)
{
	unsigned long flags = READ_ONCE(engine->flags);
	u32 mark = 0;

	if ((state & ENGINE_STEP) && (flags & UTRACE_EVENT(QUIESCE)))
		mark = ENGINE_HANDLER | ENGINE_STEPPED;
	else if (state && (flags & UTRACE_EVENT(SIGNAL)))
		mark = ENGINE_HANDLER;
	spin_lock_irq(&utrace->lock);
	if (engine->state & ENGINE_ATTACHED)
		WRITE_ONCE(engine->state,
			   (engine->state & ~ENGINE_ROUND) | mark);
	spin_unlock_irq(&utrace->lock);
}

/* Ask each engine on the spot, or mark it; @asked: one is to be asked. */
static void utrace_walk_handler(struct utrace_report *report,
				struct pt_regs *regs, bool asked)
{
	struct utrace_engine *engine = NULL;
	u32 answer, state;

	/* newer ones are passed over, and have no mark */
	while ((engine = utrace_next(report, engine))) {
		state = READ_ONCE(engine->state);
		if (!asked || !utrace_start(report, engine)) {
			utrace_mark(report->utrace, engine, state);
			continue;
		}
		utrace_mark(report->utrace, engine, 0);
		answer = engine->ops->report_handler(report->action, engine,
						     regs);
		utrace_answer(report, engine, answer);
	}
}

/* After the stop, so that nothing in it finds a signal pending. */
static void utrace_want_handler_round(struct utrace *utrace)
{
	struct utrace_engine *engine;

	spin_lock_irq(&utrace->lock);
	if (utrace->task) {
		list_for_each_entry(engine, &utrace->engines, entry)
			utrace->handler |= utrace_in_handler_round(engine);
		if (utrace->handler)
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
	u32 flags = READ_ONCE(current->utrace_flags);
	bool stepping = flags & UTRACE_TASK_STEPPING;
	bool asked = flags & UTRACE_EVENT(HANDLER);
	struct pt_regs *regs = current_pt_regs();
	struct utrace_report report;
	struct utrace *utrace;

	if (!stepping && !asked && !(flags & UTRACE_EVENT(SIGNAL)))
		return;
	if (!stepping && asked && utrace_handler_alone(regs))
		return;
	utrace = utrace_get(current);
	if (!utrace)
		return;
	if (stepping)
		utrace_note_disarmed(utrace);
	utrace_begin_on(&report, utrace, UTRACE_EVENT(HANDLER));
	utrace_walk_handler(&report, regs, asked);
	if (asked)
		utrace_stop_here(&report);
	utrace_want_handler_round(utrace);
	utrace_end(&report);
}
