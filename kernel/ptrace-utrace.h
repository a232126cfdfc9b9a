/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to kernel/ptrace-utrace.c and kernel/ptrace-holds.c. */
#ifndef _KERNEL_PTRACE_UTRACE_H
#define _KERNEL_PTRACE_UTRACE_H

#include <linux/ptrace.h>
#include <linux/ptrace_engine.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/utrace_builtin.h>

/* What the signal of the resuming tracer does, by the kind of the stop */
enum ptrace_stop_kind {
	PTRACE_NO_STOP,
	PTRACE_STOP_EVENT,	/* it is dropped */
	PTRACE_STOP_SYSCALL,	/* it is sent */
	PTRACE_STOP_SIGNAL,	/* it replaces the reported signal */
	PTRACE_STOP_TRAP,	/* group stop or PTRACE_INTERRUPT: dropped */
	PTRACE_STOP_LEFT,	/* after a system call stop: still to be sent */
};

/* What a stop reports to the tracer */
struct ptrace_stop {
	int code;		/* for wait() */
	unsigned long message;	/* for PTRACE_GETEVENTMSG */
	kernel_siginfo_t *info;	/* for PTRACE_GETSIGINFO, or NULL */
};

/*
 * A tracer's hold on a task.  siglock protects it, unless stated otherwise; the
 * task uses members marked T without a lock.
 *
 * @node is read under siglock, tasklist_lock or RCU.  @tracer and @cred are set
 * under tasklist_lock, in a fork siglock too, but in no ptrace stop, and
 * cleared under both locks.  @gstop: the stop was the task's part in a group
 * stop, of which the real parent must be notified, cleared under tasklist_lock;
 * -1: no stop.  @request is 0 if there was none, if options changed, or if a
 * signal is sent.
 */
struct ptrace_hold {
	struct ptrace_hold_head head;
	struct utrace_engine *engine;	/* its ->data is this hold */
	const struct cred __rcu *cred;	/* the tracer's, at attach */
	unsigned int flags;		/* its PT_*; ->ptrace is the union */
	struct ptrace_stop stop;	/* the present ptrace stop */
	bool told;			/* T: SIGCHLD was sent for @stop */
	enum ptrace_stop_kind kind;	/* last stop, until it is handled */
	bool armed;			/* T: a callback requested a stop */
	struct ptrace_stop next;	/* T: becomes @stop */
	enum ptrace_stop_kind next_kind; /* T: becomes @kind */
	int why;			/* T: CLD_TRAPPED or CLD_STOPPED */
	int gstop;			/* T, and tasklist_lock: see above */
	kernel_siginfo_t notice;	/* T: @next.info without a signal */
	pid_t vpid;			/* T: pid in the tracer's namespace */
	int signr;			/* signal that the tracer sent along */
	long request;			/* the tracer's: last one to resume */
	enum utrace_resume_action resume; /* the action of that request */
	bool leaving;			/* no tracer; a signal is left */
	bool gone;			/* engine detaches, or task reaped */
	unsigned int pins;		/* tasks about to trace the task */
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
	return rcu_access_pointer(hold->head.tracer);
}

/*
 * Returns the hold of @task, or NULL.  There is one at a time: its engine is
 * attached with UTRACE_ATTACH_EXCLUSIVE.  It remains valid while the tracer
 * cannot detach (tasklist_lock or siglock held, or @task frozen in its stop),
 * while the caller pins it, or in an RCU read section.
 */
static inline struct ptrace_hold *ptrace_hold_of(struct task_struct *task)
{
	struct ptrace_hold_head *head = ptrace_first_hold(task);

	return head ? container_of(head, struct ptrace_hold, head) : NULL;
}

void ptrace_drop_hold(struct ptrace_hold *hold);
void ptrace_wake_left(struct utrace_engine *engine);
void ptrace_free_hold(void *data);
void ptrace_hold_reaped(struct task_struct *task, struct ptrace_hold *hold);
unsigned long ptrace_events(unsigned int flags, long request);
void ptrace_set_events(struct task_struct *task, struct utrace_engine *engine,
		       unsigned long events);
void ptrace_control(struct task_struct *task, struct utrace_engine *engine,
		    enum utrace_resume_action action);

#endif /* _KERNEL_PTRACE_UTRACE_H */
