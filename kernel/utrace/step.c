// SPDX-License-Identifier: GPL-2.0-only
/*
 * Single step and block step.
 *
 * An engine's request for a step is a bit of its state, set and cleared under
 * utrace->lock, with utrace->step_dirty.  The task itself merges the requests
 * and arms or disarms the step, in utrace_arm_step(): at the end of a walk if
 * step_dirty is set, and after each signal that was reported while it steps.
 * UTRACE_TASK_STEPPING says that the layer has armed one.  A step ends when no
 * engine requests it.
 *
 * What the layer relies on, on every architecture:
 *
 * - user_enable_single_step(), user_enable_block_step() and
 *   user_disable_single_step() may be called by the task itself, in process
 *   context, any time between its entry to the kernel and the last look at
 *   its work flags before user mode.  Enabling what is enabled changes nothing
 *   but the granularity.  Where they leave something to the next switch to the
 *   task, utrace_load_step() does that.
 *
 * - What is armed may be lost with registers that are written as a whole:
 *   sigreturn and execve.  These enter the kernel by a system call, whose exit
 *   reports a trap of its own; the request that answers it arms a new step.
 *
 * - Setting up a signal frame may disarm the step (x86, so that TF does not get
 *   into the frame) or leave it armed (s390).  The layer arms it again in either
 *   case, in __utrace_hook_handler(), or, if the frame could not be made, with
 *   the SIGSEGV that follows.  It does not ask which of the two was done.
 *
 * - PTRACE_DETACH may disarm it: see utrace_leave_step().
 *
 * - An instruction under a uprobe may be emulated or executed out of line.  The
 *   uprobe keeps the state of the step over that and sends the trap, as for
 *   ptrace; it sees what was armed by __utrace_hook_uprobe().
 *
 * - The program's own trap flag is left alone: a disarmed step leaves what the
 *   program has set, and its trap is the program's (utrace_trap_is_ours()).
 */
#include <linux/ptrace.h>
#include <linux/resume_user_mode.h>
#include <linux/sched/signal.h>
#include <linux/uprobes.h>

#include <asm/switch_to.h>

#include "walk.h"

/* What attached engines request or are owed; utrace->lock held. */
static u32 utrace_steps(struct utrace *utrace)
{
	struct utrace_engine *engine;
	struct utrace_slot *slot = NULL;
	u32 steps = 0;

	while ((engine = utrace_each(utrace, &slot)))
		steps |= engine->state & (ENGINE_STEP | ENGINE_OWED);
	return steps;
}

/*
 * A step is about to be armed or disarmed; utrace->lock held.  Its trap may come
 * after the request has ended: where a step over a system call is reported, that
 * is found out before engines are asked about its exit.
 */
static u32 utrace_owe_traps(struct utrace *utrace)
{
	struct utrace_engine *engine;
	struct utrace_slot *slot = NULL;
	u32 owed = 0;

	while ((engine = utrace_each(utrace, &slot))) {
		if (engine->state & ENGINE_STEP)
			WRITE_ONCE(engine->state, engine->state | ENGINE_OWED);
		else
			owed |= engine->state & ENGINE_OWED;
	}
	return owed;
}

/*
 * Did the kernel arm current's trap flag, and not the program itself?  If so,
 * no one takes the trap once no engine requests a step.
 */
static bool utrace_trap_is_ours(void)
{
#ifdef TIF_FORCED_TF
	return test_thread_flag(TIF_FORCED_TF);
#else
	return true;
#endif
}

/* @utrace is the task's, and its lock is held. */
static void utrace_set_step_left(struct utrace *utrace,
				 enum utrace_step_left left)
{
	u32 flags = utrace->task->utrace_flags & ~UTRACE_TASK_STEP_LEFT;

	WRITE_ONCE(utrace->step_left, left);
	WRITE_ONCE(utrace->task->utrace_flags,
		   left ? flags | UTRACE_TASK_STEP_LEFT : flags);
}

/*
 * An engine's request changed to @request, which has bits of ENGINE_STEP or
 * none; utrace->lock held.  A trap that is on its way belongs to an engine
 * that requests a step now.
 */
void utrace_change_step(struct utrace *utrace, u32 request)
{
	lockdep_assert_held(&utrace->lock);
	WRITE_ONCE(utrace->step_dirty, true);
	if (unlikely(utrace->step_left) && request)
		utrace_set_step_left(utrace, UTRACE_STEP_NOT_LEFT);
}

/*
 * An engine is detached, @stepped if it requested a step or its trap is yet to
 * come; utrace->lock held.  If that is so of no other engine, the trap is nobody's.
 *
 * If others do, the step may be disarmed now: PTRACE_DETACH makes the
 * architecture do so, in ptrace_disable(), for whoever armed it.  The task is
 * still in its stop then, and arms the step again when it leaves that.
 */
