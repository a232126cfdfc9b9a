/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * utrace: any number of engines trace and control one task.  Guide for engine
 * authors: Documentation/engine-guide.rst.  Design: Documentation/design.rst.
 */
#ifndef _LINUX_UTRACE_H
#define _LINUX_UTRACE_H

#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/types.h>

struct linux_binfmt;
struct linux_binprm;
struct module;
struct pt_regs;
struct utrace;
struct utrace_builtin_ops;
struct utrace_engine;

/**
 * UTRACE_API_VERSION - date-coded version; the historic interface had 20091216
 */
#define UTRACE_API_VERSION	20261122

/**
 * enum utrace_events - event numbers, for UTRACE_EVENT()
 * @_UTRACE_EVENT_QUIESCE: before another event, and before user mode
 * @_UTRACE_EVENT_REAP: the zombie was reaped; last callback of an engine
 * @_UTRACE_EVENT_CLONE: made a child or a thread that has not run yet
 * @_UTRACE_EVENT_EXEC: completed an execve
 * @_UTRACE_EVENT_EXIT: entered the exit path
 * @_UTRACE_EVENT_DEATH: became a zombie, or is about to reap itself
 * @_UTRACE_EVENT_SYSCALL_ENTRY: about to run a system call
 * @_UTRACE_EVENT_SYSCALL_EXIT: a system call has ended
 * @_UTRACE_EVENT_SIGNAL: a signal will run a handler
 * @_UTRACE_EVENT_SIGNAL_IGN: a signal will be ignored
 * @_UTRACE_EVENT_SIGNAL_STOP: a signal will stop the process
 * @_UTRACE_EVENT_SIGNAL_TERM: a signal will end the process
 * @_UTRACE_EVENT_SIGNAL_CORE: a signal will end the process with a core dump
 * @_UTRACE_EVENT_JCTL: a job control stop begins or ends for this task
 * @_UTRACE_EVENT_SECCOMP: a seccomp filter returned SECCOMP_RET_TRACE
 * @_UTRACE_EVENT_VFORK_DONE: the vfork child released the memory
 * @_UTRACE_EVENT_GROUP_STOP: traps instead of entering the job control stop
 * @_UTRACE_EVENT_TRAP: a trap bit was set; only for engines with @builtin
 * @_UTRACE_EVENT_HANDLER: the frame of a signal handler is set up
 * @_UTRACE_NEVENTS: the number of events
 */
enum utrace_events {
	_UTRACE_EVENT_QUIESCE,
	_UTRACE_EVENT_REAP,
	_UTRACE_EVENT_CLONE,
	_UTRACE_EVENT_EXEC,
	_UTRACE_EVENT_EXIT,
	_UTRACE_EVENT_DEATH,
	_UTRACE_EVENT_SYSCALL_ENTRY,
	_UTRACE_EVENT_SYSCALL_EXIT,
	_UTRACE_EVENT_SIGNAL,
	_UTRACE_EVENT_SIGNAL_IGN,
	_UTRACE_EVENT_SIGNAL_STOP,
	_UTRACE_EVENT_SIGNAL_TERM,
	_UTRACE_EVENT_SIGNAL_CORE,
	_UTRACE_EVENT_JCTL,
	_UTRACE_EVENT_SECCOMP,
	_UTRACE_EVENT_VFORK_DONE,
	_UTRACE_EVENT_GROUP_STOP,
	_UTRACE_EVENT_TRAP,
	_UTRACE_EVENT_HANDLER,
	_UTRACE_NEVENTS
};

/**
 * DOC: Event masks
 *
 * UTRACE_EVENT(EXEC) is the mask bit of one event, UTRACE_EVENT_SIGNAL_ALL that
 * of all that call report_signal, UTRACE_EVENT_SYSCALL of both syscall events.
 */
#define UTRACE_EVENT(type)	BIT(_UTRACE_EVENT_##type)

#define UTRACE_EVENT_SIGNAL_ALL	(UTRACE_EVENT(SIGNAL) | \
				 UTRACE_EVENT(SIGNAL_IGN) | \
				 UTRACE_EVENT(SIGNAL_STOP) | \
				 UTRACE_EVENT(SIGNAL_TERM) | \
				 UTRACE_EVENT(SIGNAL_CORE))

