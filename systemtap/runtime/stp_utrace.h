/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runtime's engines, on top of those of <linux/utrace.h>.
 *
 * The task finder and the code that the translator emits speak of utrace as
 * SystemTap's own copy has it.  Events and actions have the same names in the
 * layer, and its numbers; engines are these here.  All that a session has on
 * one task share one engine of the layer, but for those that look at signals:
 * these share another.
 */
#ifndef _STP_UTRACE_H
#define _STP_UTRACE_H

#include <linux/binfmts.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/utrace.h>

struct stp_engine;

/**
 * struct stp_engine_ops - what the runtime wants to be called for
 *
 * As the members of &struct utrace_engine_ops with these names, but for
 * @report_death: that is called in the exiting task, before its parent is told,
 * and its second argument says whether the process ends with this task.
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
 * struct stp_engine - what the runtime takes for its utrace_engine
 * @ops: the runtime's callbacks
 * @data: the runtime's own
 * @flags: the events the runtime asked for; 0 when it is gone
 */
struct stp_engine {
	const struct stp_engine_ops *ops;
	void *data;
	unsigned long flags;		/* written under stp_tasks_lock */
/* private: */
	struct list_head walk;		/* in stp_task->walk */
	struct list_head node;		/* in stp_task->engines */
	struct stp_task *on;		/* there as long as this is */
	int users;			/* the rest under stp_tasks_lock */
	bool gone;			/* it was detached */
	bool walked;			/* in stp_task->walk */
	bool begun;			/* the probes know of the task */
	bool wanted;			/* wanted for the new program, too */
	bool ended;
};

/**
 * struct stp_task - a task that this session has engines on
 *
 * The layer's engine has it as data, and one of two sets of callbacks: rounds
 * that have no signal are reported to report_signal() where there is one, else
 * to report_quiesce().  It ends, with its engines, when the layer
 * releases that: each user of an engine of ours holds a count of it.
 */
struct stp_task {
/* private: */
	struct utrace_engine *engine;	/* one count is the table's */
	struct task_struct *task;	/* only compared */
	struct signal_struct *signal;	/* only compared */
	/*
	 * What callbacks go over, oldest first.  Only the task itself changes
	 * it, between callbacks: it needs no lock, and engines that come during
	 * a report have no part in that.
	 */
	struct list_head walk;
	struct list_head engines;	/* all; this and the rest under stp_tasks_lock */
	struct list_head node;		/* in the table */
	bool listed;			/* it is there */
	bool changed;			/* walk is no longer what it should be */
	bool closing;			/* no engines are left, and no more wanted */
	bool signals;			/* its engines have a report_signal */
	bool late;			/* the end comes with the death report */
	bool ending;			/* report_exit was, the end's probes not */
	bool execing;			/* in report_exec; the task's own */
	struct list_head exit_node;	/* exit_work is queued */
	struct callback_head exit_work;
	struct task_struct *exit_task;	/* counted while it is queued */
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
