// SPDX-License-Identifier: GPL-2.0-only
/*
 * Single step and block step.
 *
 * A step request is a bit of engine->state, changed under utrace->lock with
 * UTRACE_STEP_DUE.  The task merges the requests in utrace_arm_step(): at the
 * end of a walk if that is set, and after each signal reported while it steps.
 * UTRACE_TASK_STEPPING is set while the layer has a step armed.  A step ends
 * when no engine requests it.  Rules for every architecture:
 *
 * - The task itself calls user_enable_single_step(), user_enable_block_step()
 *   and user_disable_single_step(), in process context, between its entry to
 *   the kernel and the last test of its work flags.  To enable a step twice
 *   changes only the granularity.  utrace_load_step() completes what these
 *   functions defer to the next switch to the task.
 * - sigreturn and execve may overwrite an armed step.  The exit of these system
 *   calls reports a trap, and the request returned for that arms a new step.
 * - Setting up a signal frame may disarm the step (x86 keeps TF out of the
 *   frame) or not (s390).  The step is armed again in either case: in
 *   __utrace_hook_handler(), or with SIGSEGV if the frame could not be made.
 * - PTRACE_DETACH may disarm it: see utrace_leave_step().
 * - An instruction under a uprobe may be emulated or executed out of line.  The
 *   uprobe preserves what __utrace_hook_uprobe() armed, and sends the trap.
 * - Disarming preserves the program's own trap flag.  The trap of that flag
 *   belongs to the program: see utrace_trap_is_ours().
 */
#include <linux/ptrace.h>
#include <linux/resume_user_mode.h>
#include <linux/sched/signal.h>
#include <linux/uprobes.h>

#include <asm/switch_to.h>

#include "walk.h"

/* Returns the steps that engines request or are owed; utrace->lock held. */
static u32 utrace_steps(struct utrace *utrace)
{
	struct utrace_cursor at = utrace_all(utrace);
	u32 steps = 0;

	while (utrace_each(&at))
		steps |= at.engine->state & (ENGINE_STEP | ENGINE_OWED);
	return steps;
}

/*
 * Called with utrace->lock held before the step changes.  A trap may follow its
 * request: a step over a system call is detected before its exit report.
 * Returns what engines request, and ENGINE_OWED if one that requests no step
 * any more is owed a trap.
 */
static u32 utrace_owe_traps(struct utrace *utrace)
{
	struct utrace_cursor at = utrace_all(utrace);
	u32 steps = 0, step;

	while (utrace_each(&at)) {
		step = at.engine->state & ENGINE_STEP;
		steps |= step ?: at.engine->state & ENGINE_OWED;
		if (step)
			WRITE_ONCE(at.engine->state, at.engine->state | ENGINE_OWED);
	}
	return steps;
}

/* Returns false if the program set the trap flag: the trap is then its own. */
static bool utrace_trap_is_ours(void)
{
#ifdef TIF_FORCED_TF
	return test_thread_flag(TIF_FORCED_TF);
#else
	return true;
#endif
}

/* Called with utrace->lock held. */
static void utrace_set_step_left(struct utrace *utrace,
				 enum utrace_step_left left)
{
	u32 flags = utrace->task->utrace_flags & ~UTRACE_TASK_STEP_LEFT;

	WRITE_ONCE(utrace->step_left, left);
	/* Pairs with smp_rmb() in __utrace_is_left_step(). */
	smp_store_release(&utrace->task->utrace_flags,
			  left ? flags | UTRACE_TASK_STEP_LEFT : flags);
}

/*
 * @request has bits of ENGINE_STEP, or none; utrace->lock held.  A pending trap
 * then belongs to the engine that requests a step now.
 */
void utrace_change_step(struct utrace *utrace, u32 request)
{
	lockdep_assert_held(&utrace->lock);
	utrace_set_due(utrace, UTRACE_STEP_DUE);
	if (unlikely(utrace->step_left) && request)
		utrace_set_step_left(utrace, UTRACE_STEP_NOT_LEFT);
}

/*
 * Called with utrace->lock held when an engine is detached.  @stepped: it
 * requested a step or is owed a trap.  The trap is dropped if that is true of
 * no other engine.  PTRACE_DETACH may disarm the step of other engines, in
 * ptrace_disable().  The task is still stopped then, and arms it later.
 */
void utrace_leave_step(struct utrace *utrace, bool stepped)
{
	lockdep_assert_held(&utrace->lock);
	if (utrace->life != UTRACE_ALIVE)
		return;
	if (!stepped) {
		if (utrace->task->utrace_flags & UTRACE_TASK_STEPPING)
			utrace_set_due(utrace, UTRACE_STEP_DUE);
		return;
	}
	utrace_set_due(utrace, UTRACE_STEP_DUE);
	if (!utrace_steps(utrace) && READ_ONCE(utrace->step_ours))
		utrace_set_step_left(utrace, utrace->task == current ?
				     UTRACE_STEP_LEFT : UTRACE_STEP_TAKEN);
	utrace_want_report(utrace);
}