#define UTRACE_EVENT_SYSCALL	(UTRACE_EVENT(SYSCALL_ENTRY) | \
				 UTRACE_EVENT(SYSCALL_EXIT))

/**
 * enum utrace_resume_action - what an engine requests; the smallest one wins
 * @UTRACE_STOP: stop; in effect until this engine requests another action
 * @UTRACE_INTERRUPT: report as soon as possible, interrupting a system call
 * @UTRACE_REPORT: report before the task returns to user mode
 * @UTRACE_SINGLESTEP: run one user instruction, then SIGTRAP
 * @UTRACE_BLOCKSTEP: run to the next taken branch, then SIGTRAP
 * @UTRACE_RESUME: continue
 * @UTRACE_DETACH: continue, and detach this engine
 * @UTRACE_RESUME_MAX: the number of actions
 */
enum utrace_resume_action {
	UTRACE_STOP,
	UTRACE_INTERRUPT,
	UTRACE_REPORT,
	UTRACE_SINGLESTEP,
	UTRACE_BLOCKSTEP,
	UTRACE_RESUME,
	UTRACE_DETACH,
	UTRACE_RESUME_MAX
};

/**
 * UTRACE_RESUME_MASK - the part of an action that holds a resume action
 */
#define UTRACE_RESUME_MASK	0x07

/**
 * utrace_resume_action - the resume part of a callback's action
 * @action: the action argument or the return value of a callback
 */
static inline enum utrace_resume_action utrace_resume_action(u32 action)
{
	return action & UTRACE_RESUME_MASK;
}

/**
 * enum utrace_signal_action - what happens with a signal
 * @UTRACE_SIGNAL_DELIVER: act on it by the sigaction in return_ka
 * @UTRACE_SIGNAL_IGN: drop it
 * @UTRACE_SIGNAL_TERM: end the process
 * @UTRACE_SIGNAL_CORE: end the process with a core dump
 * @UTRACE_SIGNAL_STOP: stop the process
 * @UTRACE_SIGNAL_TSTP: stop the process unless its group is orphaned
 * @UTRACE_SIGNAL_REPORT: no signal: the task was interrupted, or a stop ended
 * @UTRACE_SIGNAL_HANDLER: no signal: a handler was set up
 */
enum utrace_signal_action {
	UTRACE_SIGNAL_DELIVER	= 0x00,
	UTRACE_SIGNAL_IGN	= 0x10,
	UTRACE_SIGNAL_TERM	= 0x20,
	UTRACE_SIGNAL_CORE	= 0x30,
	UTRACE_SIGNAL_STOP	= 0x40,
	UTRACE_SIGNAL_TSTP	= 0x50,
	UTRACE_SIGNAL_REPORT	= 0x60,
	UTRACE_SIGNAL_HANDLER	= 0x70
};

/**
 * UTRACE_SIGNAL_MASK - the part of an action that holds a signal action
 */
#define UTRACE_SIGNAL_MASK	0xf0
/**
 * UTRACE_SIGNAL_HOLD - flag: also queue the signal again, to report it later
 *
 * For an engine that also stops the task.  If none does, the signal is reported
 * again at once, then every tick, until no engine holds it or SIGKILL arrives.
 * SIGCONT discards held stop signals; a stop signal discards a held SIGCONT.
 */
#define UTRACE_SIGNAL_HOLD	0x100

/**
 * utrace_signal_action - the signal part of a callback's action
 * @action: the action argument or the return value of report_signal
 */
static inline enum utrace_signal_action utrace_signal_action(u32 action)
{
	return action & UTRACE_SIGNAL_MASK;
}

/**
 * enum utrace_syscall_action - what happens with a system call
 * @UTRACE_SYSCALL_RUN: run it
 * @UTRACE_SYSCALL_ABORT: skip it; it returns -ENOSYS or what an engine sets
 */
enum utrace_syscall_action {
	UTRACE_SYSCALL_RUN	= 0x00,
	UTRACE_SYSCALL_ABORT	= 0x10
};

/**
 * UTRACE_SYSCALL_MASK - the part of an action that holds a syscall action
 */
#define UTRACE_SYSCALL_MASK	0xf0
/**
 * UTRACE_SYSCALL_RESUMED - flag: this entry is reported again, after a stop
 */
#define UTRACE_SYSCALL_RESUMED	0x100

/**
 * utrace_syscall_action - the system call part of a callback's action
 * @action: the action argument or the return value of report_syscall_entry
 */
