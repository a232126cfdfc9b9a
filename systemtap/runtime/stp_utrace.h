/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runtime's engines, on top of those of <linux/utrace.h>.
 *
 * The task finder and the code that the translator emits use the interface of
 * SystemTap's own utrace.  Events and actions have the names and the numbers of
 * the layer.  An engine is a struct stp_engine.  All engines of a session on
 * one task share one engine of the layer; those with report_signal share
 * another one.
 */
#ifndef _STP_UTRACE_H
#define _STP_UTRACE_H

#include <linux/binfmts.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/utrace.h>

struct stp_engine;

/**
 * struct stp_engine_ops - the callbacks of the runtime
 *
 * These are as the members of &struct utrace_engine_ops with the same names,
 * except @report_death.  It is called in the exiting task, before the parent is
 * notified.  @process_ends is true for the last task of the process.
 */
struct stp_engine_ops {
	u32 (*report_quiesce)(u32 action, struct stp_engine *engine,
			      unsigned long event);
	u32 (*report_signal)(u32 action, struct stp_engine *engine,
			     struct pt_regs *regs, kernel_siginfo_t *info,
			     const struct k_sigaction *orig_ka,
			     struct k_sigaction *return_ka);
	u32 (*report_clone)(u32 action, struct stp_engine *engine,
			    unsigned long clone_flags,
			    struct task_struct *child);
	u32 (*report_exec)(u32 action, struct stp_engine *engine,
			   const struct linux_binfmt *fmt,
			   const struct linux_binprm *bprm,
			   struct pt_regs *regs);
	u32 (*report_syscall_entry)(u32 action, struct stp_engine *engine,
				    struct pt_regs *regs);
	u32 (*report_syscall_exit)(u32 action, struct stp_engine *engine,
				   struct pt_regs *regs);
	u32 (*report_death)(struct stp_engine *engine,
			    bool process_ends, int signal);
};

struct stp_task;

/**
 * struct stp_engine - the struct utrace_engine of the runtime
 * @ops: the runtime's callbacks
 * @data: the runtime's data
 * @flags: the events that the runtime requested; 0 after a detach
 */
struct stp_engine {
	const struct stp_engine_ops *ops;
	void *data;
	unsigned long flags;		/* written under stp_tasks_lock */
/* private: */
	struct list_head walk;		/* in stp_task->walk */
	struct list_head node;		/* in stp_task->engines */
	struct stp_task *on;		/* valid as long as the engine */
	int users;			/* from here under stp_tasks_lock */
	bool gone;			/* it was detached */
	bool walked;			/* in stp_task->walk */
	bool begun;			/* begin probes were called */
	bool wanted;			/* for the new program as well */
	bool ended;
};

/**
 * struct stp_task - a task on which this session has engines
 *
 * It is the data of the layer's engine, which has one of two sets of callbacks:
 * the layer calls report_signal() in rounds without a signal if there is one,
 * otherwise report_quiesce().  It is freed together with its engines when the
 * layer releases its engine.  Each user of a struct stp_engine holds a
 * reference to the layer's engine.
 */
struct stp_task {
/* private: */
	struct utrace_engine *engine;	/* the table holds a reference */
	struct task_struct *task;	/* only compared */
	struct signal_struct *signal;	/* only compared */
	/*
	 * The engines to call, oldest first.  Only the task itself changes this
	 * list, and only before it calls the first engine.  So no lock is
	 * needed, and an engine that is attached during a report does not see
	 * that report.
	 */
	struct list_head walk;
	struct list_head engines;	/* all; from here stp_tasks_lock */
	struct list_head node;		/* in the table */
	bool listed;			/* it is in the table */
	bool changed;			/* walk must be updated */
	bool closing;			/* has no engine, accepts no engine */
	bool signals;			/* its engines have a report_signal */
	bool late;			/* report_death calls end probes */
	bool ending;			/* between report_exit and end probes */
	bool execing;			/* in report_exec; only for the task */
	struct list_head exit_node;	/* exit_work is queued */
	struct callback_head exit_work;
	struct task_struct *exit_task;	/* a reference while it is queued */
};

static int stp_utrace_init(void);
static void stp_utrace_shutdown(void);
static int stp_utrace_exit(void);

static struct stp_engine *stp_attach_task(struct task_struct *task, int flags,
					  const struct stp_engine_ops *ops,
					  void *data);
static int __must_check stp_control(struct task_struct *task,
				    struct stp_engine *e,
				    enum utrace_resume_action action);
static int __must_check stp_set_events(struct task_struct *task,
				       struct stp_engine *e,
				       unsigned long events);
static int __must_check stp_barrier(struct task_struct *task,
				    struct stp_engine *e);
static void stp_begun(void *data);

static void stp_engine_put(struct stp_engine *e);

#endif /* _STP_UTRACE_H */
