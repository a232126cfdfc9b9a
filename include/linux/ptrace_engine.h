/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernel/ptrace.c, signal.c and fork.c call of kernel/ptrace-utrace.c.
 */
#ifndef _LINUX_PTRACE_ENGINE_H
#define _LINUX_PTRACE_ENGINE_H

#include <linux/sched.h>

#ifdef CONFIG_UTRACE

/* Static in kernel/signal.c otherwise */
#define ptrace_engine_static
void do_notify_parent_cldstop(struct task_struct *tsk, bool for_ptracer, int why);
bool task_participate_group_stop(struct task_struct *task);

int ptrace_engine_prepare(struct task_struct *task);
void ptrace_engine_commit(struct task_struct *task);
void ptrace_engine_abort(struct task_struct *task);
void ptrace_engine_set_options(struct task_struct *task);
int ptrace_engine_resume(struct task_struct *task, long request,
			 unsigned long data);
void ptrace_engine_unlink(struct task_struct *task);
void ptrace_engine_trap_notify(struct task_struct *task);
int ptrace_engine_fork(struct task_struct *child, bool trace);
void ptrace_engine_fork_done(struct task_struct *child);
void ptrace_engine_fork_failed(struct task_struct *child);

#else /* !CONFIG_UTRACE */

#define ptrace_engine_static	static
#define ptrace_engine_trap_notify	ptrace_trap_notify

static inline int ptrace_engine_prepare(struct task_struct *task) { return 0; }
static inline void ptrace_engine_commit(struct task_struct *task) { }
static inline void ptrace_engine_abort(struct task_struct *task) { }
static inline void ptrace_engine_set_options(struct task_struct *task) { }
static inline int ptrace_engine_resume(struct task_struct *task, long request,
				       unsigned long data)
{
	return 0;
}

static inline void ptrace_engine_unlink(struct task_struct *task) { }
static inline int ptrace_engine_fork(struct task_struct *child, bool trace)
{
	return 0;
}

static inline void ptrace_engine_fork_done(struct task_struct *child) { }
static inline void ptrace_engine_fork_failed(struct task_struct *child) { }

#endif /* CONFIG_UTRACE */

#endif /* _LINUX_PTRACE_ENGINE_H */
