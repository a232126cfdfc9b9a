// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules: what an engine answers and does in its callbacks.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "test.h"

int ut_rule_add(struct ut_engine *ue, const struct ut_rule *rule)
{
	struct ut_rule_node *node;
	unsigned long flags;

	node = kzalloc(sizeof(*node), GFP_KERNEL);
	if (!node)
		return -ENOMEM;
	node->rule = *rule;
	spin_lock_irqsave(&ue->lock, flags);
	list_add_tail(&node->entry, &ue->rules);
	spin_unlock_irqrestore(&ue->lock, flags);
	return 0;
}

void ut_rules_clear(struct ut_engine *ue)
{
	struct ut_rule_node *node, *next;
	unsigned long flags;
	LIST_HEAD(list);

	spin_lock_irqsave(&ue->lock, flags);
	list_splice_init(&ue->rules, &list);
	spin_unlock_irqrestore(&ue->lock, flags);
	list_for_each_entry_safe(node, next, &list, entry)
		kfree(node);
}

/* @to is not attached yet, and @from not cleared while its callback runs */
int ut_rules_copy(struct ut_engine *to, struct ut_engine *from)
{
	struct ut_rule_node *node;
	int ret = 0;

	list_for_each_entry(node, &from->rules, entry) {
		ret = ut_rule_add(to, &node->rule);
		if (ret)
			break;
	}
	return ret;
}

static bool ut_rule_fits(const struct ut_rule *r, const struct ut_event *ev)
{
	return r->cb == ev->cb &&
	       (r->match == UT_ANY || r->match == (s64)ev->arg[0]) &&
	       (ev->action & r->kind_mask) == r->kind;
}

/* The first one that fits and is not used up */
bool ut_rule_match(struct ut_engine *ue, const struct ut_event *ev,
		   struct ut_rule *rule)
{
	struct ut_rule_node *node;
	unsigned long flags;
	bool found = false;

	spin_lock_irqsave(&ue->lock, flags);
	list_for_each_entry(node, &ue->rules, entry) {
		if (!ut_rule_fits(&node->rule, ev))
			continue;
		node->hits++;
		if (node->hits < node->rule.first)
			continue;
		if (node->rule.last && node->hits > node->rule.last)
			continue;
		*rule = node->rule;
		found = true;
		break;
	}
	spin_unlock_irqrestore(&ue->lock, flags);
	return found;
}

u64 *ut_reg(struct pt_regs *regs, unsigned int nr)
{
	unsigned long *reg[UT_NREGS] = {
		[UT_AX] = &regs->ax, [UT_ORIG_AX] = &regs->orig_ax,
		[UT_DI] = &regs->di, [UT_SI] = &regs->si, [UT_DX] = &regs->dx,
		[UT_R10] = &regs->r10, [UT_R8] = &regs->r8, [UT_R9] = &regs->r9,
		[UT_IP] = &regs->ip, [UT_SP] = &regs->sp, [UT_BX] = &regs->bx,
		[UT_CX] = &regs->cx, [UT_BP] = &regs->bp,
		[UT_FLAGS] = &regs->flags,
	};

	return nr < UT_NREGS ? (u64 *)reg[nr] : NULL;
}

static void ut_op_signal(struct ut_event *ev, const struct ut_op *op)
{
	if (!ev->info)
		return;
	if (op->op == UT_OP_SETSIGNO) {
		ev->info->si_signo = op->a;
		return;
	}
	clear_siginfo(ev->info);
	ev->info->si_signo = op->a;
	ev->info->si_code = SI_QUEUE;
	ev->info->si_pid = task_pid_vnr(current);
	ev->info->si_ptr = (void __user *)(unsigned long)op->b;
}

/* The action the task itself has for a signal, restorer and all */
static void ut_op_own_ka(struct ut_event *ev, int sig)
{
	if (!ev->return_ka || !valid_signal(sig) || !sig)
		return;
	spin_lock_irq(&current->sighand->siglock);
	*ev->return_ka = current->sighand->action[sig - 1];
	spin_unlock_irq(&current->sighand->siglock);
}

