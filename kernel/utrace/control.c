// SPDX-License-Identifier: GPL-2.0-only
/* Requests that an engine can make from outside its callbacks. */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "walk.h"

/* Is @engine attached to @target?  Only compares @target: it may be stale. */
bool utrace_engine_on(struct utrace_engine *engine, struct task_struct *target)
{
	lockdep_assert_held(&engine->utrace->lock);
	return (engine->state & ENGINE_ATTACHED) &&
		engine->utrace->task == target;
}

/* Is no callback of @engine running?  Called after a change under the lock. */
static bool utrace_engine_idle(struct utrace_engine *engine)
{
	/* Pairs with xchg() in utrace_move_on(): walk.h shows the race. */
	smp_mb();
	/* Acquire: a caller that waited sees what the callback wrote. */
	return (smp_load_acquire(&engine->utrace->reporting) & ~UTRACE_MARKS) !=
		(unsigned long)engine;
}

/*
 * The same for utrace_barrier(), which is woken if a callback was running.
 * Returns false only with the mark set: another look may find the next callback.
 */
static bool utrace_await_engine(struct utrace_engine *engine)
{
	unsigned long *reporting = &engine->utrace->reporting;
	unsigned long old;

	if (utrace_engine_idle(engine))
		return true;
	old = READ_ONCE(*reporting);
	do {
		if ((old & ~UTRACE_MARKS) != (unsigned long)engine) {
			/* Acquire, as in utrace_engine_idle() */
			smp_acquire__after_ctrl_dep();
			return true;
		}
		if (old & UTRACE_AWAITED)
			return false;
	} while (!try_cmpxchg(reporting, &old, old | UTRACE_AWAITED));
	return false;
}

/* May a callback other than the caller be running and miss the change? */
static bool utrace_engine_busy(struct utrace *utrace,
			       struct utrace_engine *engine)
{
	return !utrace_engine_idle(engine) && utrace->task != current;
}

/* utrace->lock held.  If true is returned, put @engine after unlocking. */
bool utrace_unlink_engine(struct utrace *utrace, struct utrace_engine *engine)
{
	bool stepped = engine->state & (ENGINE_STEP | ENGINE_OWED);
	bool idle;

	trace_utrace_detach(utrace->task, engine);
	if (engine->state & ENGINE_STOP)
		WRITE_ONCE(utrace->votes, utrace->votes - 1);
	WRITE_ONCE(engine->flags, 0);
	WRITE_ONCE(engine->state, 0);
	idle = utrace_clear_slot(utrace, engine);
	utrace_leave_step(utrace, stepped);
	utrace_update_flags(utrace, engine, 0);
	return idle;
}

/* Sets *@put if the caller has to drop the attachment's reference. */
static int utrace_control_detach(struct utrace *utrace,
				 struct utrace_engine *engine, bool *put)
{
	if (utrace->life == UTRACE_DYING)
		return -EALREADY;
	if (utrace->life == UTRACE_REAPED)
		return -ESRCH;
	*put = utrace_unlink_engine(utrace, engine);
	utrace_wake(utrace);
	return *put || utrace->task == current ? 0 : -EINPROGRESS;
}

static int utrace_check_action(struct utrace_engine *engine,
			       enum utrace_resume_action action)
{
	switch (action) {
	case UTRACE_STOP:
	case UTRACE_INTERRUPT:
		return 0;
	case UTRACE_SINGLESTEP:
		if (!arch_has_single_step())
			return -EOPNOTSUPP;
		break;
	case UTRACE_BLOCKSTEP:
		if (!arch_has_block_step())
			return -EOPNOTSUPP;
		break;
	case UTRACE_REPORT:
		break;
	default:
		return -EINVAL;
	}
	return engine->flags & UTRACE_EVENT(QUIESCE) ? 0 : -EINVAL;
}

static int utrace_control_stop(struct utrace *utrace,
			       struct utrace_engine *engine)
{
	utrace_set_vote(utrace, engine, UTRACE_STOP);
	if (utrace_is_stopped(utrace)) {
		WRITE_ONCE(engine->state, engine->state | ENGINE_HELD);
		return 0;
	}
	/* Turn a job control stop into an engine stop without user mode. */
	if (utrace_in_group_stop(utrace->task))
		utrace_want_trap(utrace, 0);
	else
		utrace_want_report(utrace);
	return -EINPROGRESS;
}

static int utrace_control_live(struct utrace *utrace,
			       struct utrace_engine *engine,
			       enum utrace_resume_action action)
{
	bool restep;
	int ret;

	if (action != UTRACE_RESUME) {
		ret = utrace_check_action(engine, action);
		if (ret)
			return ret;
		if (action == UTRACE_STOP)
			return utrace_control_stop(utrace, engine);
	}
	restep = utrace_set_vote(utrace, engine, action);
	if ((action == UTRACE_REPORT || action == UTRACE_INTERRUPT) &&
	    utrace_is_stopped(utrace))
		WRITE_ONCE(utrace->again, true);
	if (action == UTRACE_INTERRUPT) {
		WRITE_ONCE(engine->state, engine->state | ENGINE_INTERRUPT);
		utrace_want_interrupt(utrace);
	} else if (action == UTRACE_REPORT ||
		   (restep && !utrace_is_stopped(utrace))) {
		/* A stopped task arms its step by itself when it resumes. */
		utrace_want_report(utrace);
	}
	utrace_wake(utrace);
	return 0;
}