static inline enum utrace_syscall_action utrace_syscall_action(u32 action)
{
	return action & UTRACE_SYSCALL_MASK;
}

/**
 * DOC: Attach flags
 *
 * For utrace_attach_task() and utrace_attach_pid().  Without CREATE, these look
 * for an engine.  EXCLUSIVE is for CREATE: without MATCH any engine matches.
 */
#define UTRACE_ATTACH_MATCH_OPS		0x0001	/* find an engine by ops */
#define UTRACE_ATTACH_MATCH_DATA	0x0002	/* find an engine by data */
#define UTRACE_ATTACH_MATCH_MASK	0x000f
#define UTRACE_ATTACH_CREATE		0x0010	/* make a new engine */
#define UTRACE_ATTACH_EXCLUSIVE		0x0020	/* refuse if a match exists */
#define UTRACE_ATTACH_ATOMIC		0x0040	/* do not sleep */

/**
 * struct utrace_engine - one engine attached to one task
 * @ops: callbacks, as given at attach
 * @data: data of the engine, as given at attach; not used by utrace itself
 * @flags: event mask; read-only, changed by utrace_set_events()
 */
struct utrace_engine {
/* private: */
	struct kref kref;
	u32 state;			/* under utrace->lock */
	struct utrace *utrace;		/* counted; never changes */
/* public: */
	const struct utrace_engine_ops *ops;
	void *data;
	unsigned long flags;
};

/**
 * struct utrace_engine_ops - the callbacks of an engine
 * @report_quiesce: before any event but REAP and signals, and with @event 0
 *	before the task returns to user mode
 * @report_signal: a signal was dequeued; @info may be changed, and
 *	UTRACE_SIGNAL_DELIVER acts by @return_ka.  Without a signal, @orig_ka is
 *	NULL, the signal action starts as UTRACE_SIGNAL_REPORT or _HANDLER, each
 *	returned one replaces it, and UTRACE_SIGNAL_DELIVER injects @info
 * @report_clone: @child exists and has not run yet: attach to it here.  A stop
 *	requested here comes after the child is woken.  In @clone_flags, CSIGNAL
 *	is the exit signal; CLONE_NEWTIME, one of its bits, is not passed
 * @report_jctl: @type is CLD_STOPPED before the task takes part in a job
 *	control stop, CLD_CONTINUED after; @notify is the CLD_STOPPED or
 *	CLD_CONTINUED that its parent is sent, or 0
 * @report_exec: a new program is in place
 * @report_syscall_entry: may change registers, and so the call; engines are
 *	called newest first
 * @report_syscall_exit: may change registers, and so the result
 * @report_exit: @code is the exit code, @orig_code the one before any change
 * @report_death: no stop is possible any more.  @signal is sent to the parent;
 *	-1: the task reaps itself; -2: it is a leader with live threads
 * @report_reap: the last callback: the task is reaped.  May run in the reaper,
 *	must not block
 * @release: the last reference was dropped.  Called in any context under
 *	rcu_read_lock(), must not sleep.  Without @owner, the module may be
 *	freed after it counted all releases and called synchronize_rcu()
 * @report_seccomp: a filter returned SECCOMP_RET_TRACE with @data.  Returns as
 *	report_syscall_entry does.  The first engine gets UTRACE_SYSCALL_ABORT:
 *	without a tracer the call fails with ENOSYS.  An engine takes the event
 *	by returning UTRACE_SYSCALL_RUN; one that only watches returns
 *	utrace_syscall_action() of @action.  ptrace takes it if the tracer set
 *	PTRACE_O_TRACESECCOMP.  After a stop, with UTRACE_SYSCALL_RESUMED,
 *	@action starts as the previous decision
 * @report_vfork_done: the vfork child @pid has released the memory
 * @report_group_stop: the task took part in a group stop by @sig, or with 0 the
 *	group stop has ended; UTRACE_STOP stops the task, any other action lets
 *	it run during the group stop
 * @report_handler: the frame of a signal handler is set up, and @regs enter it.
 *	UTRACE_EVENT(HANDLER) replaces the later round of report_signal with
 *	UTRACE_SIGNAL_HANDLER by this immediate call
 * @builtin: NULL in a module
 * @owner: module to pin from attach until release has returned, or NULL
 * @name: shown in /proc/PID/status; if NULL, the name of @owner is shown
 *
 * @action is the smallest resume action that engines have returned so far, with
 * the result so far.  All but @report_reap and @release run in the task without
 * locks, and may sleep.
 */
