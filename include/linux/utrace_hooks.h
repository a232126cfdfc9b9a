/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hooks that the kernel calls at the events of a task.  Each costs an untraced
 * task one test of current->utrace_flags, beside current->ptrace.  Engines
 * include <linux/utrace.h>.  This header does not: widely used headers include
 * this one, and modules with a private utrace include those.
 */
#ifndef _LINUX_UTRACE_HOOKS_H
#define _LINUX_UTRACE_HOOKS_H

#include <linux/bits.h>
#include <linux/sched.h>
#include <linux/sched/jobctl.h>
#include <linux/thread_info.h>

struct ksignal;
struct k_sigaction;
struct linux_binprm;
struct pid;
struct pt_regs;
struct seq_file;
struct task_struct;
struct utrace;

/*
 * Bits of task_struct.utrace_flags.  Low bits: the union of all event masks;
 * those named here, asserted by kernel/utrace/task.c, are tested where engines
 * cannot be called.  High bits: what the task itself has to do.
 */
#define UTRACE_TASK_SIGNALS		GENMASK(12, 8)
#define UTRACE_TASK_SIGNAL_IGN		BIT(9)
#define UTRACE_TASK_JCTL		BIT(13)
#define UTRACE_TASK_SECCOMP		BIT(14)
#define UTRACE_TASK_GROUP_STOP		BIT(16)
#define UTRACE_TASK_TRAP		BIT(17)
#define UTRACE_TASK_SYSCALL_ENTRY	BIT(6)
#define UTRACE_TASK_SYSCALL_EXIT	BIT(7)
#define UTRACE_TASK_SIGNAL_FATAL	BIT(27)	/* no short cut if fatal */
#define UTRACE_TASK_STEP_LEFT		BIT(28)	/* a step's trap may come late */
#define UTRACE_TASK_STEPPING		BIT(29)	/* utrace armed a step */
#define UTRACE_TASK_STARTING		BIT(30)	/* report_clone is not over */
#define UTRACE_TASK_RESUME		BIT(31)	/* report before user mode */

/* a forced signal concerns the engines of such a task */
#define UTRACE_TASK_FORCED		(UTRACE_TASK_SIGNALS | \
					 UTRACE_TASK_STEPPING | \
					 UTRACE_TASK_STEP_LEFT)

/* Without CONFIG_UTRACE this is 0, and the compiler removes the hooks. */
static inline u32 utrace_task_flags(struct task_struct *task)
{
#ifdef CONFIG_UTRACE
	return READ_ONCE(task->utrace_flags);
#else
	return 0;
#endif
}

/* Valid until @task is freed.  Pairs with cmpxchg() in utrace_get_new(). */
static inline struct utrace *utrace_of(struct task_struct *task)
{
#ifdef CONFIG_UTRACE
	return READ_ONCE(task->utrace);
#else
	return NULL;
#endif
}

static inline bool utrace_task_wants(struct task_struct *task, u32 bits)
{
	return unlikely(utrace_task_flags(task) & bits);
}

/* Does @task trap to take part in a group stop, and wait in that trap? */
static inline bool utrace_traps_group_stop(struct task_struct *task)
{
	return task->ptrace;
}

/* Blocks fatal wake-ups of a stopped task; cleared at the end of the stop. */
#define JOBCTL_ENGINE_FROZEN		JOBCTL_PTRACE_FROZEN

void __utrace_hook_free_task(struct task_struct *task);
void __utrace_hook_fork(struct task_struct *child);
void __utrace_hook_report_clone(unsigned long clone_flags, struct task_struct *child);
void __utrace_hook_finish_clone(void);
void __utrace_hook_vfork_done(struct pid *pid);
void __utrace_hook_exec(struct linux_binprm *bprm);
void __utrace_hook_exit(long *code);
bool __utrace_hook_exit_notify(struct task_struct *task);
void utrace_hook_death(struct task_struct *task, bool group_dead, bool autoreap);
void __utrace_hook_reap(struct task_struct *task);
void __utrace_hook_resume(struct pt_regs *regs);
void __utrace_hook_uprobe(void);
void __utrace_hook_uprobe_stepped(void);
int __utrace_hook_syscall_entry(struct pt_regs *regs);
void __utrace_hook_syscall_exit(struct pt_regs *regs);
int __utrace_hook_seccomp(unsigned int data, bool taken);
bool __utrace_hook_wants_ignored(struct task_struct *task, int sig);
bool __utrace_hook_spares(struct task_struct *thread, struct task_struct *task,
			  int sig);
