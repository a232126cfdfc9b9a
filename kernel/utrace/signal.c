// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals, and rounds of get_signal() without a signal.  Hooks are called with
 * siglock held, drop it for callbacks and retake it.  A task stops before the
 * arch code changes registers to restart a system call or to enter a handler.
 */
#include <linux/printk.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/signal.h>
#include <linux/string.h>

#include "walk.h"

/* A signal that is reported, or a round without a signal */
struct utrace_signal {
	struct ksignal *ksig;		/* ->info, and return_ka in ->ka */
	const struct k_sigaction *orig;	/* NULL if there is no signal */
	u32 round;			/* the round without a signal, or 0 */
	bool held_only;			/* call only engines with ENGINE_HELD */
};

/* Returns the result of @signr by @ka.  @forced: it affects even an init. */
static u32 utrace_natural(int signr, const struct k_sigaction *ka, bool forced)
{
	if (ka->sa.sa_handler == SIG_IGN)
		return UTRACE_SIGNAL_IGN;
	if (ka->sa.sa_handler != SIG_DFL)
		return UTRACE_SIGNAL_DELIVER;
	if (sig_kernel_ignore(signr) ||
	    ((current->signal->flags & SIGNAL_UNKILLABLE) && !forced &&
	     !sig_kernel_only(signr)))
		return UTRACE_SIGNAL_IGN;
	if (sig_kernel_stop(signr))
		return signr == SIGSTOP ? UTRACE_SIGNAL_STOP :
					  UTRACE_SIGNAL_TSTP;
	return sig_kernel_coredump(signr) ? UTRACE_SIGNAL_CORE :
					    UTRACE_SIGNAL_TERM;
}

static unsigned long utrace_signal_event(u32 natural)
{
	static const u32 events[] = {
		UTRACE_EVENT(SIGNAL),		/* UTRACE_SIGNAL_DELIVER */
		UTRACE_EVENT(SIGNAL_IGN),
		UTRACE_EVENT(SIGNAL_TERM),
		UTRACE_EVENT(SIGNAL_CORE),
		UTRACE_EVENT(SIGNAL_STOP),
		UTRACE_EVENT(SIGNAL_STOP),	/* UTRACE_SIGNAL_TSTP */
	};

	return events[natural / UTRACE_SIGNAL_IGN];
}

/* The result replaces that of the engine called before. */
static void utrace_signal_answer(struct utrace_report *report,
				 struct utrace_engine *engine, u32 answer)
{
	utrace_answer(report, engine, answer);
	if (unlikely(utrace_signal_action(answer) > UTRACE_SIGNAL_HANDLER)) {
		pr_warn_once("utrace: engine %s (%ps): no signal action %#x\n",
			     engine->ops->name ?: "?", engine->ops,
			     utrace_signal_action(answer));
		return;
	}
	report->result = answer & (UTRACE_SIGNAL_MASK | UTRACE_SIGNAL_HOLD);
}

static void utrace_ask_signal(struct utrace_report *report,
			      struct utrace_engine *engine,
			      struct utrace_signal *sig)
{
	u32 answer;

	if (!engine->ops->report_signal) {
		answer = engine->ops->report_quiesce(report->action, engine,
						     report->event);
		utrace_answer(report, engine, answer);
		return;
	}
	answer = engine->ops->report_signal(report->action | report->result,
					    engine, current_pt_regs(),
					    &sig->ksig->info, sig->orig,
					    &sig->ksig->ka);
	utrace_signal_answer(report, engine, answer);
}

/* Is @engine called for the signal, or in the round without a signal? */
static bool utrace_in_round(struct utrace_report *report,
			    struct utrace_engine *engine,
			    struct utrace_signal *sig)
{
	unsigned long flags = READ_ONCE(engine->flags);
	u32 state = READ_ONCE(engine->state);

	if (sig->held_only)
		return (state & ENGINE_HELD) &&
			(flags & (UTRACE_EVENT_SIGNAL_ALL |
				  UTRACE_EVENT(QUIESCE)));
	if (sig->orig)
		return flags & report->event;
	if (sig->round == UTRACE_SIGNAL_HANDLER)
		return utrace_in_handler_round(engine);
	if (flags & UTRACE_EVENT(QUIESCE))
		return true;
	return (state & ENGINE_INTERRUPT) && (flags & UTRACE_EVENT_SIGNAL_ALL);
}

static void utrace_signal_round(struct utrace_report *report,
				struct utrace_signal *sig)
{
	struct utrace_engine *engine;

