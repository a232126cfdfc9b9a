// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hold ties a tracer to a task.  ptrace_engine_prepare() makes it, without
 * locks.  ptrace_engine_link() sets its tracer, ptrace_engine_unlink() clears
 * it: see struct ptrace_hold for the locks.  It is freed with its engine.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/pid_namespace.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "ptrace-utrace.h"

static struct kmem_cache *ptrace_hold_cachep;

/* The caller detaches the engine, or has done so; siglock held. */
void ptrace_drop_hold(struct ptrace_hold *hold)
{
	hold->gone = true;
	hlist_del_init_rcu(&hold->head.node);
}

/* No locks held.  In a late death report, siglock and list users are gone. */
void ptrace_hold_reaped(struct task_struct *task, struct ptrace_hold *hold)
{
	unsigned long flags;

	if (lock_task_sighand(task, &flags)) {
		ptrace_drop_hold(hold);
		unlock_task_sighand(task, &flags);
	} else {
		ptrace_drop_hold(hold);
	}
}

static void ptrace_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(ptrace_hold_cachep,
			container_of(rcu, struct ptrace_hold, rcu));
}

/* ->release: RCU readers may still be walking over the hold. */
void ptrace_free_hold(void *data)
{
	struct ptrace_hold *hold = data;

	/* still set if the task was reaped with its tracer */
	put_cred(rcu_dereference_protected(hold->cred, true));
	call_rcu(&hold->rcu, ptrace_free_rcu);
}

/* Prevent the detach of the engine; returns false if it has begun. */
static bool ptrace_pin(struct task_struct *task, struct utrace_engine *engine)
{
	struct ptrace_hold *hold = engine->data;
	unsigned long flags;
	bool pinned;

	/* a dead task is refused later on */
	if (!lock_task_sighand(task, &flags))
		return true;
	pinned = !hold->gone;
	if (pinned)
		hold->pins++;
	if (pinned && hlist_unhashed(&hold->head.node)) {
		hold->engine = engine;
		hlist_add_head_rcu(&hold->head.node, &task->ptrace_holds);
	}
	unlock_task_sighand(task, &flags);
	return pinned;
}

/* exit_state is set before a detach can fail because the task is dying. */
static bool ptrace_has_left(struct task_struct *task,
			    struct utrace_engine *engine)
{
	return !READ_ONCE(engine->flags) || READ_ONCE(task->exit_state);
}

/*
 * Sleep until the engine is detached, by its own callback or by the task that
 * dropped the hold: that task may need this CPU.  Only a callback may take
 * long, and none runs during TRACEME.
 */
static void ptrace_wait_left(struct task_struct *task,
			     struct utrace_engine *engine)
{
	struct ptrace_hold *hold = engine->data;

	if (task != current && utrace_barrier(task, engine))
		return;
	wait_var_event(&hold->gone, ptrace_has_left(task, engine));
}

/* The engine of a dropped hold is detached. */
void ptrace_wake_left(struct utrace_engine *engine)
{
	struct ptrace_hold *hold = engine->data;

	/* Order the detach before the test for sleepers. */
	smp_mb();
	wake_up_var(&hold->gone);
}

/* Returns false: check for signals and retry.  Drops a reference to @engine. */
static bool ptrace_pin_or_wait(struct task_struct *task,
			       struct utrace_engine *engine)
{
	bool pinned = ptrace_pin(task, engine);

	if (!pinned)
		ptrace_wait_left(task, engine);
	utrace_engine_put(engine);
	return pinned;
}

/* Returns a reference to the present engine, or NULL: it was detached. */
static struct utrace_engine *ptrace_present_engine(struct task_struct *task)
{
	struct utrace_engine *engine;

	engine = utrace_attach_builtin(task, UTRACE_ATTACH_MATCH_OPS,
				       &ptrace_engine_ops, NULL, 0);
	return IS_ERR(engine) ? NULL : engine;
}

/*
 * The same, but makes an engine if there is none.  Its mask is set before other
 * tasks can find its hold: report_reap is certain to be called.
 */
static struct utrace_engine *ptrace_make_engine(struct task_struct *task,
						unsigned int flags)
{
	struct utrace_engine *engine;
	struct ptrace_hold *hold;

	hold = kmem_cache_alloc(ptrace_hold_cachep, GFP_KERNEL);
	if (!hold)
		return ERR_PTR(-ENOMEM);
	*hold = (struct ptrace_hold){ .resume = UTRACE_RESUME };
	engine = utrace_attach_builtin(task, UTRACE_ATTACH_CREATE |
				       UTRACE_ATTACH_EXCLUSIVE |
				       UTRACE_ATTACH_MATCH_OPS,
				       &ptrace_engine_ops, hold,
				       ptrace_events(flags, 0));
	if (!IS_ERR(engine))
		return engine;
	kmem_cache_free(ptrace_hold_cachep, hold);
	return engine == ERR_PTR(-EEXIST) ?
		ptrace_present_engine(task) : engine;
}

/*
 * Attach the engine to a task that will be traced, and pin it.  Until then the
 * engine sees the events for @flags, or 0.  An engine that stayed to deliver a
 * signal is reused.  One that is being detached is waited for.  One that could
 * not be detached, because the task was dying, stays until the task is reaped.
 *
 * Sleeps.  Returns 0: the caller has to call ptrace_engine_unprepare(); or
 * -ENOMEM, -EPERM (dead), -ERESTARTNOINTR.
 */