/**
 * utrace_control - stop, resume, step or detach from a task
 * @target: the task @engine is attached to; only compared, so it may be freed
 * @engine: the engine; the caller holds a reference or runs in its callback
 * @action: the request, which replaces the engine's earlier one
 *
 * %UTRACE_STOP holds the task until this engine requests something else.
 * %UTRACE_INTERRUPT requests a report soon, and ends a blocking system call.
 * %UTRACE_REPORT and the steps need %UTRACE_EVENT(QUIESCE) in the event mask.
 *
 * Context: any but hard interrupts; does not sleep; legal under
 * rcu_read_lock() and under tasklist_lock, not under siglock.
 * Return: 0, or %-EINVAL: unknown action, no engine, or QUIESCE is missing;
 * %-ESRCH: detached, or dead (any action but DETACH), or being reaped;
 * %-EALREADY: DETACH while report_death may be running: stays attached;
 * %-EINPROGRESS: STOP: not stopped yet; DETACH: a callback of this engine may
 * be running, use utrace_barrier(); %-EOPNOTSUPP: the machine has no such step.
 */
int utrace_control(struct task_struct *target, struct utrace_engine *engine,
		   enum utrace_resume_action action)
{
	unsigned long irqflags;
	struct utrace *utrace;
	bool put = false;
	int ret;

	if (IS_ERR_OR_NULL(engine) || (unsigned int)action >= UTRACE_RESUME_MAX)
		return -EINVAL;
	utrace = engine->utrace;
	spin_lock_irqsave(&utrace->lock, irqflags);
	if (!utrace_engine_on(engine, target))
		ret = -ESRCH;
	else if (action == UTRACE_DETACH)
		ret = utrace_control_detach(utrace, engine, &put);
	else if (utrace->life != UTRACE_ALIVE)
		ret = -ESRCH;
	else
		ret = utrace_control_live(utrace, engine, action);
	spin_unlock_irqrestore(&utrace->lock, irqflags);
	if (put)
		utrace_engine_put(engine);
	return ret;
}
EXPORT_SYMBOL_GPL(utrace_control);

#define UTRACE_NEEDS(event, callback)	((callback) ? 0 : UTRACE_EVENT(event))

/* Do @ops have the callbacks for @events?  Built-in code knows its own. */
static bool utrace_ops_complete(const struct utrace_engine_ops *ops,
				unsigned long events)
{
	unsigned long missing = UTRACE_EVENT(TRAP) |
		UTRACE_NEEDS(QUIESCE, ops->report_quiesce) |
		UTRACE_NEEDS(REAP, ops->report_reap) |
		UTRACE_NEEDS(CLONE, ops->report_clone) |
		UTRACE_NEEDS(EXEC, ops->report_exec) |
		UTRACE_NEEDS(EXIT, ops->report_exit) |
		UTRACE_NEEDS(DEATH, ops->report_death) |
		UTRACE_NEEDS(SYSCALL_ENTRY, ops->report_syscall_entry) |
		UTRACE_NEEDS(SYSCALL_EXIT, ops->report_syscall_exit) |
		UTRACE_NEEDS(JCTL, ops->report_jctl) |
		UTRACE_NEEDS(SECCOMP, ops->report_seccomp) |
		UTRACE_NEEDS(VFORK_DONE, ops->report_vfork_done) |
		UTRACE_NEEDS(GROUP_STOP, ops->report_group_stop) |
		UTRACE_NEEDS(HANDLER, ops->report_handler);

	if (!ops->report_quiesce && !ops->report_signal)
		missing |= UTRACE_EVENT_SIGNAL_ALL;
	return ops->builtin || !(events & missing);
}

/* Once the task is dead, some changes of the mask are refused. */
int utrace_check_late_events(struct utrace *utrace, unsigned long set,
			     unsigned long clear)
{
	if (utrace->life == UTRACE_ALIVE)
		return 0;
	if (set & UTRACE_EVENT_DEATH)
		return -EALREADY;
	if (utrace->life == UTRACE_DYING && (clear & UTRACE_EVENT_DEATH))
		return -EALREADY;
	if (utrace->life == UTRACE_REAPED && (clear & UTRACE_EVENT(REAP)))
		return -EALREADY;
	return 0;
}

static int utrace_change_events(struct utrace *utrace,
				struct utrace_engine *engine,
				unsigned long events)
{
	unsigned long set = events & ~engine->flags;
	unsigned long clear = engine->flags & ~events;
	int ret = utrace_check_late_events(utrace, set, clear);

	if (ret)
		return ret;
	WRITE_ONCE(engine->flags, events);
	utrace_set_slot_events(utrace, engine, events);
	utrace_update_flags(utrace, engine, events);
	return clear && utrace_engine_busy(utrace, engine) ? -EINPROGRESS : 0;
}

