// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layer's callbacks, handed on to the runtime's.
 *
 * The runtime's answers are resume actions; what becomes of a system call or
 * a signal is for other engines to say, so that part is passed on.
 */

/* An engine that answers DETACH is none any more when the layer has read it. */
static u32 stp_answer(struct stp_engine *e, u32 answer)
{
	if (utrace_resume_action(answer) == UTRACE_DETACH)
		stp_table_drop(e);
	return answer;
}

static u32 stp_report_quiesce(u32 action, struct utrace_engine *engine,
			      unsigned long event)
{
	struct stp_engine *e = engine->data;

	return stp_answer(e, e->ops->report_quiesce(action, e, event));
}

static u32 stp_report_signal(u32 action, struct utrace_engine *engine,
			     struct pt_regs *regs, kernel_siginfo_t *info,
			     const struct k_sigaction *orig_ka,
			     struct k_sigaction *return_ka)
{
	struct stp_engine *e = engine->data;

	return stp_answer(e, e->ops->report_signal(action, e, regs, info,
						   orig_ka, return_ka));
}

static u32 stp_report_clone(u32 action, struct utrace_engine *engine,
			    unsigned long clone_flags,
			    struct task_struct *child)
{
	struct stp_engine *e = engine->data;

	return stp_answer(e, e->ops->report_clone(action, e, clone_flags,
						  child));
}

static u32 stp_report_exec(u32 action, struct utrace_engine *engine,
			   const struct linux_binfmt *fmt,
			   const struct linux_binprm *bprm,
			   struct pt_regs *regs)
{
	struct stp_engine *e = engine->data;

	if (stp_never_begun(e))
		return stp_answer(e, UTRACE_DETACH);
	return stp_answer(e, e->ops->report_exec(action, e, fmt, bprm, regs));
}

static u32 stp_report_syscall_entry(u32 action, struct utrace_engine *engine,
				    struct pt_regs *regs)
{
	struct stp_engine *e = engine->data;
	u32 answer = UTRACE_RESUME;

	/* one system call is one event, even if it was held and looked at */
	if (!(action & UTRACE_SYSCALL_RESUMED))
		answer = stp_answer(e, e->ops->report_syscall_entry(action, e,
								    regs));
	return utrace_resume_action(answer) | utrace_syscall_action(action);
}

static u32 stp_report_syscall_exit(u32 action, struct utrace_engine *engine,
				   struct pt_regs *regs)
{
	struct stp_engine *e = engine->data;

	return stp_answer(e, e->ops->report_syscall_exit(action, e, regs));
}

static u32 stp_report_exit(u32 action, struct utrace_engine *engine,
			   long orig_code, long *code)
{
	stp_end_soon(engine->data);
	return UTRACE_RESUME;
}

/* Asked for only where the end could not be reported before */
static u32 stp_report_death(struct utrace_engine *engine, bool group_dead,
			    int signal)
{
	struct stp_engine *e = engine->data;

	if (READ_ONCE(e->ending)) {
		WRITE_ONCE(e->ending, false);
		stp_end(e);
	}
	return stp_answer(e, UTRACE_DETACH);
}

static void stp_report_reap(struct utrace_engine *engine,
			    struct task_struct *task)
{
	stp_table_drop(engine->data);
}

#define STP_LAYER_OPS						\
	.report_quiesce		= stp_report_quiesce,		\
	.report_clone		= stp_report_clone,		\
	.report_exec		= stp_report_exec,		\
	.report_syscall_entry	= stp_report_syscall_entry,	\
	.report_syscall_exit	= stp_report_syscall_exit,	\
	.report_exit		= stp_report_exit,		\
	.report_death		= stp_report_death,		\
	.report_reap		= stp_report_reap,		\
	.release		= stp_engine_release,		\
	.name			= THIS_MODULE->name

/*
 * No owner: staprun unloads a module whose engines are still there.
 *
 * The rounds that have no signal are reported to report_signal if there is
 * one, else to report_quiesce: hence two of these.
 */
static const struct utrace_engine_ops stp_layer_ops = {
	STP_LAYER_OPS,
};

static const struct utrace_engine_ops stp_layer_signal_ops = {
	STP_LAYER_OPS,
	.report_signal		= stp_report_signal,
};
