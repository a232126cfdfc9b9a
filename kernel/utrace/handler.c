// SPDX-License-Identifier: GPL-2.0-only
/* Report that a signal handler's frame is set up. */
#include <linux/sched/task_stack.h>

#include "walk.h"

/*
 * Mark @engine if it wants a HANDLER round of get_signal(), where it can inject
 * a signal.  @state was read before any of the engine's callbacks was called,
 * or is 0 to clear the mark.  Returns true if @engine is marked.
 */
static bool utrace_mark(struct utrace *utrace, struct utrace_engine *engine,
			u32 state)
{
	unsigned long flags = READ_ONCE(engine->flags);
	u32 mark = 0;

	if ((state & ENGINE_STEP) && (flags & UTRACE_EVENT(QUIESCE)))
		mark = ENGINE_HANDLER | ENGINE_STEPPED;
	else if (state && (flags & UTRACE_EVENT(SIGNAL)))
		mark = ENGINE_HANDLER;
	if ((READ_ONCE(engine->state) & ENGINE_ROUND) == mark)
		return mark;
	spin_lock_irq(&utrace->lock);
	if (engine->state & ENGINE_ATTACHED)
		WRITE_ONCE(engine->state,
			   (engine->state & ~ENGINE_ROUND) | mark);
	spin_unlock_irq(&utrace->lock);
	return mark;
}

/* Call report_handler() or mark engines.  Returns true if one is marked. */
static bool utrace_walk_handler(struct utrace_report *report,
				struct pt_regs *regs, bool wanted)
{
	unsigned long called = UTRACE_EVENT(HANDLER) | UTRACE_EVENT(QUIESCE);
	struct utrace_engine *engine;
	unsigned long events;
	bool marked = false;
	u32 answer, state;

	utrace_start_walk(report, called | UTRACE_EVENT(SIGNAL), false);
	while ((engine = __utrace_next(report, false, &events))) {
		state = READ_ONCE(engine->state);
		if (!wanted || !(events & called) ||
		    !utrace_start(report, engine, events)) {
			marked |= utrace_mark(report->utrace, engine, state);
			continue;
		}
		utrace_mark(report->utrace, engine, 0);
		answer = engine->ops->report_handler(report->action, engine,
						     regs);
		utrace_answer(report, engine, answer);
	}
	return marked;
}

/* Called after the stop, in which no signal must be pending for the round. */
static void utrace_want_handler_round(struct utrace *utrace)
{
	struct utrace_cursor at;

	spin_lock_irq(&utrace->lock);
	at = utrace_all(utrace);
	while (utrace_each(&at))
		utrace->handler |= utrace_in_handler_round(at.engine);
	if (utrace->handler)
		utrace_want_trap(utrace, 0);
	spin_unlock_irq(&utrace->lock);
}

/* signal_delivered(): no locks held. */
void __utrace_hook_handler(void)
{
	u32 flags = READ_ONCE(current->utrace_flags);
	struct utrace *utrace = utrace_of(current);
	bool marked, wanted = flags & UTRACE_EVENT(HANDLER);
	struct utrace_report report;

	if (!(flags & (UTRACE_TASK_STEPPING | UTRACE_EVENT(HANDLER) |
		       UTRACE_EVENT(SIGNAL))))
		return;
	if (flags & UTRACE_TASK_STEPPING)
		utrace_step_disarmed(utrace);
	utrace_init_report(&report, utrace, UTRACE_EVENT(HANDLER));
	marked = utrace_walk_handler(&report, current_pt_regs(), wanted);
	if (wanted)
		utrace_stop_here(&report);
	if (marked)
		utrace_want_handler_round(utrace);
	utrace_end(&report);
}