void utrace_leave_step(struct utrace *utrace, bool stepped)
{
	lockdep_assert_held(&utrace->lock);
	if (utrace->life != UTRACE_ALIVE)
		return;
	if (!stepped) {
		if (utrace->task->utrace_flags & UTRACE_TASK_STEPPING)
			WRITE_ONCE(utrace->step_dirty, true);
		return;
	}
	WRITE_ONCE(utrace->step_dirty, true);
	if (!utrace_steps(utrace) && utrace->step_ours)
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
 * get_signal() dequeued the trap of a step.  Was its engine detached?  The trap
 * would kill the task.  After it was @reported, an engine that detached itself in
 * that callback has decided about the signal.  siglock held, so utrace->lock
 * cannot be taken.
 */
bool __utrace_is_left_step(bool reported)
{
	enum utrace_step_left left = READ_ONCE(utrace_of(current)->step_left);

	return reported ? left == UTRACE_STEP_TAKEN : left;
}

/*
 * Before user mode: the trap of a step, which is a signal of current alone, has
 * come by now, unless another signal took the task to a handler first.  A
 * blocked SIGTRAP is not that trap: the trap unblocks it.
 */
void utrace_forget_left_step(struct utrace *utrace)
{
	struct utrace_engine *engine;
	struct utrace_slot *slot = NULL;
	bool pending;

	spin_lock_irq(&utrace->lock);
	spin_lock(&current_sighand()->siglock);
	pending = sigismember(&current->pending.signal, SIGTRAP) &&
		!sigismember(&current->blocked, SIGTRAP);
	spin_unlock(&current_sighand()->siglock);
	if (pending) {
		/* look again after get_signal() */
		utrace_want_resume(utrace);
	} else {
		utrace_set_step_left(utrace, UTRACE_STEP_NOT_LEFT);
		while ((engine = utrace_each(utrace, &slot)))
			if (!(engine->state & ENGINE_STEP))
				WRITE_ONCE(engine->state,
					   engine->state & ~ENGINE_OWED);
	}
	spin_unlock_irq(&utrace->lock);
}

/* The arch code may have disarmed the step of current for a signal frame. */
void utrace_step_disarmed(struct utrace *utrace)
{
	WRITE_ONCE(utrace->step_dirty, true);
}

/*
 * Make what was armed or disarmed for current take effect now.  Tracers do that
 * for a stopped task, and rely on the switch back to it.
 */
static void utrace_load_step(void)
{
#ifdef CONFIG_S390
	update_cr_regs(current);
#endif
}

/*
 * Make current step, or not, as its engines request.  Only the task itself
 * does that, while it runs: TF must not be touched while another task does.
 */
void utrace_arm_step(struct utrace *utrace)
{
	u32 request, owed, flags;

	spin_lock_irq(&utrace->lock);
	WRITE_ONCE(utrace->step_dirty, false);
	owed = utrace_owe_traps(utrace);
	request = utrace_steps(utrace) & ENGINE_STEP;
	flags = current->utrace_flags;
	WRITE_ONCE(current->utrace_flags,
		   (request ? flags | UTRACE_TASK_STEPPING :
			      flags & ~UTRACE_TASK_STEPPING) |
		   (owed ? UTRACE_TASK_STEP_LEFT : 0));
	if (owed)
		utrace_want_resume(utrace);
	spin_unlock_irq(&utrace->lock);

	if (request & ENGINE_SINGLESTEP)
		user_enable_single_step(current);
	else if (request)
		user_enable_block_step(current);
	else if (flags & UTRACE_TASK_STEPPING)
		user_disable_single_step(current);
	if (request || !owed)
		utrace->step_ours = request && utrace_trap_is_ours();
	utrace_load_step();
}

/*
 * Does current execute the instruction under a uprobe out of line?  Its ip is
 * in the [uprobes] page then, and TF is the uprobe's: nothing may be reported,
 * armed or disarmed before that step has ended.  get_signal() is not reached
 * meanwhile either (uprobe_deny_signal()), nor is a system call: uprobes
 * refuse instructions that enter one.
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
 * The handlers of a uprobe may have requested a step, or ended one.  Arm it or
 * disarm it at once: it is the instruction under the uprobe that is to be
 * stepped.  The uprobe saves the state of TF, and sends the trap if it was set.
 */
void __utrace_hook_uprobe(void)
{
	struct utrace *utrace = utrace_of(current);

	if (READ_ONCE(utrace->step_dirty))
		utrace_arm_step(utrace);
	utrace->step_probed = utrace_task_wants(current, UTRACE_TASK_STEPPING);
}

/* What was due in the out-of-line step is done now, before user mode. */
void __utrace_hook_uprobe_stepped(void)
{
	set_notify_resume(current);
}