int ptrace_engine_prepare(struct task_struct *task, unsigned int flags)
{
	struct utrace_engine *engine;

	for (;;) {
		/* set before the death report, in which no detach succeeds */
		if (READ_ONCE(task->exit_state))
			return -EPERM;
		/* Make no engine in vain if the previous tracer's is left. */
		engine = hlist_empty(&task->ptrace_holds) ?
			ptrace_make_engine(task, flags) :
			ptrace_present_engine(task);
		if (IS_ERR(engine))
			break;
		if (engine && ptrace_pin_or_wait(task, engine))
			return 0;
		/* TRACEME waits only for a tracer that is detaching. */
		if (task != current && signal_pending(current))
			return -ERESTARTNOINTR;
	}
	return engine == ERR_PTR(-ESRCH) ? -EPERM : PTR_ERR(engine);
}

/* Drop the pin of ptrace_engine_prepare(), whether @task is traced or not. */
void ptrace_engine_unprepare(struct task_struct *task)
{
	struct utrace_engine *engine = NULL;
	struct ptrace_hold *hold;
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return;
	hold = ptrace_hold_of(task);
	if (hold) {
		hold->pins--;
		if (ptrace_hold_traces(hold)) {
			hold->leaving = false;
		} else if (!hold->pins && !hold->leaving) {
			engine = hold->engine;
			utrace_engine_get(engine);
			ptrace_drop_hold(hold);
		}
	}
	unlock_task_sighand(task, &flags);
	if (!engine)
		return;
	ptrace_control(task, engine, UTRACE_DETACH);
	ptrace_wake_left(engine);
	utrace_engine_put(engine);
}

/* Set the tracer; tasklist_lock held, in a fork siglock as well. */
void ptrace_engine_link(struct task_struct *task, struct task_struct *tracer,
			const struct cred *cred)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	if (WARN_ON_ONCE(!hold))
		return;
	rcu_assign_pointer(hold->cred, get_cred(cred));
	rcu_assign_pointer(hold->head.tracer, tracer);
	/* Callbacks that see ->flags must find ->tracer. */
	smp_store_release(&hold->flags, task->ptrace);
}

/*
 * Prepare to trace @child, not visible yet, from its birth; @trace: if current
 * is traced by then.  Sleeps.  Without memory it fails, and with it the fork.
 */
int ptrace_engine_fork(struct task_struct *child, bool trace)
{
	INIT_HLIST_HEAD(&child->ptrace_holds);
	if (likely(!trace || !current->ptrace))
		return 0;
	return ptrace_engine_prepare(child, current->ptrace);
}

/* False if the tracer attached during the fork, as if it came after that. */
bool ptrace_engine_ready(struct task_struct *child)
{
	return !hlist_empty(&child->ptrace_holds);
}

/* @child is visible and has not run yet; no locks held. */
void ptrace_engine_fork_done(struct task_struct *child)
{
	if (likely(hlist_empty(&child->ptrace_holds)))
		return;
	/* Exclude a detach, and another commit, until this one is done. */
	read_lock(&tasklist_lock);
	if (child->ptrace)
		ptrace_engine_commit(child);
	read_unlock(&tasklist_lock);
	ptrace_engine_unprepare(child);
}

/* Returns the credentials of current's tracer; tasklist_lock held. */
const struct cred *ptrace_engine_cred(void)
{
	struct ptrace_hold *hold = ptrace_hold_of(current);

	return rcu_dereference_protected(hold->cred,
					 lockdep_is_held(&tasklist_lock));
}

/* Has the tracer of @task CAP_SYS_PTRACE in @ns?  True without a tracer. */
bool ptracer_capable(struct task_struct *task, struct user_namespace *ns)
{
	struct ptrace_hold *hold;
	const struct cred *cred;
	int ret = 0;

	rcu_read_lock();
	hold = ptrace_hold_of(task);
	cred = hold ? rcu_dereference(hold->cred) : NULL;
	if (cred)
		ret = security_capable(cred, ns, CAP_SYS_PTRACE,
				       CAP_OPT_NOAUDIT);
	rcu_read_unlock();
	return !ret;
}

/* Of the stop that @task is in: siglock held, or @task frozen in it. */
kernel_siginfo_t *ptrace_stop_siginfo(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	return hold ? hold->stop.info : NULL;
}

unsigned long ptrace_stop_message(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	return hold ? hold->stop.message : 0;
}

/* wait() reads and clears this: tasklist_lock held, siglock to change it. */
int *ptrace_stop_code(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	return hold ? &hold->stop.code : &task->exit_code;
}

/* For SIGCHLD, sent by @task: wait() may have cleared ptrace_stop_code(). */
int ptrace_told_code(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	return hold ? hold->next.code : task->exit_code;
}

/* the exit_code in /proc/PID/stat */
int ptrace_shown_code(struct task_struct *task)
{
	struct ptrace_hold *hold;
	int code = 0;

	rcu_read_lock();
	hold = task_is_traced(task) ? ptrace_hold_of(task) : NULL;
	if (hold)
		code = READ_ONCE(hold->stop.code);
	rcu_read_unlock();
	return code ?: task->exit_code;
}

static int __init ptrace_holds_init(void)
{
	ptrace_hold_cachep = KMEM_CACHE(ptrace_hold, SLAB_PANIC | SLAB_ACCOUNT);
	return 0;
}
core_initcall(ptrace_holds_init);
