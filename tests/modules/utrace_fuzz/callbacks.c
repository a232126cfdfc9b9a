// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callbacks: all call uf_answer().
 */
#include <linux/delay.h>
#include <linux/module.h>

#include "fuzz.h"

static void uf_check(struct uf_engine *ue)
{
	uf_count(ue->ctx, UF_CALLBACKS);
	if (READ_ONCE(ue->quiet))
		uf_count(ue->ctx, UF_LATE);
	if (ue->task != current)
		uf_count(ue->ctx, UF_WRONG_TASK);
	might_sleep();
}

/* The return value of an engine that changes nothing. */
static u32 uf_pass(const struct uf_event *ev)
{
	u32 action = ev->action & ~UTRACE_RESUME_MASK;

	if (ev->event & (UTRACE_EVENT(SYSCALL_ENTRY) | UTRACE_EVENT(SECCOMP)))
		action &= ~UTRACE_SYSCALL_RESUMED;
	return action | UTRACE_RESUME;
}

/*
 * No program and no other engine expects the SIGTRAP of a step: drop it, also
 * when ->calm is set.
 */
static bool uf_is_own_step(struct uf_engine *ue, const struct uf_event *ev)
{
	return ev->orig_ka && (ue->profile & UF_STEP) &&
		ev->info->si_signo == SIGTRAP &&
		(ev->info->si_code == TRAP_TRACE ||
		 ev->info->si_code == TRAP_BRKPT);
}

static u32 uf_report(const struct uf_event *ev)
{
	struct uf_engine *ue = ev->engine->data;
	struct uf_ctx *ctx = ue->ctx;
	u32 answer = uf_pass(ev);
	int idx;

	uf_check(ue);
	idx = srcu_read_lock(&ctx->srcu);
	if (!READ_ONCE(ctx->calm))
		answer = uf_answer(ue, ev, uf_mix(ue->seed +
						  atomic_inc_return(&ue->n)));
	srcu_read_unlock(&ctx->srcu, idx);
	if (uf_is_own_step(ue, ev)) {
		uf_count(ctx, UF_STEPS);
		answer = UTRACE_SIGNAL_IGN | utrace_resume_action(answer);
	}
	return answer;
}

static u32 uf_quiesce(u32 action, struct utrace_engine *engine,
		      unsigned long event)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action & UTRACE_RESUME_MASK });
}

static u32 uf_signal(u32 action, struct utrace_engine *engine,
		     struct pt_regs *regs, kernel_siginfo_t *info,
		     const struct k_sigaction *orig_ka,
		     struct k_sigaction *return_ka)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action, .regs = regs,
		.event = UTRACE_EVENT(SIGNAL), .info = info,
		.orig_ka = orig_ka, .return_ka = return_ka });
}

static u32 uf_clone(u32 action, struct utrace_engine *engine,
		    unsigned long clone_flags, struct task_struct *child)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action, .child = child,
		.event = UTRACE_EVENT(CLONE) });
}

static u32 uf_jctl(u32 action, struct utrace_engine *engine,
		   int type, int notify)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action,
		.event = UTRACE_EVENT(JCTL) });
}

static u32 uf_exec(u32 action, struct utrace_engine *engine,
		   const struct linux_binfmt *fmt,
		   const struct linux_binprm *bprm, struct pt_regs *regs)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action,
		.event = UTRACE_EVENT(EXEC) });
}

static u32 uf_syscall_entry(u32 action, struct utrace_engine *engine,
			    struct pt_regs *regs)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action, .regs = regs,
		.event = UTRACE_EVENT(SYSCALL_ENTRY) });
}

static u32 uf_syscall_exit(u32 action, struct utrace_engine *engine,
			   struct pt_regs *regs)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action, .regs = regs,
		.event = UTRACE_EVENT(SYSCALL_EXIT) });
}

static u32 uf_exit(u32 action, struct utrace_engine *engine,
		   long orig_code, long *code)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action, .code = code,
		.event = UTRACE_EVENT(EXIT) });
}

static u32 uf_death(struct utrace_engine *engine, bool group_dead, int signal)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = UTRACE_RESUME,
		.event = UTRACE_EVENT(DEATH) });
}

static void uf_reap(struct utrace_engine *engine, struct task_struct *task)
{
	struct uf_engine *ue = engine->data;

	uf_count(ue->ctx, UF_CALLBACKS);
	if (READ_ONCE(ue->quiet))
		uf_count(ue->ctx, UF_LATE);
	if (ue->task != task)
		uf_count(ue->ctx, UF_WRONG_TASK);
}

static void uf_release(void *data)
{
	struct uf_engine *ue = data;
	struct uf_ctx *ctx = ue->ctx;

	WARN_ON_ONCE(ue->released);
	WRITE_ONCE(ue->quiet, true);
	uf_count(ctx, UF_RELEASED);
	/*
	 * uf_close() frees what is used below once ->live is 0, after
	 * synchronize_rcu(): release is called under rcu_read_lock().
	 */
	WRITE_ONCE(ue->released, true);
	atomic_dec(&ctx->live);
	wake_up_all(&ctx->wait);
	uf_engine_put(ue);
}

static u32 uf_seccomp(u32 action, struct utrace_engine *engine,
		      struct pt_regs *regs, unsigned int data)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action, .regs = regs,
		.event = UTRACE_EVENT(SECCOMP) });
}

static u32 uf_vfork_done(u32 action, struct utrace_engine *engine,
			 struct pid *pid)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action,
		.event = UTRACE_EVENT(VFORK_DONE) });
}

static u32 uf_group_stop(u32 action, struct utrace_engine *engine, int sig)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action,
		.event = UTRACE_EVENT(GROUP_STOP) });
}

static u32 uf_handler(u32 action, struct utrace_engine *engine,
		      struct pt_regs *regs)
{
	return uf_report(&(struct uf_event){
		.engine = engine, .action = action, .regs = regs,
		.event = UTRACE_EVENT(HANDLER) });
}

#define UF_CALLBACK_TABLE			\
	.report_quiesce = uf_quiesce,		\
	.report_clone = uf_clone,		\
	.report_jctl = uf_jctl,			\
	.report_exec = uf_exec,			\
	.report_syscall_entry = uf_syscall_entry, \
	.report_syscall_exit = uf_syscall_exit,	\
	.report_exit = uf_exit,			\
	.report_death = uf_death,		\
	.report_reap = uf_reap,			\
	.release = uf_release,			\
	.report_seccomp = uf_seccomp,		\
	.report_vfork_done = uf_vfork_done,	\
	.report_group_stop = uf_group_stop,	\
	.report_handler = uf_handler,		\
	.owner = THIS_MODULE

const struct utrace_engine_ops uf_ops = {
	.report_signal = uf_signal,
	UF_CALLBACK_TABLE,
	.name = "fuzz",
};

const struct utrace_engine_ops uf_ops_no_signal = {
	UF_CALLBACK_TABLE,
	.name = "fuzz-quiesce",
};
