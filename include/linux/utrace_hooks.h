/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel calls at the events of a task.
 *
 * Each hook costs an untraced task one test of current->utrace_flags, the
 * word beside current->ptrace.  Engines want <linux/utrace.h> instead; this
 * header stays independent of it, because widely used kernel headers include
 * it and modules with a private utrace include those.
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
 * Bits of task_struct.utrace_flags.  The low ones are the union of the event
 * masks of all engines; those named here are tested where engines cannot be
 * walked (kernel/utrace/task.c asserts that they match).  The high ones say
 * what the task itself has to do.
 */
#define UTRACE_TASK_SIGNALS		GENMASK(12, 8)
#define UTRACE_TASK_SIGNAL_IGN		BIT(9)
#define UTRACE_TASK_JCTL		BIT(13)
#define UTRACE_TASK_SECCOMP		BIT(14)
#define UTRACE_TASK_GROUP_STOP		BIT(16)
#define UTRACE_TASK_TRAP		BIT(17)
#define UTRACE_TASK_SYSCALL_ENTRY	BIT(6)
#define UTRACE_TASK_SYSCALL_EXIT	BIT(7)
#define UTRACE_TASK_SIGNAL_FATAL	BIT(27)	/* no short cut for fatal ones */
#define UTRACE_TASK_STEP_LEFT		BIT(28)	/* utrace->step_left is set */
#define UTRACE_TASK_STEPPING		BIT(29)	/* we armed a step */
#define UTRACE_TASK_STARTING		BIT(30)	/* report_clone not done yet */
#define UTRACE_TASK_RESUME		BIT(31)	/* report before user mode */

/* a signal that is forced on the task concerns its engines */
#define UTRACE_TASK_FORCED		(UTRACE_TASK_SIGNALS | \
					 UTRACE_TASK_STEPPING | \
					 UTRACE_TASK_STEP_LEFT)

/* Without CONFIG_UTRACE this is 0, and the compiler leaves nothing of a hook. */
static inline u32 utrace_task_flags(struct task_struct *task)
{
#ifdef CONFIG_UTRACE
	return READ_ONCE(task->utrace_flags);
#else
	return 0;
#endif
}

/*
 * @task's utrace, or NULL.  Once there, it stays until the task is freed.  Pairs
 * with cmpxchg() in utrace_get_new().
 */
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

/* Does the task take part in a group stop by a trap, and wait in that? */
static inline bool utrace_traps_group_stop(struct task_struct *task)
{
	return task->ptrace;
}

/*
 * Who set this looks at a stopped task, which no fatal signal wakes meanwhile;
 * the end of the stop clears it.
 */
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
bool __utrace_hook_spares_init(struct task_struct *task, int sig);
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

/* dup_task_struct(): nobody else can see @child yet. */
static inline void utrace_hook_init_task(struct task_struct *child)
{
#ifdef CONFIG_UTRACE
	child->utrace_flags = 0;
	child->utrace = NULL;
#endif
}

/* free_task(): nobody looks at @task any more. */
static inline void utrace_hook_free_task(struct task_struct *task)
{
	if (unlikely(utrace_of(task)))
		__utrace_hook_free_task(task);
}

/* copy_process(), before @child becomes visible; for what kernel_clone() makes */
static inline void utrace_hook_fork(struct task_struct *child, bool reported)
{
	if (unlikely(utrace_task_flags(current)) && reported)
		__utrace_hook_fork(child);
}

static inline void utrace_hook_report_clone(unsigned long clone_flags,
					    struct task_struct *child)
{
	/* the engine that had @child marked may be gone by now */
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
	/* the last engine may have left a round that is due */
	if (unlikely(utrace_task_flags(current) ||
		     (current->jobctl & JOBCTL_ENGINE_TRAP)))
		__utrace_hook_exit(code);
}

/*
 * exit_notify(), tasklist_lock write-held, exit_state already set.  The
 * barrier pairs with cmpxchg() in utrace_get_new(): either we see an engine
 * that is just being attached, or the attacher sees a dead task.
 */
static inline bool utrace_hook_exit_notify(struct task_struct *task)
{
	if (!IS_ENABLED(CONFIG_UTRACE))
		return false;
	smp_mb();	/* as said above */
	return unlikely(utrace_of(task)) &&
		__utrace_hook_exit_notify(task);
}

/* release_task(), no locks held, exit_state is EXIT_DEAD. */
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

/*
 * handle_swbp(): the handlers of a uprobe returned, and the instruction under
 * it comes next, emulated or out of line.
 */
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

/* Returns nonzero to skip the system call; @taken: not by an engine alone. */
static inline int utrace_hook_seccomp(unsigned int data, bool taken)
{
	return utrace_hook_wants_seccomp() ?
		__utrace_hook_seccomp(data, taken) : 0;
}

/* siglock held, as in all of the following */
static inline bool utrace_hook_wants_ignored(struct task_struct *task, int sig)
{
	return utrace_task_wants(task, UTRACE_TASK_FORCED) &&
		__utrace_hook_wants_ignored(task, sig);
}

/*
 * complete_signal(): is the fatal @sig left to engines?  Those of @thread are
 * to see it first, or it was queued for them alone, as @task is an init.
 */
static inline bool utrace_hook_spares(struct task_struct *thread,
				      struct task_struct *task, int sig)
{
	return sig != SIGKILL &&
		(utrace_task_wants(thread, UTRACE_TASK_SIGNAL_FATAL) ||
		 (IS_ENABLED(CONFIG_UTRACE) &&
		  __utrace_hook_spares_init(task, sig)));
}

/* force_sig_info_to_task(): do engines decide whether @task may be killed? */
static inline bool utrace_hook_forced(struct task_struct *task, int sig)
{
	return utrace_task_wants(task, UTRACE_TASK_FORCED) &&
		__utrace_hook_forced(task, sig);
}

/*
 * get_signal(): @signr was dequeued.  Returns what to act on instead, or 0;
 * *@ka is left alone unless an engine chose another disposition.  Drops and
 * retakes siglock.
 */
static inline int utrace_hook_signal(struct ksignal *ksig, int signr, int type,
				     struct k_sigaction **ka)
{
	if (likely(!utrace_task_flags(current)))
		return signr;
	return __utrace_hook_signal(ksig, signr, type, ka);
}

/* A signal handler is set up; no locks held. */
static inline void utrace_hook_handler(void)
{
	if (unlikely(utrace_task_flags(current)))
		__utrace_hook_handler();
}

/* Returns true, siglock dropped, if the stop has to be looked at again. */
static inline bool utrace_hook_jctl_stop(void)
{
	return utrace_task_wants(current, UTRACE_TASK_JCTL) &&
		__utrace_hook_jctl_stop();
}

/*
 * do_signal_stop(): engines hear of the stop first, from get_signal(), and hold
 * the task there if they voted for that.
 */
static inline bool utrace_hook_jctl_first(void)
{
	if (unlikely(utrace_of(current)))
		__utrace_hook_stop_first();
	return utrace_task_wants(current, UTRACE_TASK_JCTL) &&
		!(current->jobctl & JOBCTL_ENGINE_JCTL);
}

/* no locks held */
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

/* prepare_signal(SIGCONT) ends a group stop @task may have trapped for */
static inline void utrace_hook_group_cont(struct task_struct *task)
{
	if (utrace_task_wants(task, UTRACE_TASK_GROUP_STOP))
		__utrace_hook_group_cont(task);
}

/* prepare_signal(): SIGKILL for a group that is already exiting */
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