bool __utrace_hook_forced(struct task_struct *task, int sig);
int __utrace_hook_signal(struct ksignal *ksig, int signr, int type,
			 struct k_sigaction **ka);
int utrace_hook_trap(struct ksignal *ksig);
void __utrace_hook_handler(void);
bool __utrace_hook_group_stop(void);
bool __utrace_hook_jctl_stop(void);
void __utrace_hook_stop_first(void);
void __utrace_hook_jctl_cont(int notify);
bool __utrace_hook_jctl_continued(void);
void __utrace_hook_group_cont(struct task_struct *task);
void __utrace_hook_late_kill(struct task_struct *task);
void __utrace_hook_proc_status(struct seq_file *m, struct task_struct *task);

/* dup_task_struct(): @child is not visible yet. */
static inline void utrace_hook_init_task(struct task_struct *child)
{
#ifdef CONFIG_UTRACE
	child->utrace_flags = 0;
	child->utrace = NULL;
#endif
}

/* free_task(): no reference to @task is left. */
static inline void utrace_hook_free_task(struct task_struct *task)
{
	if (unlikely(utrace_of(task)))
		__utrace_hook_free_task(task);
}

/* copy_process(), @child not visible yet; @reported: made by kernel_clone(). */
static inline void utrace_hook_fork(struct task_struct *child, bool reported)
{
	if (unlikely(utrace_task_flags(current)) && reported)
		__utrace_hook_fork(child);
}

static inline void utrace_hook_report_clone(unsigned long clone_flags,
					    struct task_struct *child)
{
	/* the engine for which @child was marked may be detached */
	if (unlikely(utrace_task_flags(current) | utrace_task_flags(child)))
		__utrace_hook_report_clone(clone_flags, child);
}

static inline void utrace_hook_finish_clone(void)
{
	if (unlikely(utrace_task_flags(current)))
		__utrace_hook_finish_clone();
}

static inline void utrace_hook_vfork_done(struct pid *pid)
{
	if (unlikely(utrace_task_flags(current)))
		__utrace_hook_vfork_done(pid);
}

static inline void utrace_hook_exec(struct linux_binprm *bprm)
{
	if (unlikely(utrace_task_flags(current)))
		__utrace_hook_exec(bprm);
}

static inline void utrace_hook_exit(long *code)
{
	/* a round may be due for an engine that is detached */
	if (unlikely(utrace_task_flags(current) ||
		     (current->jobctl & JOBCTL_ENGINE_TRAP)))
		__utrace_hook_exit(code);
}

/*
 * exit_notify(): tasklist_lock write-held, exit_state set.  The barrier pairs
 * with cmpxchg() in utrace_get_new(): either this CPU sees the engine that is
 * being attached, or the attaching CPU sees exit_state.
 */
static inline bool utrace_hook_exit_notify(struct task_struct *task)
{
	if (!IS_ENABLED(CONFIG_UTRACE))
		return false;
	smp_mb();	/* see above */
	return unlikely(utrace_of(task)) &&
		__utrace_hook_exit_notify(task);
}

/* release_task(): no locks held, exit_state is EXIT_DEAD. */
static inline void utrace_hook_reap(struct task_struct *task)
{
	if (!IS_ENABLED(CONFIG_UTRACE))
		return;
	smp_mb();	/* as in utrace_hook_exit_notify() */
	if (unlikely(utrace_of(task)))
		__utrace_hook_reap(task);
}

static inline void utrace_hook_resume(struct pt_regs *regs)
{
	if (utrace_task_wants(current, UTRACE_TASK_RESUME))
		__utrace_hook_resume(regs);
}

/* handle_swbp(): before the probed instruction, emulated or out of line. */
static inline void utrace_hook_uprobe(void)
{
	if (unlikely(utrace_task_flags(current)))
		__utrace_hook_uprobe();
}

/* handle_singlestep(): the out-of-line step of a uprobe has ended. */
static inline void utrace_hook_uprobe_stepped(void)
{
	if (utrace_task_wants(current, UTRACE_TASK_RESUME))
		__utrace_hook_uprobe_stepped();
}

/* Returns nonzero to skip the system call. */
static inline int utrace_hook_syscall_entry(struct pt_regs *regs)
{
	return utrace_task_wants(current, UTRACE_TASK_SYSCALL_ENTRY) ?
		__utrace_hook_syscall_entry(regs) : 0;
}

