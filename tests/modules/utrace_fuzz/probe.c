// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uprobes whose handler controls the engines of the task that hit it.
 */
#include <linux/file.h>
#include <linux/fs.h>

#include "fuzz.h"

static void uf_probe_control(struct uf_engine *ue, u64 roll)
{
	static const struct {
		u32 allowed, action;
	} choice[] = {
		{ UF_AGAIN, UTRACE_REPORT }, { UF_AGAIN, UTRACE_INTERRUPT },
		{ UF_STOP, UTRACE_STOP }, { UF_STEP, UTRACE_SINGLESTEP },
		{ ~0U, UTRACE_RESUME }, { UF_DETACH_SELF, UTRACE_DETACH },
	};
	u32 k = roll % ARRAY_SIZE(choice);

	if (ue->task == current && (ue->profile & choice[k].allowed))
		uf_control(ue, choice[k].action);
}

static int uf_probe_hit(struct uprobe_consumer *consumer, struct pt_regs *regs)
{
	struct uf_probe *p = container_of(consumer, struct uf_probe, consumer);
	struct uf_ctx *ctx = p->ctx;
	struct uf_engine *ue;
	u64 roll = uf_mix(p->seed + atomic_inc_return(&p->hits));
	unsigned int i;
	int idx;

	idx = srcu_read_lock(&ctx->srcu);
	for (i = 0; i < UF_SLOTS && !READ_ONCE(ctx->calm); i++) {
		ue = uf_in_slot(ctx, i);
		if (!ue)
			continue;
		uf_probe_control(ue, roll >> i);
		uf_engine_put(ue);
	}
	srcu_read_unlock(&ctx->srcu, idx);
	return 0;
}

static void uf_probe_off(struct uf_probe *p)
{
	if (!p->inode)
		return;
	uprobe_unregister(p->inode, p->offset, &p->consumer);
	iput(p->inode);
	p->inode = NULL;
}

static int uf_probe_on(struct uf_ctx *ctx, struct uf_probe *p,
		       const struct uf_arg *arg)
{
	struct fd f = fdget(arg->pid);
	int ret;

	if (!f.file)
		return -EBADF;
	p->inode = igrab(file_inode(f.file));
	fdput(f);
	p->ctx = ctx;
	p->offset = arg->a;
	p->seed = arg->seed;
	p->consumer.handler = uf_probe_hit;
	ret = uprobe_register(p->inode, p->offset, &p->consumer);
	if (ret) {
		iput(p->inode);
		p->inode = NULL;
	}
	return ret;
}

int uf_probe(struct uf_ctx *ctx, const struct uf_arg *arg)
{
	struct uf_probe *p;
	int ret = 0;

	if (arg->slot >= UF_PROBES)
		return -EINVAL;
	p = &ctx->probe[arg->slot];
	mutex_lock(&ctx->probe_lock);
	uf_probe_off(p);
	if (arg->b)
		ret = uf_probe_on(ctx, p, arg);
	mutex_unlock(&ctx->probe_lock);
	return ret;
}

void uf_probes_off(struct uf_ctx *ctx)
{
	int i;

	mutex_lock(&ctx->probe_lock);
	for (i = 0; i < UF_PROBES; i++)
		uf_probe_off(&ctx->probe[i]);
	mutex_unlock(&ctx->probe_lock);
}
