// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who traces a task: the holds that tracers have on it, their life, and what
 * the rest of the kernel asks about them.
 *
 * A hold is made by ptrace_engine_prepare(), without locks.  With
 * ptrace_engine_link(), under tasklist_lock and siglock, it gets a tracer, and
 * it loses it in ptrace_engine_unlink().  It ends with its engine.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/pid_namespace.h>
#include <linux/ptrace_engine.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "ptrace-utrace.h"

static struct kmem_cache *ptrace_hold_cachep;

#define for_each_hold(hold, task)	\
	hlist_for_each_entry_rcu(hold, &(task)->ptrace_holds, node)

/*
 * The hold on @task that has a tracer, else one that is made or left behind,
 * or NULL.  It stays as long as the caller keeps the tracer from leaving
 * (tasklist_lock, siglock, or the task frozen in its stop), or pins it.
 */
struct ptrace_hold *ptrace_hold_of(struct task_struct *task)
{
	struct ptrace_hold *hold, *found = NULL;

	rcu_read_lock();
	for_each_hold(hold, task) {
		if (ptrace_hold_traces(hold)) {
			found = hold;
			break;
		}
		found = found ?: hold;
	}
	rcu_read_unlock();
	return found;
}

/* The engine is to be detached, or is already; siglock held. */
void ptrace_drop_hold(struct ptrace_hold *hold)
{
	hold->gone = true;
	hlist_del_init_rcu(&hold->node);
}

/*
 * release_task() takes the engine away; no locks held.  A death report may have
 * put this off until siglock was gone: then nobody else changes the list.
 */
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

/* The engine's release: others may be walking over the hold. */
void ptrace_free_hold(void *data)
{
	struct ptrace_hold *hold = data;

	/* reaped with its tracer */
	put_cred(rcu_dereference_protected(hold->cred, true));
	call_rcu(&hold->rcu, ptrace_free_rcu);
}

/* Keep the engine from leaving, unless it is doing so. */
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
	if (pinned && hlist_unhashed(&hold->node)) {
		hold->engine = engine;
		hlist_add_head_rcu(&hold->node, &task->ptrace_holds);
	}
	unlock_task_sighand(task, &flags);
	return pinned;
}

/*
 * Has the engine been detached, or will it be by the reaper?  exit_state is set
 * before a detach can fail because the task is dying.
 */
static bool ptrace_has_left(struct task_struct *task,
			    struct utrace_engine *engine)
{
	return !READ_ONCE(engine->flags) || READ_ONCE(task->exit_state);
}

/*
 * The engine of a hold that is gone leaves in a callback, or is detached by the
 * task that dropped the hold.  Sleep until then; that task may need this
 * processor.  Only a callback may take long, and TRACEME runs beside none.
 */
static void ptrace_wait_left(struct task_struct *task,
			     struct utrace_engine *engine)
{
	struct ptrace_hold *hold = engine->data;

	if (task != current && utrace_barrier(task, engine))
		return;
	wait_var_event(&hold->gone, ptrace_has_left(task, engine));
}

/* The engine of a hold that was dropped is detached. */
void ptrace_wake_left(struct utrace_engine *engine)
{
	struct ptrace_hold *hold = engine->data;

	/* the detach, then the look for sleepers */
	smp_mb();
	wake_up_var(&hold->gone);
}

/*
 * Pin, or wait until the engine has left.  The caller looks for the signal that
 * may end this.  Drops the count of @engine.
 */
static bool ptrace_pin_or_wait(struct task_struct *task,
			       struct utrace_engine *engine)
{
	bool pinned = ptrace_pin(task, engine);

	if (!pinned)
		ptrace_wait_left(task, engine);
	utrace_engine_put(engine);
	return pinned;
}

/* Others may find the engine and its hold. */
static void ptrace_set_made(struct ptrace_hold *hold)
{
	WRITE_ONCE(hold->made, true);
	/* that, then the look for sleepers */
	smp_mb();
	wake_up_var(&hold->made);
}