/* See utrace_take_step_trap(). */
bool __utrace_take_probed_step(const kernel_siginfo_t *info)
{
	struct utrace *utrace = utrace_of(current);
	bool probed;

	if (!utrace)
		return false;
	probed = utrace->step_probed && info->si_pid == task_tgid_vnr(current);
	utrace->step_probed = false;
	return probed;
}

/*
 * Returns whether to drop a trap, as its engine is detached: it would kill the
 * task.  @reported: an engine that detached itself in the callback has decided.
 * siglock is held, so utrace->lock cannot be taken.
 */
bool __utrace_is_left_step(bool reported)
{
	enum utrace_step_left left;

	/* After the flags, by which the caller saw that nobody wants it. */
	smp_rmb();
	left = READ_ONCE(utrace_of(current)->step_left);
	return reported ? left == UTRACE_STEP_TAKEN : left;
}

/*
 * Before user mode the trap, a signal of current alone, has been sent, unless a
 * handler came first.  A blocked SIGTRAP is another one: the trap unblocks it.
 */
void utrace_forget_left_step(struct utrace *utrace)
{
	struct utrace_cursor at;
	bool pending;

	spin_lock_irq(&utrace->lock);
	spin_lock(&current_sighand()->siglock);
	pending = sigismember(&current->pending.signal, SIGTRAP) &&
		!sigismember(&current->blocked, SIGTRAP);
	spin_unlock(&current_sighand()->siglock);
	if (pending) {
		/* Test again after get_signal(). */
		utrace_want_resume(utrace);
	} else {
		utrace_set_step_left(utrace, UTRACE_STEP_NOT_LEFT);
		at = utrace_all(utrace);
		while (utrace_each(&at))
			if (!(at.engine->state & ENGINE_STEP))
				WRITE_ONCE(at.engine->state,
					   at.engine->state & ~ENGINE_OWED);
	}
	spin_unlock_irq(&utrace->lock);
}

/* The arch code may have disarmed the step of current for a signal frame. */
void utrace_step_disarmed(struct utrace *utrace)
{
	spin_lock_irq(&utrace->lock);
	utrace_set_due(utrace, UTRACE_STEP_DUE);
	spin_unlock_irq(&utrace->lock);
}

/* Load an armed step now, as the switch to a stopped task does for tracers. */
static void utrace_load_step(void)
{
#ifdef CONFIG_S390
	update_cr_regs(current);
#endif
}

/* Only the running task does this: tracers change TF while it is stopped. */
void utrace_arm_step(struct utrace *utrace)
{
	u32 steps, request, owed, flags;

	spin_lock_irq(&utrace->lock);
	utrace_clear_due(utrace, UTRACE_STEP_DUE);
	steps = utrace_owe_traps(utrace);
	request = steps & ENGINE_STEP;
	owed = steps & ENGINE_OWED;
	flags = current->utrace_flags;
	WRITE_ONCE(current->utrace_flags,
		   (request ? flags | UTRACE_TASK_STEPPING :
			      flags & ~UTRACE_TASK_STEPPING) |
		   (owed ? UTRACE_TASK_STEP_LEFT : 0));
	if (owed)
		utrace_want_resume(utrace);
	/* An engine may be detached before the step is armed. */
	if (request)
		WRITE_ONCE(utrace->step_ours, true);
	spin_unlock_irq(&utrace->lock);

	if (request & ENGINE_SINGLESTEP)
		user_enable_single_step(current);
	else if (request)
		user_enable_block_step(current);
	else if (flags & UTRACE_TASK_STEPPING)
		user_disable_single_step(current);
	if (request ? !utrace_trap_is_ours() : !owed)
		WRITE_ONCE(utrace->step_ours, false);
	utrace_load_step();
}

/*
 * Returns whether current executes the instruction under a uprobe out of line.
 * The ip is then in [uprobes] and TF is the uprobe's: do not report, arm or
 * disarm.  get_signal() is not reached (uprobe_deny_signal()), nor a system
 * call: uprobes refuse instructions that enter one.
 */
bool utrace_in_uprobe_step(void)
{
#ifdef CONFIG_UPROBES
	return current->utask && current->utask->active_uprobe;
#else
	return false;
#endif
}

/*
 * Handlers of a uprobe may change step requests.  Apply them to the probed
 * instruction.  The uprobe saves TF, and sends the trap if TF was set.
 */
void __utrace_hook_uprobe(void)
{
	struct utrace *utrace = utrace_of(current);

	if (READ_ONCE(utrace->due) & UTRACE_STEP_DUE)
		utrace_arm_step(utrace);
	utrace->step_probed = utrace_task_wants(current, UTRACE_TASK_STEPPING);
}

/* Report before user mode what was due in the out-of-line step. */
void __utrace_hook_uprobe_stepped(void)
{
	set_notify_resume(current);
}