/**
 * utrace_set_events - set the event mask of an engine
 * @target: the task @engine is attached to; only compared, so it may be freed
 * @engine: the engine; the caller holds a reference or runs in its callback
 * @events: the new mask
 *
 * The mask takes effect at once, in report_quiesce() even for the same event.
 *
 * Context: any but hard interrupts; does not sleep; legal in RCU read sections.
 * Return: 0, or %-EINVAL: unknown event, no engine, or a callback is NULL;
 * %-ESRCH: detached; %-EINPROGRESS: the mask is set, but a callback for a
 * cleared bit may be running, use utrace_barrier();
 * %-EALREADY: clears DEATH or QUIESCE during the death report or REAP during
 * reaping, or newly sets DEATH or QUIESCE on a dead task.
 */
int utrace_set_events(struct task_struct *target, struct utrace_engine *engine,
		      unsigned long events)
{
	unsigned long irqflags;
	struct utrace *utrace;
	int ret;

	if (IS_ERR_OR_NULL(engine) || (events & ~UTRACE_EVENT_ALL) ||
	    !utrace_ops_complete(engine->ops, events))
		return -EINVAL;
	utrace = engine->utrace;
	spin_lock_irqsave(&utrace->lock, irqflags);
	if (utrace_engine_on(engine, target))
		ret = utrace_change_events(utrace, engine, events);
	else
		ret = -ESRCH;
	spin_unlock_irqrestore(&utrace->lock, irqflags);
	return ret;
}
EXPORT_SYMBOL_GPL(utrace_set_events);

/**
 * utrace_barrier - wait until no callback of an engine is running
 * @target: the task @engine was attached to; only compared
 * @engine: the engine; the caller holds a reference
 *
 * After utrace_control() with %UTRACE_DETACH or utrace_set_events() returned
 * %-EINPROGRESS, this waits for the callback that missed the change, even if it
 * is report_reap.  A task that an engine holds is in no callback.
 *
 * Context: may sleep.  Does not wait if called by @target itself.
 * Return: 0: @engine is still attached; %-ESRCH: it is not; %-EINVAL: no
 * engine; %-ERESTARTSYS: interrupted by a signal.
 */
int utrace_barrier(struct task_struct *target, struct utrace_engine *engine)
{
	struct utrace *utrace;
	unsigned long irqflags;
	unsigned int moves;
	bool attached;
	int ret = 0;

	if (IS_ERR_OR_NULL(engine))
		return -EINVAL;
	utrace = engine->utrace;
	/* Pairs with utrace_moved_on(): see there. */
	smp_mb();
	moves = READ_ONCE(utrace->moves);
	if (target != current)
		ret = wait_event_interruptible(utrace->barrier,
					       utrace_await_engine(engine) ||
					       READ_ONCE(utrace->moves) != moves);
	if (ret)
		return ret;
	spin_lock_irqsave(&utrace->lock, irqflags);
	attached = utrace_engine_on(engine, target);
	spin_unlock_irqrestore(&utrace->lock, irqflags);
	return attached ? 0 : -ESRCH;
}
EXPORT_SYMBOL_GPL(utrace_barrier);

/* The task is only compared, so no reference is taken. */
static struct task_struct *utrace_task_of(struct pid *pid)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(pid, PIDTYPE_PID);
	rcu_read_unlock();
	return task;
}

/**
 * utrace_control_pid - utrace_control() for a pid
 * @pid: the pid @engine was attached to; counted by the caller
 * @engine: as for utrace_control()
 * @action: as for utrace_control()
 * Context: as for utrace_control().
 * Return: as utrace_control(); %-ESRCH also if @pid has no task, or another
 * one after an execve by a thread: @engine remains attached then.
 */
int utrace_control_pid(struct pid *pid, struct utrace_engine *engine,
		       enum utrace_resume_action action)
{
	return utrace_control(utrace_task_of(pid), engine, action);
}
EXPORT_SYMBOL_GPL(utrace_control_pid);

/**
 * utrace_set_events_pid - utrace_set_events() for a pid
 * @pid: the pid @engine was attached to; counted by the caller
 * @engine: as for utrace_set_events()
 * @events: as for utrace_set_events()
 * Context: as for utrace_set_events().
 * Return: as utrace_set_events(); %-ESRCH also as for utrace_control_pid().
 */
int utrace_set_events_pid(struct pid *pid, struct utrace_engine *engine,
			  unsigned long events)
{
	return utrace_set_events(utrace_task_of(pid), engine, events);
}
EXPORT_SYMBOL_GPL(utrace_set_events_pid);

/**
 * utrace_barrier_pid - utrace_barrier() for a pid
 * @pid: the pid @engine was attached to; counted by the caller
 * @engine: as for utrace_barrier()
 *
 * If @pid has no task any more, this waits only for a running report_reap.
 *
 * Context: may sleep.
 * Return: as utrace_barrier().
 */
int utrace_barrier_pid(struct pid *pid, struct utrace_engine *engine)
{
	return utrace_barrier(utrace_task_of(pid), engine);
}
EXPORT_SYMBOL_GPL(utrace_barrier_pid);
