/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runtime's engines, on top of those of <linux/utrace.h>.
 *
 * The task finder and the code that the translator emits speak of utrace as
 * SystemTap's own copy has it.  Events and actions have the same names in the
 * layer, and its numbers; engines are these here, each with one of the layer's
 * below it.
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

/**
 * struct stp_engine - what the runtime takes for its utrace_engine
 * @ops: the runtime's callbacks
 * @data: the runtime's own
 * @flags: the events the runtime asked for
 */
struct stp_engine {
	const struct stp_engine_ops *ops;
	void *data;
	unsigned long flags;
/* private: */
	struct utrace_engine *engine;	/* one count is the table's */
	struct task_struct *task;	/* only compared */
	struct signal_struct *signal;	/* only compared */
	struct list_head node;		/* in the table, oldest first */
	bool listed;			/* the rest under stp_engines_lock */
	bool begun;			/* the probes know of the task */
	bool ending;			/* report_exit was, report_death not */
	bool ended;
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

static inline void stp_engine_put(struct stp_engine *e)
{
	utrace_engine_put(e->engine);
}

#endif /* _STP_UTRACE_H */