	/* Event masks alone do not select the engines of a round. */
	utrace_start_walk(report, sig->orig && !sig->held_only ? report->event :
			  UTRACE_EVENT_SIGNAL_ALL | UTRACE_EVENT(QUIESCE), false);
	report->in_signal = true;
	while ((engine = utrace_next(report)))
		if (utrace_in_round(report, engine, sig))
			utrace_ask_signal(report, engine, sig);
}

/* Flag of a result: an engine returned it after a stop */
#define UTRACE_SIGNAL_SAID	0x200

/* Returns @decided, from before a stop, unless @result changes it. */
static u32 utrace_merge_result(u32 decided, u32 result)
{
	if (utrace_signal_action(result) == UTRACE_SIGNAL_REPORT)
		return decided | (result & UTRACE_SIGNAL_HOLD);
	return result | UTRACE_SIGNAL_SAID;
}

/*
 * After each stop, call the engines that held the task again.  They get no
 * signal, and keep the result by returning UTRACE_SIGNAL_REPORT.
 */
static void utrace_ask_held(struct utrace_report *report,
			    struct utrace_signal *sig)
{
	while (utrace_park(report)) {
		struct utrace_signal again = {
			.ksig = sig->ksig,
			.round = UTRACE_SIGNAL_REPORT,
			.held_only = true,
		};
		u32 decided = report->result;

		report->result = UTRACE_SIGNAL_REPORT;
		utrace_signal_round(report, &again);
		report->result = utrace_merge_result(decided, report->result);
	}
}

static u32 utrace_finish_signal(struct utrace_report *report,
				struct utrace_signal *sig)
{
	utrace_ask_held(report, sig);
	/* If no frame can be made, the step is lost, and SIGSEGV follows. */
	if (utrace_task_wants(current, UTRACE_TASK_STEPPING))
		utrace_arm_step(report->utrace);
	utrace_end(report);
	return report->result;
}

/* Returns the result of the engines, @natural if none changes it. */
static u32 utrace_report_signal(struct utrace_signal *sig, unsigned long event,
				u32 natural)
{
	struct utrace_report report;

	utrace_init_report(&report, utrace_of(current), event);
	report.result = natural;
	utrace_signal_round(&report, sig);
	return utrace_finish_signal(&report, sig);
}

/* Select the default action of @signr, whatever action the task has set. */
static int utrace_default(struct ksignal *ksig, int signr,
			  struct k_sigaction **ka)
{
	memset(&ksig->ka, 0, sizeof(ksig->ka));
	if (!valid_signal(ksig->info.si_signo) || !ksig->info.si_signo)
		ksig->info.si_signo = signr;
	*ka = &ksig->ka;
	return signr;
}

/* Act on ksig by ksig->ka, at first *@natural unless NULL.  siglock held. */
static int utrace_deliver(struct ksignal *ksig, struct k_sigaction *natural,
			  int old_signr, struct k_sigaction **ka)
{
	struct sighand_struct *sighand = current_sighand();
	int signr = ksig->info.si_signo;
	struct k_sigaction *real;

	/* This holds for an init too: get_signal() acts on engine results. */
	if (signr == SIGKILL)
		return utrace_default(ksig, SIGKILL, ka);
	if (!valid_signal(signr) || !signr) {
		if (signr)
			pr_warn_once("utrace: an engine delivered signal %d\n",
				     signr);
		return 0;
	}
	real = &sighand->action[signr - 1];
	if (natural && !memcmp(&ksig->ka, natural, sizeof(*natural))) {
		/* An unchanged sigaction means that of the new signal. */
		*ka = signr == old_signr ? NULL : real;
		return signr;
	}
	*ka = &ksig->ka;
	/* get_signal() would reset the copy that the frame is made from. */
	if (ksig->ka.sa.sa_flags & SA_ONESHOT) {
		ksig->ka.sa.sa_flags &= ~SA_ONESHOT;
		if (ksig->ka.sa.sa_handler == real->sa.sa_handler)
			real->sa.sa_handler = SIG_DFL;
	}
	return signr;
}

