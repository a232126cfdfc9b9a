/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernel/ptrace-utrace.c and kernel/ptrace-holds.c share.
 */
#ifndef _KERNEL_PTRACE_UTRACE_H
#define _KERNEL_PTRACE_UTRACE_H

#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/utrace.h>

enum ptrace_stop_kind {
	PTRACE_NO_STOP,
	PTRACE_STOP_EVENT,	/* the tracer's signal is dropped */
	PTRACE_STOP_SYSCALL,	/* it is sent */
	PTRACE_STOP_SIGNAL,	/* it takes the place of the one reported */
	PTRACE_STOP_TRAP,	/* group stop, INTERRUPT */
	PTRACE_STOP_LEFT,	/* a system call's, left: the signal is to be sent */
};

/**
 * struct ptrace_stop - what a tracer is to learn of a stop
 * @code: for wait()
 * @message: for PTRACE_GETEVENTMSG
 * @info: for PTRACE_GETSIGINFO, or NULL
 */
struct ptrace_stop {
	int code;
	unsigned long message;
	kernel_siginfo_t *info;
};

/**
 * struct ptrace_hold - a tracer's hold on a task
 * @node: in the task's ->ptrace_holds; changed under siglock, as all below
 *	that does not say otherwise; looked at under it, tasklist_lock or RCU
 * @engine: whose ->data this is
 * @tracer: NULL before and after; set under tasklist_lock alone, but in no
 *	ptrace stop, cleared under both
 * @cred: what it could do when it attached; changed under tasklist_lock, too
 * @flags: PT_* of this tracer; ->ptrace of the task is the union
 * @stop: the ptrace stop the task is in
 * @told: SIGCHLD was sent for it; the task's own
 * @kind: of the stop that was entered last, set back to %PTRACE_NO_STOP when
 *	nothing of it is left to be done
 * @armed: the callbacks asked for a stop that is still to be made known;
 *	the task's own, as what follows
 * @next: what @stop will be
 * @next_kind: and @kind
 * @why: CLD_TRAPPED or CLD_STOPPED
 * @gstop: the real parent is to hear of the group stop that the task took part in
 *	by this; taken back under tasklist_lock.  -1: it is no stop
 * @notice: what @next's info points to if there is no signal
 * @vpid: the task's number in the tracer's namespace, before an execve
 * @signr: the signal the tracer resumed the task with
 * @request: the last PTRACE_* that did so, 0 for none, with other options since,
 *	or with a signal to be sent; the tracer's own
 * @resume: the resume action that means
 * @leaving: the tracer is gone, the engine stays for the signal
 * @made: others may take the engine over; written once, by its maker
 * @gone: the engine is about to detach itself, or the task has been reaped
 * @pins: those who are about to trace the task
 * @rcu: frees it
 */
struct ptrace_hold {
	struct hlist_node node;
	struct utrace_engine *engine;
	struct task_struct __rcu *tracer;
	const struct cred __rcu *cred;
	unsigned int flags;
	struct ptrace_stop stop;
	bool told;
	enum ptrace_stop_kind kind;
	bool armed;
	struct ptrace_stop next;
	enum ptrace_stop_kind next_kind;
	int why;
	int gstop;
	kernel_siginfo_t notice;
	pid_t vpid;
	int signr;
	long request;
	enum utrace_resume_action resume;
	bool leaving;
	bool made;
	bool gone;
	unsigned int pins;
	struct rcu_head rcu;
};

extern const struct utrace_engine_ops ptrace_engine_ops;

/* Of a task that cannot be reaped now: current, or a tracee */
static inline spinlock_t *ptrace_siglock(struct task_struct *task)
{
	return &rcu_dereference_protected(task->sighand, true)->siglock;
}

static inline spinlock_t *current_siglock(void)
{
	return ptrace_siglock(current);
}

static inline bool ptrace_hold_traces(const struct ptrace_hold *hold)
{
	return rcu_access_pointer(hold->tracer);
}

struct ptrace_hold *ptrace_hold_of(struct task_struct *task);
void ptrace_drop_hold(struct ptrace_hold *hold);
void ptrace_wake_left(struct utrace_engine *engine);
void ptrace_free_hold(void *data);
void ptrace_hold_reaped(struct task_struct *task, struct ptrace_hold *hold);
unsigned long ptrace_events(unsigned int flags, long request);
void ptrace_set_events(struct task_struct *task, struct utrace_engine *engine,
		       unsigned long events);
void ptrace_engine_detach(struct task_struct *task,
			  struct utrace_engine *engine);

#endif /* _KERNEL_PTRACE_UTRACE_H */
