// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callbacks of the layer, which call those of the runtime's engines.
 *
 * The runtime's callbacks only return resume actions, except report_signal,
 * whose result is used as well.  The result for a system call is that of the
 * other engines.
 */
static inline struct stp_task *stp_enter(struct utrace_engine *engine)
{
	struct stp_task *t = engine->data;

	if (unlikely(READ_ONCE(t->changed)))
		stp_settle(t);
	return t;
}

/* Merge the resume action of @e into that of the engines called before */
static inline u32 stp_heard(struct stp_engine *e, u32 said, u32 answer)
{
	if (unlikely(utrace_resume_action(answer) == UTRACE_DETACH)) {
		stp_leave(e);
		return said;
	}
	return min(said, answer);
}

/* Return DETACH if the task has no engine any more. */
static inline u32 stp_answer(struct stp_task *t, u32 said)
{
	if (likely(!READ_ONCE(t->closing)))
		return said;
	stp_task_drop(t);
	return UTRACE_DETACH;
}

static inline bool stp_asks(struct stp_engine *e, unsigned long events)
{
	return READ_ONCE(e->flags) & events;
}

static u32 stp_report_quiesce(u32 action, struct utrace_engine *engine,
			      unsigned long event)
{
	struct stp_task *t;
	u32 answer, said = UTRACE_RESUME;
	struct stp_engine *e;

	/* no probe begins in a dead task, or before the new program is known */
	if (event == UTRACE_EVENT(DEATH) || event == UTRACE_EVENT(EXEC))
		return UTRACE_RESUME;
	t = stp_enter(engine);
	list_for_each_entry(e, &t->walk, walk) {
		if (!stp_asks(e, UTRACE_EVENT(QUIESCE)))
			continue;
		answer = e->ops->report_quiesce(action, e, event);
		said = stp_heard(e, said, answer);
	}
	return stp_answer(t, said);
}

static u32 stp_report_signal(u32 action, struct utrace_engine *engine,
			     struct pt_regs *regs, kernel_siginfo_t *info,
			     const struct k_sigaction *orig_ka,
			     struct k_sigaction *return_ka)
{
	u32 answer, said = UTRACE_RESUME, result = action & ~UTRACE_RESUME_MASK;
	struct stp_task *t = stp_enter(engine);
	struct stp_engine *e;

	list_for_each_entry(e, &t->walk, walk) {
		if (!stp_asks(e, UTRACE_EVENT_SIGNAL_ALL))
			continue;
		answer = e->ops->report_signal(said | result, e, regs, info,
					       orig_ka, return_ka);
		result = answer & ~UTRACE_RESUME_MASK;
		said = stp_heard(e, said, utrace_resume_action(answer));
	}
	return stp_answer(t, said) | result;
}

static u32 stp_report_clone(u32 action, struct utrace_engine *engine,
			    unsigned long clone_flags,
			    struct task_struct *child)
{
	struct stp_task *t = stp_enter(engine);
	u32 answer, said = UTRACE_RESUME;
	struct stp_engine *e;

	list_for_each_entry(e, &t->walk, walk) {
		if (!stp_asks(e, UTRACE_EVENT(CLONE)))
			continue;
		answer = e->ops->report_clone(action, e, clone_flags, child);
		said = stp_heard(e, said, answer);
	}
	return stp_answer(t, said);
}

/*
 * An exec is reported to @e, whose begin probes have not been called.  @e was
 * attached for the old program, or already for the new one.  In the latter case
 * the task finder, which is called first, has set @e->wanted.
 */
static u32 stp_exec_first(struct stp_engine *e)
{
	if (!e->wanted)
		return UTRACE_DETACH;
	e->wanted = false;
	return UTRACE_RESUME;
}

static u32 stp_report_exec(u32 action, struct utrace_engine *engine,
			   const struct linux_binfmt *fmt,
			   const struct linux_binprm *bprm,
			   struct pt_regs *regs)
{
	struct stp_task *t = stp_enter(engine);
	u32 answer, said = UTRACE_RESUME;
	struct stp_engine *e;

	t->execing = true;
	list_for_each_entry(e, &t->walk, walk) {
		if (stp_never_begun(e))
			answer = stp_exec_first(e);
		else if (stp_asks(e, UTRACE_EVENT(EXEC)))
			answer = e->ops->report_exec(action, e, fmt, bprm,
						     regs);
		else
			continue;
		said = stp_heard(e, said, answer);
	}
	t->execing = false;
	return stp_answer(t, said);
}

static u32 stp_report_syscall_entry(u32 action, struct utrace_engine *engine,
				    struct pt_regs *regs)
{
	struct stp_task *t = stp_enter(engine);
	u32 answer, said = UTRACE_RESUME;
	struct stp_engine *e;

	/* newest first, as in the layer */
	list_for_each_entry_reverse(e, &t->walk, walk) {
		/* after a stop, the same entry is reported again */
		if (!stp_asks(e, UTRACE_EVENT(SYSCALL_ENTRY)) ||
		    (action & UTRACE_SYSCALL_RESUMED))
			continue;
		answer = e->ops->report_syscall_entry(action, e, regs);
		said = stp_heard(e, said, answer);
	}
	return stp_answer(t, said) | utrace_syscall_action(action);
}

static u32 stp_report_syscall_exit(u32 action, struct utrace_engine *engine,
				   struct pt_regs *regs)
{
	struct stp_task *t = stp_enter(engine);
	u32 answer, said = UTRACE_RESUME;
	struct stp_engine *e;

	list_for_each_entry(e, &t->walk, walk) {
		if (!stp_asks(e, UTRACE_EVENT(SYSCALL_EXIT)))
			continue;
		answer = e->ops->report_syscall_exit(action, e, regs);
		said = stp_heard(e, said, answer);
	}
	return stp_answer(t, said);
}

static u32 stp_report_exit(u32 action, struct utrace_engine *engine,
			   long orig_code, long *code)
{
	stp_end_soon(engine->data);
	return UTRACE_RESUME;
}

/* Requested only if the task work ran too early for the end probes */
static u32 stp_report_death(struct utrace_engine *engine, bool group_dead,
			    int signal)
{
	struct stp_task *t = engine->data;

	if (t->ending)
		stp_ends(t);
	stp_task_drop(t);
	return UTRACE_DETACH;
}

static void stp_report_reap(struct utrace_engine *engine,
			    struct task_struct *task)
{
	stp_task_drop(engine->data);
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
	.release		= stp_task_release,		\
	.name			= THIS_MODULE->name

/* Without owner: staprun unloads the module while it still has engines. */
static const struct utrace_engine_ops stp_layer_ops = {
	STP_LAYER_OPS,
};

static const struct utrace_engine_ops stp_layer_signal_ops = {
	STP_LAYER_OPS,
	.report_signal		= stp_report_signal,
};