/* The number returned selects the action, not ksig->info.  siglock held. */
static int utrace_conclude(u32 result, struct ksignal *ksig,
			   struct k_sigaction *natural, int old_signr,
			   int type, struct k_sigaction **ka)
{
	/* A signal of the process must survive a thread that execve kills. */
	if (((result & UTRACE_SIGNAL_HOLD) ||
	     (natural && __fatal_signal_pending(current) &&
	      utrace_signal_action(result) != UTRACE_SIGNAL_IGN)) &&
	    !utrace_hold_signal(ksig, type))
		/* It cannot be queued: deliver it now, unless it is blocked. */
		result = sigismember(&current->blocked, ksig->info.si_signo) ?
			UTRACE_SIGNAL_IGN : UTRACE_SIGNAL_DELIVER;
	if (__fatal_signal_pending(current))
		return 0;

	switch (utrace_signal_action(result)) {
	case UTRACE_SIGNAL_DELIVER:
		return utrace_deliver(ksig, natural, old_signr, ka);
	case UTRACE_SIGNAL_TERM:
		return utrace_default(ksig, SIGTERM, ka);
	case UTRACE_SIGNAL_CORE:
		return utrace_default(ksig, SIGQUIT, ka);
	case UTRACE_SIGNAL_STOP:
	case UTRACE_SIGNAL_TSTP:
		if (!valid_signal(ksig->info.si_signo) ||
		    !sig_kernel_stop(ksig->info.si_signo))
			ksig->info.si_signo = SIGSTOP;
		return utrace_default(ksig, utrace_signal_action(result) ==
				      UTRACE_SIGNAL_STOP ? SIGSTOP : SIGTSTP,
				      ka);
	default:
		return 0;
	}
}

/* Returns whether get_signal() can take its normal course with @signr. */
static bool utrace_unchanged(struct ksignal *ksig, struct k_sigaction *natural,
			     int signr)
{
	return ksig->info.si_signo == signr &&
		!memcmp(&ksig->ka, natural, sizeof(*natural));
}

/* End an init's immunity, unless engines hold or change the forced @signr. */
static void utrace_conclude_forced(u32 result, struct ksignal *ksig,
				   struct k_sigaction *natural, int signr)
{
	if (result & UTRACE_SIGNAL_HOLD)
		utrace_mark_forced(current, signr);
	else if (utrace_unchanged(ksig, natural, signr) &&
		 (result == UTRACE_SIGNAL_DELIVER ||
		  result == UTRACE_SIGNAL_CORE))
		current->signal->flags &= ~SIGNAL_UNKILLABLE;
}

/* Returns the result of the engines for @signr, whose sigaction is @natural. */
static u32 utrace_decide_signal(struct ksignal *ksig, int signr,
				unsigned long event, u32 natural_result,
				struct k_sigaction *natural)
	__must_hold(&current_sighand()->siglock)
{
	struct utrace_signal sig = { .ksig = ksig, .orig = natural };
	u32 result;

	ksig->ka = *natural;
	/* SIGCONT clears this to discard a stop that an engine requests. */
	current->jobctl |= JOBCTL_STOP_DEQUEUED;
	spin_unlock_irq(&current_sighand()->siglock);

	/* get_signal() loops while signals are queued, perhaps by engines. */
	if (need_resched())
		cond_resched();
	result = utrace_report_signal(&sig, event, natural_result);
	if (unlikely((result & UTRACE_SIGNAL_HOLD) ||
		     utrace_of(current)->held))
		utrace_note_hold(utrace_of(current),
				 result & UTRACE_SIGNAL_HOLD);

	spin_lock_irq(&current_sighand()->siglock);
	return result;
}

/*
 * get_signal() dequeued @signr, which is neither SIGKILL nor immutable.
 * Returns the signal to act on, perhaps with another sigaction in *@ka, or 0.
 */
int __utrace_hook_signal(struct ksignal *ksig, int signr, int type,
			 struct k_sigaction **ka)
	__must_hold(&current_sighand()->siglock)
{
	struct k_sigaction natural = current_sighand()->action[signr - 1];
	bool forced = utrace_take_forced(&ksig->info, type);
	bool step_trap = utrace_take_step_trap(&ksig->info);
	u32 natural_result, result, said;
	unsigned long event;
	bool wanted;

	natural_result = utrace_natural(signr, &natural, forced);
	event = utrace_signal_event(natural_result);
	wanted = utrace_task_wants(current, event);
	/* Test after reading the mask: the stepping engine may be detaching. */
	if (step_trap && utrace_is_left_step(false))
		return 0;
	if (!wanted) {
		if (forced && natural.sa.sa_handler == SIG_DFL)
			current->signal->flags &= ~SIGNAL_UNKILLABLE;
		return signr;
	}
	result = utrace_decide_signal(ksig, signr, event, natural_result,
				      &natural);
	if (step_trap && utrace_is_left_step(true))
		return 0;
	said = result & UTRACE_SIGNAL_SAID;
	result &= ~UTRACE_SIGNAL_SAID;
	if (unlikely(forced))
		utrace_conclude_forced(result, ksig, &natural, signr);
	if (likely(!__fatal_signal_pending(current))) {
		/* No engine decided: the disposition may have changed. */
		if (result == UTRACE_SIGNAL_IGN &&
		    (said || natural_result != UTRACE_SIGNAL_IGN))
			return 0;
		if (result == natural_result &&
		    utrace_unchanged(ksig, &natural, signr))
			return signr;
	}
	return utrace_conclude(result, ksig, &natural, signr, type, ka);
}

