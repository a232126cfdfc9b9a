// SPDX-License-Identifier: GPL-2.0-only
/*
 * The log of callbacks: a ring that never waits and never allocates.
 */
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "test.h"

static void ut_log_add(struct ut_engine *ue, struct ut_rec *rec)
{
	struct ut_ctx *ctx = ue->ctx;
	unsigned long flags;

	rec->handle = ue->handle;
	rec->tid = task_pid_nr(current);
	spin_lock_irqsave(&ctx->log_lock, flags);
	rec->cpu = smp_processor_id();
	rec->seq = ctx->seq++;
	if (ctx->head - ctx->tail < UT_LOG_RECORDS)
		ctx->ring[ctx->head++ % UT_LOG_RECORDS] = *rec;
	else
		ctx->lost = true;
	spin_unlock_irqrestore(&ctx->log_lock, flags);
	wake_up(&ctx->wait);
}

void ut_log(struct ut_engine *ue, const struct ut_event *ev, u32 answer)
{
	struct ut_rec rec = {
		.cb = ev->cb,
		.action = ev->action,
		.answer = answer,
	};

	if (ue->handle < 0 || test_bit(ev->cb, &ue->mute))
		return;
	memcpy(rec.arg, ev->arg, sizeof(rec.arg));
	if (ev->name)
		strscpy(rec.name, ev->name, sizeof(rec.name));
	ut_log_add(ue, &rec);
}

void ut_log_op(struct ut_engine *ue, const struct ut_op *op, s64 res)
{
	struct ut_rec rec = {
		.cb = UT_OPRES,
		.arg = { op->op, res, op->a, op->b },
	};

	if (ue->handle >= 0 && !test_bit(UT_OPRES, &ue->mute))
		ut_log_add(ue, &rec);
}

bool ut_log_empty(struct ut_ctx *ctx)
{
	return READ_ONCE(ctx->head) == READ_ONCE(ctx->tail);
}

static bool ut_log_pop(struct ut_ctx *ctx, struct ut_rec *rec)
{
	bool got = false;

	spin_lock_irq(&ctx->log_lock);
	if (ctx->head != ctx->tail) {
		*rec = ctx->ring[ctx->tail++ % UT_LOG_RECORDS];
		got = true;
	}
	spin_unlock_irq(&ctx->log_lock);
	return got;
}

/* One record at a time */
ssize_t ut_log_read(struct ut_ctx *ctx, char __user *buf, size_t len,
		    bool block)
{
	struct ut_rec rec;

	if (len < sizeof(rec))
		return -EINVAL;
	if (READ_ONCE(ctx->lost))
		return -EOVERFLOW;
	while (!ut_log_pop(ctx, &rec)) {
		if (!block)
			return -EAGAIN;
		if (wait_event_interruptible(ctx->wait, !ut_log_empty(ctx)))
			return -ERESTARTSYS;
	}
	if (copy_to_user(buf, &rec, sizeof(rec)))
		return -EFAULT;
	return sizeof(rec);
}