/* The task's engine, counted, once it is made; NULL if another has left it. */
static struct utrace_engine *ptrace_present_engine(struct task_struct *task)
{
	struct utrace_engine *engine;
	struct ptrace_hold *hold;

	engine = utrace_attach_task(task, UTRACE_ATTACH_MATCH_OPS,
				    &ptrace_engine_ops, NULL);
	if (IS_ERR(engine))
		return NULL;
	hold = engine->data;
	/* the task that makes it may need this processor */
	wait_var_event(&hold->made, READ_ONCE(hold->made));
	if (READ_ONCE(engine->flags))
		return engine;
	utrace_engine_put(engine);
	return NULL;
}

/* The same, a new one if it has none */
static struct utrace_engine *ptrace_make_engine(struct task_struct *task,
						unsigned int flags)
{
	struct utrace_engine *engine;
	struct ptrace_hold *hold;
	int ret;

	hold = kmem_cache_alloc(ptrace_hold_cachep, GFP_KERNEL);
	if (!hold)
		return ERR_PTR(-ENOMEM);
	*hold = (struct ptrace_hold){ .resume = UTRACE_RESUME };
	engine = utrace_attach_task(task, UTRACE_ATTACH_CREATE |
				    UTRACE_ATTACH_EXCLUSIVE |
				    UTRACE_ATTACH_MATCH_OPS,
				    &ptrace_engine_ops, hold);
	if (IS_ERR(engine)) {
		kmem_cache_free(ptrace_hold_cachep, hold);
		return engine == ERR_PTR(-EEXIST) ?
			ptrace_present_engine(task) : engine;
	}
	/* others may find the hold when its end is sure to be heard of */
	ret = utrace_set_events(task, engine, ptrace_events(flags, 0));
	ptrace_set_made(hold);
	if (!ret)
		return engine;
	/* reaped meanwhile */
	utrace_engine_put(engine);
	return ERR_PTR(ret);
}

/**
 * ptrace_engine_prepare - attach the engine to a task that will be traced
 * @task: the task
 * @flags: whose events it is to hear of before it is traced, or 0
 *
 * Takes over an engine that stayed behind to deliver a signal; one that is
 * leaving already is waited for.  One that could not leave, because the task was
 * dying, stays until that is reaped.
 *
 * Context: sleeps.
 * Return: 0; ptrace_engine_unprepare() is to follow;
 * or %-ENOMEM, %-EPERM (dead), %-ERESTARTNOINTR.
 */
int ptrace_engine_prepare(struct task_struct *task, unsigned int flags)
{
	struct utrace_engine *engine;

	for (;;) {
		/* set before the death report, which no engine can leave in */
		if (READ_ONCE(task->exit_state))
			return -EPERM;
		engine = ptrace_make_engine(task, flags);
		if (IS_ERR(engine))
			break;
		if (engine && ptrace_pin_or_wait(task, engine))
			return 0;
		/* TRACEME waits for a tracer that is about to leave, no more */
		if (task != current && signal_pending(current))
			return -ERESTARTNOINTR;
	}
	return engine == ERR_PTR(-ESRCH) ? -EPERM : PTR_ERR(engine);
}

/* What ptrace_engine_prepare() was for is done, or will not be. */
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
	ptrace_engine_detach(task, engine);
	ptrace_wake_left(engine);
	utrace_engine_put(engine);
}

/* From now on @tracer traces; tasklist_lock held, in a fork siglock as well. */
void ptrace_engine_link(struct task_struct *task, struct task_struct *tracer,
			const struct cred *cred)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	if (WARN_ON_ONCE(!hold))
		return;
	rcu_assign_pointer(hold->cred, get_cred(cred));
	rcu_assign_pointer(hold->tracer, tracer);
	/* callbacks that see these find the tracer */
	smp_store_release(&hold->flags, task->ptrace);
}