static inline void utrace_hook_syscall_exit(struct pt_regs *regs)
{
	if (utrace_task_wants(current, UTRACE_TASK_SYSCALL_EXIT))
		__utrace_hook_syscall_exit(regs);
}

static inline bool utrace_hook_wants_seccomp(void)
{
	return utrace_task_wants(current, UTRACE_TASK_SECCOMP);
}

/* Returns nonzero to skip the system call.  @taken: ptrace takes the event. */
static inline int utrace_hook_seccomp(unsigned int data, bool taken)
{
	return utrace_hook_wants_seccomp() ?
		__utrace_hook_seccomp(data, taken) : 0;
}

/* siglock held, here and below unless stated otherwise. */
static inline bool utrace_hook_wants_ignored(struct task_struct *task, int sig)
{
	/* Without engines, too: @sig may be forced, as in utrace_hook_signal(). */
	return unlikely(utrace_of(task)) &&
		__utrace_hook_wants_ignored(task, sig);
}

/* complete_signal(): true if engines see @sig first, as those of an init do. */
static inline bool utrace_hook_spares(struct task_struct *thread,
				      struct task_struct *task, int sig)
{
	return IS_ENABLED(CONFIG_UTRACE) && sig != SIGKILL &&
		__utrace_hook_spares(thread, task, sig);
}

/* force_sig_info_to_task(): do engines decide whether @sig may kill @task? */
static inline bool utrace_hook_forced(struct task_struct *task, int sig)
{
	return utrace_task_wants(task, UTRACE_TASK_FORCED) &&
		__utrace_hook_forced(task, sig);
}

/* Returns what to act on, or 0; may set *@ka.  Drops and retakes siglock. */
static inline int utrace_hook_signal(struct ksignal *ksig, int signr, int type,
				     struct k_sigaction **ka)
{
	/* Without engines, too: a signal may have been forced before they left. */
	if (likely(!utrace_of(current)))
		return signr;
	return __utrace_hook_signal(ksig, signr, type, ka);
}

/* The frame of a signal handler is set up; no locks held. */
static inline void utrace_hook_handler(void)
{
	if (unlikely(utrace_task_flags(current)))
		__utrace_hook_handler();
}

/* Returns true, siglock dropped, if the stop has to be checked again. */
static inline bool utrace_hook_jctl_stop(void)
{
	return utrace_task_wants(current, UTRACE_TASK_JCTL) &&
		__utrace_hook_jctl_stop();
}

/* do_signal_stop(): first, get_signal() has to report, or to stop for votes. */
static inline bool utrace_hook_jctl_first(void)
{
	if (unlikely(utrace_of(current)))
		__utrace_hook_stop_first();
	return utrace_task_wants(current, UTRACE_TASK_JCTL) &&
		!(current->jobctl & JOBCTL_ENGINE_JCTL);
}

/* No locks held. */
static inline void utrace_hook_jctl_cont(int notify)
{
	if (utrace_task_wants(current, UTRACE_TASK_JCTL))
		__utrace_hook_jctl_cont(notify);
}

/* Returns true, siglock dropped, if it reported. */
static inline bool utrace_hook_jctl_continued(void)
{
	return utrace_task_wants(current, UTRACE_TASK_JCTL) &&
		__utrace_hook_jctl_continued();
}

/* do_signal_stop(): trap instead of entering the job control stop? */
static inline bool utrace_hook_group_stop(void)
{
	return utrace_task_wants(current, UTRACE_TASK_GROUP_STOP) &&
		__utrace_hook_group_stop();
}

/* prepare_signal(): SIGCONT ends a group stop that @task may trap for. */
static inline void utrace_hook_group_cont(struct task_struct *task)
{
	if (utrace_task_wants(task, UTRACE_TASK_GROUP_STOP))
		__utrace_hook_group_cont(task);
}

/* prepare_signal(): SIGKILL for a process that is exiting already. */
static inline void utrace_hook_late_kill(struct task_struct *task)
{
	if (IS_ENABLED(CONFIG_UTRACE))
		__utrace_hook_late_kill(task);
}

static inline void utrace_hook_proc_status(struct seq_file *m,
					   struct task_struct *task)
{
	if (IS_ENABLED(CONFIG_UTRACE))
		__utrace_hook_proc_status(m, task);
}

#endif /* _LINUX_UTRACE_HOOKS_H */
