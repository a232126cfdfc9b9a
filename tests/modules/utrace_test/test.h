/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UTRACE_TEST_H
#define UTRACE_TEST_H

#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/utrace_builtin.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "uapi.h"

#define UT_LOG_RECORDS	4096

/* ->private_data of an open file */
struct ut_ctx {
	refcount_t ref;			/* held by the file and each engine */
	struct xarray engines;
	bool closing;

	spinlock_t log_lock;		/* for ring, head, tail, seq, lost */
	struct ut_rec *ring;
	u64 head, tail, seq;
	bool lost;
	wait_queue_head_t wait;		/* readers, for records */

	unsigned long gates;		/* bit set: the gate is open */
	wait_queue_head_t gate_wait;

	atomic_t live;			/* engines not yet released */
	wait_queue_head_t release_wait;
	atomic64_t counts[UT_NCB];

	spinlock_t uprobe_lock;		/* protects uprobes */
	struct list_head uprobes;

	struct task_struct *held;
	struct pid *held_pid;
};

/* ->data of struct utrace_engine */
struct ut_engine {
	refcount_t ref;			/* held by handle, attachment, users */
	struct ut_ctx *ctx;
	int handle;
	struct utrace_engine *engine;
	struct task_struct *task;	/* never dereferenced: may be stale */
	struct pid *pid;
	const struct utrace_engine_ops *ops;
	unsigned long mute;		/* bits: 1 << enum ut_cb */
	bool quiet;			/* no callback may begin any more */
	bool released;
	unsigned long stopping;		/* 1 + event of report_stopping */
	spinlock_t lock;		/* protects rules */
	struct list_head rules;
	atomic_t counts[UT_NCB];
	struct utrace_examiner exam;
	struct list_head grave;
};

/* On ->rules of its engine */
struct ut_rule_node {
	struct list_head entry;
	u32 hits;
	struct ut_rule rule;
};

/* Arguments of one callback, those it does not have are NULL */
struct ut_event {
	enum ut_cb cb;
	u32 action;
	struct utrace_engine *engine;
	struct pt_regs *regs;
	kernel_siginfo_t *info;
	struct k_sigaction *return_ka;
	struct task_struct *child;
	long *code;
	u64 arg[8];
	const char *name;
};

extern atomic64_t ut_global[UT_GL_NOUTS];

/* context.c */
extern const struct file_operations ut_fops;
void ut_ctx_put(struct ut_ctx *ctx);

/* engine.c */
struct ut_engine *ut_engine_new(struct ut_ctx *ctx,
				const struct utrace_engine_ops *ops,
				struct pid *pid, struct task_struct *task);
void ut_engine_put(struct ut_engine *ue);
struct ut_engine *ut_engine_find(struct ut_ctx *ctx, int handle);
int ut_engine_add(struct ut_engine *ue);
void ut_engine_drop(struct ut_engine *ue);
int ut_engine_attach(struct ut_engine *ue, struct task_struct *task,
		     int flags, unsigned long events);
void ut_engine_released(struct ut_engine *ue);
void ut_engine_bury(struct ut_engine *ue);
void ut_engine_exhume(void);
int ut_engine_detach_result(struct ut_engine *ue, int ret);
int ut_engine_barrier_result(struct ut_engine *ue, int ret);

/* callbacks.c */
const struct utrace_engine_ops *ut_ops_table(unsigned int nr);
void ut_ops_init(void);

/* rules.c */
int ut_rule_add(struct ut_engine *ue, const struct ut_rule *rule);
void ut_rules_clear(struct ut_engine *ue);
int ut_rules_copy(struct ut_engine *to, struct ut_engine *from);
bool ut_rule_match(struct ut_engine *ue, const struct ut_event *ev,
		   struct ut_rule *rule);
void ut_rule_run(struct ut_engine *ue, struct ut_event *ev,
		 const struct ut_rule *rule);
u64 *ut_reg(struct pt_regs *regs, unsigned int nr);

/* log.c */
void ut_log(struct ut_engine *ue, const struct ut_event *ev, u32 answer);
void ut_log_op(struct ut_engine *ue, const struct ut_op *op, s64 res);
ssize_t ut_log_read(struct ut_ctx *ctx, char __user *buf, size_t len,
		    bool block);
bool ut_log_empty(struct ut_ctx *ctx);

/* calls.c */
int ut_call(struct ut_ctx *ctx, unsigned int cmd, struct ut_call *c);

/* memory.c */
int ut_memory_out(unsigned int nth);
bool ut_memory_back(void);

/* uprobe.c */
int ut_uprobe_add(struct ut_ctx *ctx, struct ut_call *c);
void ut_uprobes_remove(struct ut_ctx *ctx);
/* builtin.c */
int ut_builtin_init(void);
struct utrace_engine *ut_attach_task(struct task_struct *task, int flags,
				     const struct utrace_engine_ops *ops,
				     void *data);
/* probe.c */
int ut_probe_signal(struct task_struct *task, int sig);

/* storm.c */
int ut_storm(struct ut_ctx *ctx, struct ut_call *c);

#endif /* UTRACE_TEST_H */