static s64 ut_op_attach(struct ut_engine *ue, struct ut_event *ev,
			const struct ut_op *op)
{
	bool follow = op->op == UT_OP_FOLLOW;
	struct task_struct *task;
	struct ut_engine *new;
	int ret;

	task = op->op == UT_OP_ATTACH ? current : ev->child;
	if (!task)
		return -EINVAL;
	new = ut_engine_new(ue->ctx, ue->ops, task_pid(task), task);
	if (!new)
		return -ENOMEM;
	new->mute = ue->mute;
	ret = follow ? ut_rules_copy(new, ue) : 0;
	if (!ret && !(op->b & UT_FOLLOW_NOHANDLE))
		ret = ut_engine_add(new);
	if (!ret)
		ret = ut_engine_attach(new, task, UTRACE_ATTACH_CREATE, op->a);
	if (!ret)
		ret = new->handle;
	if (new->handle >= 0) {
		if (ret < 0)
			ut_engine_drop(new);
		return ret;
	}
	if (new->engine)
		utrace_engine_put(new->engine);
	ut_engine_put(new);
	return ret;
}

static s64 ut_op_engine(struct ut_engine *ue, const struct ut_op *op)
{
	struct ut_engine *other;
	int ret = -EBADSLT;

	if (op->a < 0) {
		other = ue;
		refcount_inc(&ue->ref);
	} else {
		other = ut_engine_find(ue->ctx, op->a);
		if (!other)
			return ret;
	}
	switch (op->op) {
	case UT_OP_CONTROL:
		ret = utrace_control(other->task, other->engine, op->b);
		if (op->b == UTRACE_DETACH)
			ut_engine_detach_result(other, ret);
		break;
	case UT_OP_SETEVENTS:
		ret = utrace_set_events(other->task, other->engine, op->b);
		break;
	case UT_OP_EXAMINE:
		ret = utrace_prepare_examine(other->task, other->engine,
					     &other->exam);
		break;
	case UT_OP_BARRIER:
		ret = utrace_barrier(other->task, other->engine);
		ut_engine_barrier_result(other, ret);
		break;
	}
	ut_engine_put(other);
	return ret;
}

static void ut_op_block(struct ut_ctx *ctx, int gate)
{
	/* idle: a callback that sleeps for long is no hung task */
	wait_event_idle(ctx->gate_wait,
			test_bit(gate, &ctx->gates) || READ_ONCE(ctx->closing));
}

static void ut_op_spin(struct ut_ctx *ctx, int gate)
{
	while (!test_bit(gate, &ctx->gates) && !READ_ONCE(ctx->closing))
		cpu_relax();
}

static void ut_op_run(struct ut_engine *ue, struct ut_event *ev,
		      const struct ut_op *op)
{
	switch (op->op) {
	case UT_OP_SETREG:
		if (ev->regs && ut_reg(ev->regs, op->a))
			*ut_reg(ev->regs, op->a) = op->b;
		break;
	case UT_OP_SETSIG:
	case UT_OP_SETSIGNO:
		ut_op_signal(ev, op);
		break;
	case UT_OP_SETKA:
		if (ev->return_ka)
			ev->return_ka->sa.sa_handler = (void __user *)op->a;
		break;
	case UT_OP_OWNKA:
		ut_op_own_ka(ev, op->a);
		break;
	case UT_OP_SETCODE:
		if (ev->code)
			*ev->code = op->a;
		break;
	case UT_OP_CONTROL:
	case UT_OP_SETEVENTS:
	case UT_OP_BARRIER:
	case UT_OP_EXAMINE:
		ut_log_op(ue, op, ut_op_engine(ue, op));
		break;
	case UT_OP_BLOCK:
		ut_op_block(ue->ctx, op->a & (BITS_PER_LONG - 1));
		break;
	case UT_OP_SPIN:
		ut_op_spin(ue->ctx, op->a & (BITS_PER_LONG - 1));
		break;
	case UT_OP_FOLLOW:
	case UT_OP_ATTACHCHILD:
	case UT_OP_ATTACH:
		ut_log_op(ue, op, ut_op_attach(ue, ev, op));
		break;
	case UT_OP_SENDSIG:
		ut_log_op(ue, op, send_sig(op->a, current, 1));
		break;
	}
}

void ut_rule_run(struct ut_engine *ue, struct ut_event *ev,
		 const struct ut_rule *rule)
{
	int i;

	for (i = 0; i < UT_RULE_OPS && rule->ops[i].op; i++)
		ut_op_run(ue, ev, &rule->ops[i]);
}