/* Returns the round that is due, or 0 if only a stop was requested. */
static u32 utrace_take_round(struct utrace *utrace)
{
	u32 round = 0;

	spin_lock_irq(&utrace->lock);
	if (utrace->handler) {
		round = UTRACE_SIGNAL_HANDLER;
		utrace->handler = false;
		/* The rounds call different engines: run one at a time. */
		if (utrace->interrupt)
			utrace_want_trap(utrace, 0);
	} else if (utrace->interrupt) {
		round = UTRACE_SIGNAL_REPORT;
		utrace->interrupt = false;
	}
	spin_unlock_irq(&utrace->lock);
	return round;
}

/* Clear the marks of the finished round, but not those of a round still due. */
static void utrace_forget_round(struct utrace *utrace)
{
	u32 over = ENGINE_ROUND;
	struct utrace_cursor at;

	spin_lock_irq(&utrace->lock);
	if (!utrace->interrupt)
		over |= ENGINE_INTERRUPT;
	at = utrace_all(utrace);
	while (utrace_each(&at))
		WRITE_ONCE(at.engine->state, at.engine->state & ~over);
	spin_unlock_irq(&utrace->lock);
}

/* Runs a REPORT or HANDLER round and returns its result. */
static u32 utrace_trap(struct utrace *utrace, struct ksignal *ksig)
{
	struct utrace_signal sig = { .ksig = ksig };
	struct utrace_report report;

	clear_siginfo(&ksig->info);
	memset(&ksig->ka, 0, sizeof(ksig->ka));
	utrace_init_report(&report, utrace, 0);
	report.in_signal = true;
	sig.round = utrace_take_round(utrace);
	report.result = sig.round ?: UTRACE_SIGNAL_REPORT;
	if (sig.round)
		utrace_signal_round(&report, &sig);
	utrace_ask_held(&report, &sig);
	utrace_forget_round(utrace);
	utrace_end(&report);
	return report.result;
}

/* The stop in a trap ended for another trap, which comes before the round. */
static int utrace_put_off_round(bool group_stop)
	__acquires(&current_sighand()->siglock)
{
	spin_lock_irq(&current_sighand()->siglock);
	if (!__fatal_signal_pending(current))
		current->jobctl |= JOBCTL_ENGINE_TRAP |
			(group_stop ? JOBCTL_ENGINE_NOTIFY : 0);
	return 0;
}

/* For JOBCTL_ENGINE_TRAPS.  Returns 0 or a signal to act on by ksig->ka. */
int utrace_hook_trap(struct ksignal *ksig)
	__must_hold(&current_sighand()->siglock)
{
	bool trap = current->jobctl & JOBCTL_TRAP_MASK;
	bool group_stop = current->jobctl & JOBCTL_ENGINE_NOTIFY;
	bool round = current->jobctl & JOBCTL_ENGINE_TRAP;
	bool traced = utrace_traps_group_stop(current);
	u32 result = UTRACE_SIGNAL_REPORT;
	struct utrace *utrace;
	struct k_sigaction *ka;
	int signr;

	current->jobctl &= ~(JOBCTL_ENGINE_TRAP | JOBCTL_ENGINE_NOTIFY);
	current->jobctl |= JOBCTL_STOP_DEQUEUED;
	spin_unlock_irq(&current_sighand()->siglock);

	/* Callbacks may request round after round. */
	if (need_resched())
		cond_resched();
	utrace = round ? utrace_of(current) : NULL;
	/* A HANDLER round comes first.  The trap bits call this again later. */
	if (trap && !(utrace && utrace->handler)) {
		utrace_report_trap();
		if (utrace && utrace->trap_again)
			return utrace_put_off_round(group_stop);
	}
	if (utrace) {
		if (group_stop)
			utrace_report_group_stop(utrace);
		result = utrace_trap(utrace, ksig);
	}

	spin_lock_irq(&current_sighand()->siglock);
	signr = utrace_conclude(result, ksig, NULL, 0, PIDTYPE_PID, &ka);
	utrace_reenter_jctl_stop(traced);
	/* An I/O worker has no user mode in which to handle a signal. */
	return current->flags & PF_IO_WORKER ? 0 : signr;
}
