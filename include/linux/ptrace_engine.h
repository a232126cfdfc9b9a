/* SPDX-License-Identifier: GPL-2.0-only */
/* The interface of kernel/ptrace-utrace.c and kernel/ptrace-holds.c. */
#ifndef _LINUX_PTRACE_ENGINE_H
#define _LINUX_PTRACE_ENGINE_H

#include <linux/rculist.h>
#include <linux/sched.h>
#include <uapi/linux/ptrace.h>

#ifdef CONFIG_UTRACE

/* static without CONFIG_UTRACE */
#define ptrace_engine_static
void do_notify_parent_cldstop(struct task_struct *tsk, bool for_ptracer, int why);
bool task_participate_group_stop(struct task_struct *task);
void ptrace_unfreeze_traced(struct task_struct *task);

int ptrace_engine_prepare(struct task_struct *task, unsigned int flags);
void ptrace_engine_commit(struct task_struct *task);
void ptrace_engine_unprepare(struct task_struct *task);
void ptrace_engine_link(struct task_struct *task, struct task_struct *tracer,
			const struct cred *cred);
void ptrace_engine_set_options(struct task_struct *task);
int ptrace_engine_resume(struct task_struct *task, long request,
			 unsigned long data);
bool __ptrace_engine_go_on(struct task_struct *task, long request,
			   unsigned long data);
void ptrace_engine_unlink(struct task_struct *task);
void ptrace_engine_trap_notify(struct task_struct *task);
int ptrace_engine_fork(struct task_struct *child, bool trace);
bool ptrace_engine_ready(struct task_struct *child);
void ptrace_engine_fork_done(struct task_struct *child);

/* Returns true if the fast path resumed @task: nothing else is to be done. */
static inline bool ptrace_engine_go_on(struct task_struct *task, long request,
				       unsigned long data)
{
	switch (request) {
	case PTRACE_CONT:
	case PTRACE_SYSCALL:
	case PTRACE_SINGLESTEP:
	case PTRACE_SINGLEBLOCK:
		return __ptrace_engine_go_on(task, request, data);
	default:
		return false;
	}
}

/* Accessors, for code that does not know struct ptrace_hold */
const struct cred *ptrace_engine_cred(void);
kernel_siginfo_t *ptrace_stop_siginfo(struct task_struct *task);
unsigned long ptrace_stop_message(struct task_struct *task);
int *ptrace_stop_code(struct task_struct *task);
int ptrace_told_code(struct task_struct *task);
int ptrace_shown_code(struct task_struct *task);

/* What ptrace_tracer_is() reads of struct ptrace_hold */
struct ptrace_hold_head {
	struct hlist_node node;		/* in the task's ->ptrace_holds */
	struct task_struct __rcu *tracer;
};

/* Locks: see ptrace_hold_of(). */
static inline struct ptrace_hold_head *
ptrace_first_hold(struct task_struct *task)
{
	return hlist_entry_safe(rcu_dereference_raw(hlist_first_rcu(&task->ptrace_holds)),
				struct ptrace_hold_head, node);
}

/* Is @tracer the tracer of @task? */
static inline bool ptrace_tracer_is(struct task_struct *task,
				    struct task_struct *tracer)
{
	struct ptrace_hold_head *head;
	bool found;

	rcu_read_lock();
	head = ptrace_first_hold(task);
	found = head && rcu_access_pointer(head->tracer) == tracer;
	rcu_read_unlock();
	return found;
}

#else /* !CONFIG_UTRACE */

#define ptrace_engine_static	static
#define ptrace_engine_trap_notify	ptrace_trap_notify

/* Macros leave no trace in the code that the compiler sees. */
#define ptrace_engine_prepare(task, flags)		0
#define ptrace_engine_commit(task)			do { } while (0)
#define ptrace_engine_unprepare(task)			do { } while (0)
#define ptrace_engine_set_options(task)			do { } while (0)
#define ptrace_engine_resume(task, request, data)	0
#define ptrace_engine_go_on(task, request, data)	false
#define ptrace_engine_unlink(task)			do { } while (0)
#define ptrace_engine_fork(child, trace)		0
#define ptrace_engine_fork_done(child)			do { } while (0)
#define ptrace_engine_ready(child)			true

#define ptrace_tracer_is(task, tracer)	((task)->parent == (tracer))
#define ptrace_engine_cred()		(current->ptracer_cred)
#define ptrace_stop_siginfo(task)	((task)->last_siginfo)
#define ptrace_stop_message(task)	((task)->ptrace_message)
#define ptrace_stop_code(task)		(&(task)->exit_code)
#define ptrace_told_code(task)		((task)->exit_code)
#define ptrace_shown_code(task)		((task)->exit_code)

#endif /* CONFIG_UTRACE */

#endif /* _LINUX_PTRACE_ENGINE_H */
