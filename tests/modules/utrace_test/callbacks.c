// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callbacks: each describes its event and returns what a rule determines.
 */
#include <linux/binfmts.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>

#include <asm/syscall.h>

#include "test.h"

static struct utrace_engine_ops ut_tables[UT_NOPSTABLES];

static void ut_check(struct ut_engine *ue, enum ut_cb cb)
{
	if (READ_ONCE(ue->quiet)) {
		atomic64_inc(&ut_global[UT_GL_LATE]);
		pr_warn_ratelimited("utrace_test: callback %d of engine %d came late\n",
				    cb, ue->handle);
	}
	if (cb == UT_REAP || cb == UT_STOPPED)
		return;
	if (preempt_count() || irqs_disabled() || rcu_preempt_depth())
		atomic64_inc(&ut_global[UT_GL_ATOMIC]);
	might_sleep();
	/*
	 * In a child, the first callback may run before ut_engine_attach() has
	 * set ->task in the parent.
	 */
	if (ue->task && ue->task != current)
		atomic64_inc(&ut_global[UT_GL_WRONG_TASK]);
}

static u32 ut_report(struct ut_event *ev)
{
	struct ut_engine *ue = ev->engine->data;
	struct ut_rule rule;
	bool found;
	u32 answer;

	ut_check(ue, ev->cb);
	atomic_inc(&ue->counts[ev->cb]);
	atomic64_inc(&ue->ctx->counts[ev->cb]);
	answer = (ev->action & ~UTRACE_RESUME_MASK) | UTRACE_RESUME;
	if (ev->cb == UT_SYSCALL_ENTRY || ev->cb == UT_SECCOMP)
		answer &= ~UTRACE_SYSCALL_RESUMED;
	found = ut_rule_match(ue, ev, &rule);
	if (found)
		answer = (answer & ~rule.set) | rule.answer;
	if (!found || rule.ops[0].op != UT_OP_NOLOG)
		ut_log(ue, ev, answer);
	if (found)
		ut_rule_run(ue, ev, &rule);
	return answer;
}

static u32 ut_quiesce(u32 action, struct utrace_engine *engine,
		      unsigned long event)
{
	struct ut_event ev = {
		.cb = UT_QUIESCE, .action = action, .engine = engine,
		.regs = task_pt_regs(current),
		.arg = { event, task_pt_regs(current)->ip },
	};

	return ut_report(&ev);
}

static u32 ut_signal(u32 action, struct utrace_engine *engine,
		     struct pt_regs *regs, kernel_siginfo_t *info,
		     const struct k_sigaction *orig_ka,
		     struct k_sigaction *return_ka)
{
	struct ut_event ev = {
		.cb = UT_SIGNAL, .action = action, .engine = engine,
		.regs = regs, .info = info, .return_ka = return_ka,
		.arg = {
			info->si_signo, info->si_code, info->si_pid,
			(unsigned long)info->si_ptr,
			orig_ka ? (unsigned long)orig_ka->sa.sa_handler : -1,
			return_ka ? (unsigned long)return_ka->sa.sa_handler : -1,
			(unsigned long)info->si_addr, regs->ip,
		},
	};

	return ut_report(&ev);
}

static u32 ut_clone(u32 action, struct utrace_engine *engine,
		    unsigned long clone_flags, struct task_struct *child)
{
	struct ut_event ev = {
		.cb = UT_CLONE, .action = action, .engine = engine,
		.regs = task_pt_regs(current), .child = child,
		.arg = { clone_flags, task_pid_nr(child) },
	};

	return ut_report(&ev);
}

static u32 ut_jctl(u32 action, struct utrace_engine *engine,
		   int type, int notify)
{
	struct ut_event ev = {
		.cb = UT_JCTL, .action = action, .engine = engine,
		.arg = { type, notify },
	};

	return ut_report(&ev);
}

static u32 ut_exec(u32 action, struct utrace_engine *engine,
		   const struct linux_binfmt *fmt,
		   const struct linux_binprm *bprm, struct pt_regs *regs)
{
	struct ut_event ev = {
		.cb = UT_EXEC, .action = action, .engine = engine,
		.regs = regs, .name = kbasename(bprm->filename),
		.arg = { fmt && bprm, regs->ip, regs->sp },
	};

	return ut_report(&ev);
}

static u32 ut_syscall_entry(u32 action, struct utrace_engine *engine,
			    struct pt_regs *regs)
{
	unsigned long args[6];
	struct ut_event ev = {
		.cb = UT_SYSCALL_ENTRY, .action = action, .engine = engine,
		.regs = regs, .arg = { syscall_get_nr(current, regs) },
	};
	int i;

