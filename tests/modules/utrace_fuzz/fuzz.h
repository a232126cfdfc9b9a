/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UTRACE_FUZZ_H
#define UTRACE_FUZZ_H

#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/srcu.h>
#include <linux/uprobes.h>
#include <linux/utrace.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "uapi.h"

struct uf_ctx;

struct uf_probe {
	struct uprobe_consumer consumer;	/* first: see uf_probe_hit() */
	struct uf_ctx *ctx;
	struct inode *inode;			/* NULL: not registered */
	loff_t offset;
	u64 seed;
	atomic_t hits;
};

/* ->private_data of an open file */
struct uf_ctx {
	refcount_t ref;			/* held by the file and each engine */
	struct xarray engines;		/* all not known to be detached */
	struct uf_engine *slot[UF_SLOTS];	/* under xa_lock of engines */
	bool calm;			/* read under srcu */
	struct srcu_struct srcu;	/* read by callbacks, uprobe handlers */
	atomic_t live;			/* engines not yet released */
	wait_queue_head_t wait;		/* for live and uf_engine.released */
	atomic64_t counts[UF_NCOUNTS];
	struct mutex probe_lock;	/* protects probe[] */
	struct uf_probe probe[UF_PROBES];
};

/* ->data of struct utrace_engine */
struct uf_engine {
	refcount_t ref;			/* of ->engines, attachment, users */
	struct uf_ctx *ctx;
	u32 id;				/* index in ctx->engines */
	struct utrace_engine *engine;	/* referenced while in ctx->engines */
	struct task_struct *task;	/* never dereferenced: may be stale */
	struct pid *pid;
	u32 profile;
	u64 seed;
	atomic_t n;			/* callbacks so far */
	bool quiet;			/* no callback may begin any more */
	bool released;
};

/* Arguments of one callback, those it does not have are NULL */
struct uf_event {
	struct utrace_engine *engine;
	u32 action;
	unsigned long event;		/* UTRACE_EVENT() bit, or 0 */
	struct pt_regs *regs;
	kernel_siginfo_t *info;
	const struct k_sigaction *orig_ka;
	struct k_sigaction *return_ka;
	struct task_struct *child;
	long *code;
};

/* main.c */
void uf_count(struct uf_ctx *ctx, enum uf_count what);
int uf_result(struct uf_ctx *ctx, unsigned int call, int ret);
void uf_ctx_put(struct uf_ctx *ctx);
u64 uf_mix(u64 x);

/* engine.c */
void uf_engine_put(struct uf_engine *ue);
struct uf_engine *uf_next(struct uf_ctx *ctx, unsigned long *id);
struct uf_engine *uf_in_slot(struct uf_ctx *ctx, u32 slot);
int uf_attach(struct uf_ctx *ctx, struct task_struct *task, u32 profile,
	      u64 seed, unsigned long mask, int slot);
unsigned long uf_mask(u32 profile, unsigned long mask);
int uf_control(struct uf_engine *ue, unsigned int action);
int uf_events(struct uf_engine *ue, unsigned long mask);
int uf_barrier(struct uf_engine *ue);
int uf_examine(struct uf_engine *ue, struct uf_arg *arg);
int uf_detach(struct uf_engine *ue, unsigned int ms);
void uf_calm(struct uf_ctx *ctx, bool calm);
void uf_resume_all(struct uf_ctx *ctx);
void uf_detach_all(struct uf_ctx *ctx);

/* callbacks.c */
extern const struct utrace_engine_ops uf_ops;
extern const struct utrace_engine_ops uf_ops_no_signal;

/* answers.c */
u32 uf_answer(struct uf_engine *ue, const struct uf_event *ev, u64 roll);

/* probe.c */
int uf_probe(struct uf_ctx *ctx, const struct uf_arg *arg);
void uf_probes_off(struct uf_ctx *ctx);

#endif /* UTRACE_FUZZ_H */