struct utrace_engine_ops {
	u32 (*report_quiesce)(u32 action, struct utrace_engine *engine,
			      unsigned long event);
	u32 (*report_signal)(u32 action, struct utrace_engine *engine,
			     struct pt_regs *regs, kernel_siginfo_t *info,
			     const struct k_sigaction *orig_ka,
			     struct k_sigaction *return_ka);
	u32 (*report_clone)(u32 action, struct utrace_engine *engine,
			    unsigned long clone_flags,
			    struct task_struct *child);
	u32 (*report_jctl)(u32 action, struct utrace_engine *engine,
			   int type, int notify);
	u32 (*report_exec)(u32 action, struct utrace_engine *engine,
			   const struct linux_binfmt *fmt,
			   const struct linux_binprm *bprm,
			   struct pt_regs *regs);
	u32 (*report_syscall_entry)(u32 action, struct utrace_engine *engine,
				    struct pt_regs *regs);
	u32 (*report_syscall_exit)(u32 action, struct utrace_engine *engine,
				   struct pt_regs *regs);
	u32 (*report_exit)(u32 action, struct utrace_engine *engine,
			   long orig_code, long *code);
	u32 (*report_death)(struct utrace_engine *engine,
			    bool group_dead, int signal);
	void (*report_reap)(struct utrace_engine *engine,
			    struct task_struct *task);
	void (*release)(void *data);
	/* not in the historic interface: */
	u32 (*report_seccomp)(u32 action, struct utrace_engine *engine,
			      struct pt_regs *regs, unsigned int data);
	u32 (*report_vfork_done)(u32 action, struct utrace_engine *engine,
				 struct pid *pid);
	u32 (*report_group_stop)(u32 action, struct utrace_engine *engine,
				 int sig);
	u32 (*report_handler)(u32 action, struct utrace_engine *engine,
			      struct pt_regs *regs);
	const struct utrace_builtin_ops *builtin;
	struct module *owner;
	const char *name;
};

/**
 * struct utrace_examiner - state kept by utrace_prepare_examine()
 */
struct utrace_examiner {
/* private: */
	unsigned long ncsw;
};

#ifdef CONFIG_UTRACE

struct utrace_engine * __must_check
utrace_attach_task(struct task_struct *target, int flags,
		   const struct utrace_engine_ops *ops, void *data);
struct utrace_engine * __must_check
utrace_attach_pid(struct pid *pid, int flags,
		  const struct utrace_engine_ops *ops, void *data);
int __must_check utrace_control(struct task_struct *target,
				struct utrace_engine *engine,
				enum utrace_resume_action action);
int __must_check utrace_set_events(struct task_struct *target,
				   struct utrace_engine *engine,
				   unsigned long events);
int __must_check utrace_barrier(struct task_struct *target,
				struct utrace_engine *engine);
int __must_check utrace_control_pid(struct pid *pid,
				    struct utrace_engine *engine,
				    enum utrace_resume_action action);
int __must_check utrace_set_events_pid(struct pid *pid,
				       struct utrace_engine *engine,
				       unsigned long events);
int __must_check utrace_barrier_pid(struct pid *pid,
				    struct utrace_engine *engine);
int __must_check utrace_prepare_examine(struct task_struct *target,
					struct utrace_engine *engine,
					struct utrace_examiner *exam);
int __must_check utrace_finish_examine(struct task_struct *target,
				       struct utrace_engine *engine,
				       struct utrace_examiner *exam);

void __utrace_engine_release(struct kref *kref);

/**
 * utrace_engine_get - take another reference to an engine
 * @engine: the caller holds a reference, or is a callback of the engine
 * Context: any.
 */
static inline void utrace_engine_get(struct utrace_engine *engine)
{
	kref_get(&engine->kref);
}

/**
 * utrace_engine_put - drop a reference; the last put calls the engine's release
 * @engine: an engine; the caller must not use it afterwards
 * Context: any; does not sleep.
 */
static inline void utrace_engine_put(struct utrace_engine *engine)
{
	kref_put(&engine->kref, __utrace_engine_release);
}

#endif /* CONFIG_UTRACE */

#endif /* _LINUX_UTRACE_H */
