// SPDX-License-Identifier: GPL-2.0-only
/*
 * process.insn and process.insn.block: a separate engine steps the task.
 *
 * The code that the translator emits for these probes includes this file.
 */
static void enter_itrace_probe(struct stap_itrace_probe *p,
			       struct pt_regs *regs, void *data);

/* A probe that steps a task */
struct itrace_info {
	struct list_head link;
	struct task_struct *task;	/* only compared */
	struct stap_itrace_probe *probe;
	enum utrace_resume_action step;
};

static LIST_HEAD(itrace_infos);
static DEFINE_SPINLOCK(itrace_lock);

/* The request to step ends with the next return value, so repeat it there. */
static u32 itrace_quiesce(u32 action, struct utrace_engine *engine,
			  unsigned long event)
{
	struct itrace_info *info = engine->data;

	return info->step;
}

/*
 * TRAP_BRKPT is the step over a system call.  The SIGTRAP of a breakpoint has
 * another code, and belongs to the program or to its debugger.
 */
static bool itrace_stepped(kernel_siginfo_t *siginfo)
{
	return siginfo->si_signo == SIGTRAP &&
		(siginfo->si_code == TRAP_TRACE ||
		 siginfo->si_code == TRAP_BRKPT);
}

static u32 itrace_signal(u32 action, struct utrace_engine *engine,
			 struct pt_regs *regs, kernel_siginfo_t *siginfo,
			 const struct k_sigaction *orig_ka,
			 struct k_sigaction *return_ka)
{
	struct itrace_info *info = engine->data;

	if (!orig_ka || !itrace_stepped(siginfo))
		return info->step | utrace_signal_action(action);
	enter_itrace_probe(info->probe, regs, NULL);
	return info->step | UTRACE_SIGNAL_IGN;
}

static const struct utrace_engine_ops itrace_ops = {
	.report_quiesce	= itrace_quiesce,
	.report_signal	= itrace_signal,
};

static int itrace_step(struct itrace_info *info)
{
	struct utrace_engine *engine;
	int ret;

	engine = utrace_attach_task(info->task, UTRACE_ATTACH_CREATE,
				    &itrace_ops, info);
	if (IS_ERR(engine))
		return PTR_ERR(engine);
	ret = utrace_set_events(info->task, engine, UTRACE_EVENT(QUIESCE) |
				UTRACE_EVENT_SIGNAL_ALL);
	if (!ret)
		ret = utrace_control(info->task, engine, info->step);
	utrace_engine_put(engine);
	return ret;
}

/* Called by the task itself, before it returns to user mode. */
static int usr_itrace_init(int single_step, struct task_struct *task,
			   struct stap_itrace_probe *probe)
{
	struct itrace_info *info = _stp_kzalloc(sizeof(*info));

	if (!info)
		return -ENOMEM;
	info->task = task;
	info->probe = probe;
	info->step = single_step ? UTRACE_SINGLESTEP : UTRACE_BLOCKSTEP;
	spin_lock(&itrace_lock);
	list_add_tail(&info->link, &itrace_infos);
	spin_unlock(&itrace_lock);
	return itrace_step(info);
}

static struct itrace_info *find_itrace_info(struct task_struct *task)
{
	struct itrace_info *info, *found = NULL;

	spin_lock(&itrace_lock);
	list_for_each_entry(info, &itrace_infos, link)
		if (info->task == task) {
			found = info;
			break;
		}
	spin_unlock(&itrace_lock);
	return found;
}

/* Called by the task itself, or when the session has no engines any more. */
static void remove_usr_itrace_info(struct itrace_info *info)
{
	struct utrace_engine *engine = ERR_PTR(-ENOENT);

	if (!info)
		return;
	if (info->task == current)
		engine = utrace_attach_task(current, UTRACE_ATTACH_MATCH_DATA,
					    NULL, info);
	if (!IS_ERR(engine)) {
		if (utrace_control(current, engine, UTRACE_DETACH) == -EALREADY)
			_stp_warn("insn probe outlives task %d", current->pid);
		utrace_engine_put(engine);
	}
	spin_lock(&itrace_lock);
	list_del(&info->link);
	spin_unlock(&itrace_lock);
	_stp_kfree(info);
}

static void cleanup_usr_itrace(void)
{
	struct itrace_info *info, *next;

	list_for_each_entry_safe(info, next, &itrace_infos, link)
		remove_usr_itrace_info(info);
}
