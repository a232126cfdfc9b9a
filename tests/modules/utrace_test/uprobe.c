// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uprobes whose handler runs an engine's rules for UT_UPROBE.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uprobes.h>

#include "test.h"

struct ut_uprobe {
	struct uprobe_consumer consumer;
	struct list_head entry;
	struct inode *inode;
	loff_t offset;
	struct ut_engine *ue;		/* NULL: the handler does nothing */
};

static int ut_uprobe_hit(struct uprobe_consumer *consumer,
			 struct pt_regs *regs)
{
	struct ut_uprobe *up = container_of(consumer, struct ut_uprobe,
					    consumer);
	struct ut_engine *ue = up->ue;
	struct ut_event ev = {
		.cb = UT_UPROBE, .action = UTRACE_RESUME, .regs = regs,
		.arg = { regs->ip },
	};
	struct ut_rule rule;
	bool found;

	/* ->task may be stale and its memory reused; ->pid is referenced */
	if (!ue || ue->pid != task_pid(current))
		return 0;
	atomic_inc(&ue->counts[UT_UPROBE]);
	found = ut_rule_match(ue, &ev, &rule);
	ut_log(ue, &ev, UTRACE_RESUME);
	if (found)
		ut_rule_run(ue, &ev, &rule);
	return 0;
}

static void ut_uprobe_free(struct ut_uprobe *up)
{
	if (up->inode)
		iput(up->inode);
	if (up->ue)
		ut_engine_put(up->ue);
	kfree(up);
}

static int ut_uprobe_register(struct ut_uprobe *up, struct ut_call *c)
{
	struct fd f = fdget(c->a);

	if (!f.file)
		return -EBADF;
	up->inode = igrab(file_inode(f.file));
	fdput(f);
	if (!up->inode)
		return -ENOENT;
	up->offset = c->b;
	up->consumer.handler = ut_uprobe_hit;
	return uprobe_register(up->inode, up->offset, &up->consumer);
}

/* Removed when the file is closed.  handle -1: the handler does nothing. */
int ut_uprobe_add(struct ut_ctx *ctx, struct ut_call *c)
{
	struct ut_uprobe *up = kzalloc(sizeof(*up), GFP_KERNEL);
	int ret = -EBADSLT;

	if (!up)
		return -ENOMEM;
	if (c->handle >= 0)
		up->ue = ut_engine_find(ctx, c->handle);
	if (c->handle < 0 || up->ue)
		ret = ut_uprobe_register(up, c);
	if (ret) {
		ut_uprobe_free(up);
		return ret;
	}
	spin_lock(&ctx->uprobe_lock);
	list_add(&up->entry, &ctx->uprobes);
	spin_unlock(&ctx->uprobe_lock);
	return 0;
}

void ut_uprobes_remove(struct ut_ctx *ctx)
{
	struct ut_uprobe *up, *next;

	list_for_each_entry_safe(up, next, &ctx->uprobes, entry) {
		uprobe_unregister(up->inode, up->offset, &up->consumer);
		ut_uprobe_free(up);
	}
}