	syscall_get_arguments(current, regs, args);
	for (i = 0; i < 6; i++)
		ev.arg[i + 1] = args[i];
	return ut_report(&ev);
}

static u32 ut_syscall_exit(u32 action, struct utrace_engine *engine,
			   struct pt_regs *regs)
{
	struct ut_event ev = {
		.cb = UT_SYSCALL_EXIT, .action = action, .engine = engine,
		.regs = regs,
		.arg = {
			syscall_get_nr(current, regs),
			syscall_get_error(current, regs) ?:
				syscall_get_return_value(current, regs),
			regs->ax,
		},
	};

	return ut_report(&ev);
}

static u32 ut_exit(u32 action, struct utrace_engine *engine,
		   long orig_code, long *code)
{
	struct ut_event ev = {
		.cb = UT_EXIT, .action = action, .engine = engine,
		.code = code,
		.arg = { orig_code, *code, signal_pending(current) },
	};

	return ut_report(&ev);
}

static u32 ut_death(struct utrace_engine *engine, bool group_dead, int signal)
{
	struct ut_event ev = {
		.cb = UT_DEATH, .action = UTRACE_RESUME, .engine = engine,
		.arg = { group_dead, signal },
	};

	return ut_report(&ev);
}

static void ut_reap(struct utrace_engine *engine, struct task_struct *task)
{
	struct ut_engine *ue = engine->data;
	struct ut_event ev = {
		.cb = UT_REAP, .engine = engine,
		.arg = { task_pid_nr(task) },
	};

	if (ue->task && ue->task != task)
		atomic64_inc(&ut_global[UT_GL_WRONG_TASK]);
	ut_report(&ev);
}

static void ut_release(void *data)
{
	struct ut_engine *ue = data;
	struct ut_event ev = { .cb = UT_RELEASE };

	atomic_inc(&ue->counts[UT_RELEASE]);
	atomic64_inc(&ue->ctx->counts[UT_RELEASE]);
	ut_log(ue, &ev, 0);
	ut_engine_released(ue);
}

static u32 ut_seccomp(u32 action, struct utrace_engine *engine,
		      struct pt_regs *regs, unsigned int data)
{
	struct ut_event ev = {
		.cb = UT_SECCOMP, .action = action, .engine = engine,
		.regs = regs, .arg = { data, syscall_get_nr(current, regs) },
	};

	return ut_report(&ev);
}

static u32 ut_vfork_done(u32 action, struct utrace_engine *engine,
			 struct pid *pid)
{
	struct ut_event ev = {
		.cb = UT_VFORK_DONE, .action = action, .engine = engine,
		.regs = task_pt_regs(current), .arg = { pid_nr(pid) },
	};

	return ut_report(&ev);
}

static u32 ut_group_stop(u32 action, struct utrace_engine *engine, int sig)
{
	struct ut_event ev = {
		.cb = UT_GROUP_STOP, .action = action, .engine = engine,
		.regs = task_pt_regs(current), .arg = { sig },
	};

	return ut_report(&ev);
}

static u32 ut_trap(u32 action, struct utrace_engine *engine)
{
	struct ut_event ev = {
		.cb = UT_TRAP, .action = action, .engine = engine,
		.regs = task_pt_regs(current),
	};

	return ut_report(&ev);
}

static u32 ut_handler(u32 action, struct utrace_engine *engine,
		      struct pt_regs *regs)
{
	struct ut_event ev = {
		.cb = UT_HANDLER, .action = action, .engine = engine,
		.regs = regs, .arg = { instruction_pointer(regs) },
	};

	return ut_report(&ev);
}

static void ut_stopping(struct utrace_engine *engine, unsigned long event)
{
	struct ut_engine *ue = engine->data;

	lockdep_assert_held(&current->sighand->siglock);
	if (irqs_disabled())
		ue->stopping = event + 1;
}

static void ut_stopped(struct utrace_engine *engine, unsigned long event)
{
	struct ut_engine *ue = engine->data;
	struct ut_event ev = {
		.cb = UT_STOPPED, .engine = engine, .arg = {
			event,
			READ_ONCE(current->__state) == TASK_TRACED,
			ue->stopping == event + 1,
		},
	};

	ue->stopping = 0;
	ut_report(&ev);
}