/* fork -------------------------------------------------------------------- */

/**
 * ptrace_engine_fork - prepare a child to be traced from its birth
 * @child: nobody can see it yet
 * @trace: it is to be traced if its creator is when it becomes visible
 *
 * Context: sleeps.
 * Return: 0 or an error, for want of memory: the fork fails.
 */
int ptrace_engine_fork(struct task_struct *child, bool trace)
{
	INIT_HLIST_HEAD(&child->ptrace_holds);
	if (likely(!trace || !current->ptrace))
		return 0;
	return ptrace_engine_prepare(child, current->ptrace);
}

/*
 * Whether the child can be traced: not if its creator has got its tracer since
 * ptrace_engine_fork().  To the tracer it is as if it came after the fork.
 */
bool ptrace_engine_ready(struct task_struct *child)
{
	return !hlist_empty(&child->ptrace_holds);
}

/* The child is visible and has not run yet; no locks held. */
void ptrace_engine_fork_done(struct task_struct *child)
{
	if (likely(hlist_empty(&child->ptrace_holds)))
		return;
	/* or the tracer may go, and another commit before it is done here */
	read_lock(&tasklist_lock);
	if (child->ptrace)
		ptrace_engine_commit(child);
	read_unlock(&tasklist_lock);
	ptrace_engine_unprepare(child);
}

/* What others ask --------------------------------------------------------- */

/* Is @tracer one of those who trace @task? */
bool ptrace_tracer_is(struct task_struct *task, struct task_struct *tracer)
{
	struct ptrace_hold *hold;
	bool found = false;

	rcu_read_lock();
	for_each_hold(hold, task) {
		found = rcu_access_pointer(hold->tracer) == tracer;
		if (found)
			break;
	}
	rcu_read_unlock();
	return found;
}

/* The credentials of current's tracer; tasklist_lock held. */
const struct cred *ptrace_engine_cred(void)
{
	struct ptrace_hold *hold = ptrace_hold_of(current);

	return rcu_dereference_protected(hold->cred,
					 lockdep_is_held(&tasklist_lock));
}

/* Had every tracer of @task CAP_SYS_PTRACE in @ns?  True if there is none. */
bool ptracer_capable(struct task_struct *task, struct user_namespace *ns)
{
	struct ptrace_hold *hold;
	const struct cred *cred;
	int ret = 0;

	rcu_read_lock();
	for_each_hold(hold, task) {
		cred = rcu_dereference(hold->cred);
		if (cred && !ret)
			ret = security_capable(cred, ns, CAP_SYS_PTRACE,
					       CAP_OPT_NOAUDIT);
	}
	rcu_read_unlock();
	return !ret;
}

/* The next are about the stop @task is in; siglock, or it is frozen in it. */
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

/* What wait() tells and takes; tasklist_lock held, siglock to change it. */
int *ptrace_stop_code(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	return hold ? &hold->stop.code : &task->exit_code;
}

/*
 * What SIGCHLD tells of a stop, sent by @task itself; a wait() that saw the stop
 * before may have taken ptrace_stop_code().
 */
int ptrace_told_code(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	return hold ? hold->next.code : task->exit_code;
}

/* What /proc/PID/stat shows as exit_code */
int ptrace_shown_code(struct task_struct *task)
{
	struct ptrace_hold *hold;
	int code = 0;

	rcu_read_lock();
	if (task_is_traced(task))
		for_each_hold(hold, task)
			code = code ?: READ_ONCE(hold->stop.code);
	rcu_read_unlock();
	return code ?: task->exit_code;
}

static int __init ptrace_holds_init(void)
{
	ptrace_hold_cachep = KMEM_CACHE(ptrace_hold, SLAB_PANIC | SLAB_ACCOUNT);
	return 0;
}
core_initcall(ptrace_holds_init);