static const struct utrace_engine_ops ut_full = {
	.report_quiesce = ut_quiesce,
	.report_signal = ut_signal,
	.report_clone = ut_clone,
	.report_jctl = ut_jctl,
	.report_exec = ut_exec,
	.report_syscall_entry = ut_syscall_entry,
	.report_syscall_exit = ut_syscall_exit,
	.report_exit = ut_exit,
	.report_death = ut_death,
	.report_reap = ut_reap,
	.release = ut_release,
	.report_seccomp = ut_seccomp,
	.report_vfork_done = ut_vfork_done,
	.report_group_stop = ut_group_stop,
	.report_handler = ut_handler,
	.owner = THIS_MODULE,
};

static const struct utrace_builtin_ops ut_builtin = {
	.report_trap = ut_trap,
	.report_stopping = ut_stopping,
	.report_stopped = ut_stopped,
};

static const struct utrace_builtin_ops ut_builtin_leaves_fatal = {
	.report_trap = ut_trap,
	.report_stopping = ut_stopping,
	.report_stopped = ut_stopped,
	.leaves_fatal = true,
};

/* Clear the member of @cb.  Called before the table is in use. */
static void ut_ops_lack(struct utrace_engine_ops *ops, enum ut_cb cb)
{
#define UT_MEMBER(name)	offsetof(struct utrace_engine_ops, report_##name)
	static const size_t member[UT_RELEASE] = {
		[UT_QUIESCE]		= UT_MEMBER(quiesce),
		[UT_REAP]		= UT_MEMBER(reap),
		[UT_CLONE]		= UT_MEMBER(clone),
		[UT_EXEC]		= UT_MEMBER(exec),
		[UT_EXIT]		= UT_MEMBER(exit),
		[UT_DEATH]		= UT_MEMBER(death),
		[UT_SYSCALL_ENTRY]	= UT_MEMBER(syscall_entry),
		[UT_SYSCALL_EXIT]	= UT_MEMBER(syscall_exit),
		[UT_SIGNAL]		= UT_MEMBER(signal),
		[UT_JCTL]		= UT_MEMBER(jctl),
		[UT_SECCOMP]		= UT_MEMBER(seccomp),
		[UT_VFORK_DONE]		= UT_MEMBER(vfork_done),
		[UT_GROUP_STOP]		= UT_MEMBER(group_stop),
		[UT_TRAP]		= offsetof(struct utrace_engine_ops,
						   builtin),
		[UT_HANDLER]		= UT_MEMBER(handler),
	};

	memset((void *)ops + member[cb], 0, sizeof(void *));
	/* utrace accepts report_quiesce in place of report_signal */
	if (cb == UT_SIGNAL)
		ops->report_quiesce = NULL;
#undef UT_MEMBER
}

void ut_ops_init(void)
{
	const struct utrace_engine_ops empty = {
		.release = ut_release, .owner = THIS_MODULE,
	};
	enum ut_cb cb;

	ut_tables[UT_OPS_A] = ut_full;
	ut_tables[UT_OPS_A].name = "ut-a";
	ut_tables[UT_OPS_B] = ut_full;
	ut_tables[UT_OPS_QUIESCE] = empty;
	ut_tables[UT_OPS_QUIESCE].report_quiesce = ut_quiesce;
	ut_tables[UT_OPS_QUIESCE].name = "ut-quiesce";
	ut_tables[UT_OPS_SIGNAL] = empty;
	ut_tables[UT_OPS_SIGNAL].report_signal = ut_signal;
	ut_tables[UT_OPS_EMPTY] = empty;
	ut_tables[UT_OPS_NORELEASE] = ut_full;
	ut_tables[UT_OPS_NORELEASE].release = NULL;
	ut_tables[UT_OPS_STOPPED] = ut_full;
	ut_tables[UT_OPS_STOPPED].builtin = &ut_builtin;
	ut_tables[UT_OPS_STOPPED].name = "ut-stopped";
	ut_tables[UT_OPS_LEAVES_FATAL] = ut_full;
	ut_tables[UT_OPS_LEAVES_FATAL].builtin = &ut_builtin_leaves_fatal;
	for (cb = 0; cb < UT_RELEASE; cb++) {
		ut_tables[UT_OPS_LACK + cb] = ut_full;
		ut_ops_lack(&ut_tables[UT_OPS_LACK + cb], cb);
	}
}

const struct utrace_engine_ops *ut_ops_table(unsigned int nr)
{
	if (nr == UT_OPS_NULL || nr >= UT_NOPSTABLES)
		return NULL;
	return &ut_tables[nr];
}
