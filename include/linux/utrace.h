/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * utrace: any number of tracing engines watch and control one task.
 *
 * The engine author's guide is Documentation/engine-guide.rst; why things
 * stand where they do is in Documentation/design.rst.
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
struct utrace_engine;

/**
 * UTRACE_API_VERSION - date-coded version of this interface
 *
 * The historic interface ended with 20091216.  A larger number means all of
 * that plus what this header adds.
 */
#define UTRACE_API_VERSION	20261122

/**
 * enum utrace_events - the events an engine can ask for
 * @_UTRACE_EVENT_QUIESCE: about to return to user mode, or before another event
 * @_UTRACE_EVENT_REAP: the zombie is gone; last callback of an engine
 * @_UTRACE_EVENT_CLONE: made a child or a thread that has not run yet
 * @_UTRACE_EVENT_EXEC: completed an execve
 * @_UTRACE_EVENT_EXIT: entered the exit path
 * @_UTRACE_EVENT_DEATH: became a zombie, or is about to vanish by itself
 * @_UTRACE_EVENT_SYSCALL_ENTRY: about to run a system call
 * @_UTRACE_EVENT_SYSCALL_EXIT: a system call is done
 * @_UTRACE_EVENT_SIGNAL: a signal will run a handler
 * @_UTRACE_EVENT_SIGNAL_IGN: a signal will be ignored
 * @_UTRACE_EVENT_SIGNAL_STOP: a signal will stop the process
 * @_UTRACE_EVENT_SIGNAL_TERM: a signal will end the process
 * @_UTRACE_EVENT_SIGNAL_CORE: a signal will end the process with a core dump
 * @_UTRACE_EVENT_JCTL: a job control stop begins or ends for this task
 * @_UTRACE_EVENT_SECCOMP: a seccomp filter returned SECCOMP_RET_TRACE
 * @_UTRACE_EVENT_VFORK_DONE: the vfork child gave the memory back
 * @_UTRACE_EVENT_GROUP_STOP: traps in place of the job control stop
 * @_UTRACE_EVENT_TRAP: code that could not ask engines sent it to a trap
 * @_UTRACE_EVENT_HANDLER: a signal handler's frame is set up
 * @_UTRACE_NEVENTS: how many there are
 *
 * These are bit numbers: use UTRACE_EVENT().
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
 * UTRACE_EVENT(EXEC) is the mask bit of one event, UTRACE_EVENT_SIGNAL_ALL
 * every event that calls report_signal, UTRACE_EVENT_SYSCALL both ends of a
 * system call.
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
 * enum utrace_resume_action - what an engine wants the task to do next
 * @UTRACE_STOP: hold the task; sticky until this engine answers otherwise
 * @UTRACE_INTERRUPT: report as soon as possible, breaking a system call
 * @UTRACE_REPORT: report before the task returns to user mode
 * @UTRACE_SINGLESTEP: run one user instruction, then SIGTRAP
 * @UTRACE_BLOCKSTEP: run to the next taken branch, then SIGTRAP
 * @UTRACE_RESUME: run on
 * @UTRACE_DETACH: run on, without this engine
 * @UTRACE_RESUME_MAX: no action; the number of them
 *
 * Where several engines answer, the smallest wins.
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
 * @action: the action argument or the answer of a callback
 */
static inline enum utrace_resume_action utrace_resume_action(u32 action)
{
	return action & UTRACE_RESUME_MASK;
}

/**
 * enum utrace_signal_action - what becomes of a signal
 * @UTRACE_SIGNAL_DELIVER: act on it as the sigaction in return_ka says
 * @UTRACE_SIGNAL_IGN: drop it
 * @UTRACE_SIGNAL_TERM: end the process
 * @UTRACE_SIGNAL_CORE: end the process with a core dump
 * @UTRACE_SIGNAL_STOP: stop the process
 * @UTRACE_SIGNAL_TSTP: stop the process unless its group is orphaned
 * @UTRACE_SIGNAL_REPORT: there is no signal; the task was interrupted or
 *	goes on after a stop
 * @UTRACE_SIGNAL_HANDLER: there is no signal; a handler was set up
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
 * UTRACE_SIGNAL_HOLD - flag: also queue the signal again, to come back
 *
 * Meant for an engine that stops the task as well.  If no engine does, the
 * signal is reported once more at once, then once a tick, until it is not held
 * any more or SIGKILL comes.  A stop signal that is held is discarded by SIGCONT,
 * and a SIGCONT that is held by a stop signal, as pending ones are.
 */
#define UTRACE_SIGNAL_HOLD	0x100

/**
 * utrace_signal_action - the signal part of a callback's action
 * @action: the action argument or the answer of report_signal
 */
static inline enum utrace_signal_action utrace_signal_action(u32 action)
{
	return action & UTRACE_SIGNAL_MASK;
}

/**
 * enum utrace_syscall_action - what becomes of a system call
 * @UTRACE_SYSCALL_RUN: run it
 * @UTRACE_SYSCALL_ABORT: skip it; the result register holds -ENOSYS unless
 *	an engine wrote another result there
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
 * @action: the action argument or the answer of report_syscall_entry
 */
static inline enum utrace_syscall_action utrace_syscall_action(u32 action)
{
	return action & UTRACE_SYSCALL_MASK;
}

/**
 * DOC: Attach flags
 *
 * Of utrace_attach_task() and utrace_attach_pid().  CREATE makes a new
 * engine; without it one is looked up.  MATCH_OPS and MATCH_DATA say what to
 * look for.  EXCLUSIVE, with CREATE, refuses if there is a match, or without a
 * match flag if there is any engine.  ATOMIC: do not sleep.
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
 * @data: the engine's own, as given at attach; the layer never looks at it
 * @flags: event mask; read it, change it by utrace_set_events()
 *
 * Members marked private belong to the layer.
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
 *	@return_ka is the action taken on UTRACE_SIGNAL_DELIVER.  @orig_ka is
 *	NULL if there is no signal; the signal action then starts as
 *	UTRACE_SIGNAL_REPORT or _HANDLER and is replaced by each answer, and
 *	UTRACE_SIGNAL_DELIVER injects the signal in @info
 * @report_clone: a new task exists that has not run yet; the place to attach
 *	to it.  A stop asked for here happens after the child was woken.  In
 *	@clone_flags CSIGNAL is the exit signal; CLONE_NEWTIME, whose bit is one
 *	of those, is not told
 * @report_jctl: @type is CLD_STOPPED before the task takes part in a job
 *	control stop, CLD_CONTINUED after; @notify is what its parent is sent
 *	(CLD_STOPPED, CLD_CONTINUED) or 0
 * @report_exec: a new program is in place
 * @report_syscall_entry: registers may be changed, and so the call; engines
 *	are asked newest first
 * @report_syscall_exit: registers may be changed, and so the result
 * @report_exit: @code is the future exit code, @orig_code what it was before
 *	any engine changed it
 * @report_death: no stop is possible any more.  @signal is sent to the
 *	parent, or -1: the task reaps itself; or -2: a group leader whose
 *	threads live on
 * @report_reap: the task is gone for good; may run in the reaper, must not
 *	block, and is the last callback
 * @release: the last reference to the engine went; called from anywhere
 *	under rcu_read_lock(), must not sleep.  A module that sets no @owner
 *	has seen its code left for good after it counted all releases and
 *	called synchronize_rcu()
 * @report_seccomp: a filter returned SECCOMP_RET_TRACE with @data.  It returns
 *	what report_syscall_entry does, but the natural disposition is that the
 *	call fails with ENOSYS, as it does without a tracer: the first engine is
 *	called with UTRACE_SYSCALL_ABORT.  An engine takes the event by
 *	returning UTRACE_SYSCALL_RUN; one that only watches returns
 *	utrace_syscall_action() of @action.  ptrace takes it if the tracer has
 *	set PTRACE_O_TRACESECCOMP.  In a report that follows a stop,
 *	UTRACE_SYSCALL_RESUMED, @action starts as what was decided before
 * @report_vfork_done: the task goes on after vfork; @pid is the child's
 * @report_group_stop: the task took part in a group stop by @sig, or with 0
 *	the group stop is over; the answer UTRACE_STOP holds it, any other
 *	lets it run beneath the group stop
 * @report_trap: JOBCTL_TRAP_STOP or JOBCTL_TRAP_NOTIFY was set under siglock.
 *	While JOBCTL_LISTENING is set too, these end a stop that began here, and
 *	@report_trap is called again
 * @report_handler: a signal handler's frame is set up, and @regs lead to it.  An
 *	engine with UTRACE_EVENT(HANDLER) hears of it here, at once, and in no
 *	round of report_signal with UTRACE_SIGNAL_HANDLER
 * @report_stopping: the task stops, with a vote of this engine among others:
 *	nobody can see that before this returns.  It runs in the task under
 *	siglock and a lock of the layer, so it calls none of its functions
 * @report_stopped: the task is stopped, with a vote of this engine among
 *	others, and can be seen to be.  It runs in the task, which must not
 *	sleep any more; no locks are held.  A stop at UTRACE_EVENT(EXIT) of an
 *	engine that has this callback is not ended by a SIGKILL that comes
 *	then: as with ptrace, somebody was told of it
 * @leaves_fatal: the engine hears of fatal signals that get as far as the task,
 *	but does not keep one from ending the whole process when it is sent.
 *	Otherwise UTRACE_EVENT(SIGNAL_TERM) or (SIGNAL_CORE) does
 * @owner: module to pin from attach until release has returned, or NULL
 * @name: shown in /proc/PID/status, or NULL to show the owner's name
 *
 * The @action argument of each is the smallest resume action that engines
 * asked before have answered, with the result so far.  All but @report_reap,
 * @report_stopping, @report_stopped and @release run in the task itself with no
 * locks held, and may sleep.
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
	/* Not in the historic interface: */
	u32 (*report_seccomp)(u32 action, struct utrace_engine *engine,
			      struct pt_regs *regs, unsigned int data);
	u32 (*report_vfork_done)(u32 action, struct utrace_engine *engine,
				 struct pid *pid);
	u32 (*report_group_stop)(u32 action, struct utrace_engine *engine,
				 int sig);
	u32 (*report_trap)(u32 action, struct utrace_engine *engine);
	u32 (*report_handler)(u32 action, struct utrace_engine *engine,
			      struct pt_regs *regs);
	void (*report_stopping)(struct utrace_engine *engine,
				unsigned long event);
	void (*report_stopped)(struct utrace_engine *engine,
			       unsigned long event);
	bool leaves_fatal;
	struct module *owner;
	const char *name;
};

/**
 * struct utrace_examiner - state between utrace_prepare_examine() and
 *	utrace_finish_examine()
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

void utrace_move_to_end(struct task_struct *child,
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
 * @engine: an engine the caller holds a reference to, or is a callback of
 *
 * Context: any.
 */
static inline void utrace_engine_get(struct utrace_engine *engine)
{
	kref_get(&engine->kref);
}

/**
 * utrace_engine_put - drop a reference to an engine
 * @engine: an engine; not to be touched afterwards
 *
 * Dropping the last one calls the engine's release.
 *
 * Context: any; does not sleep.
 */
static inline void utrace_engine_put(struct utrace_engine *engine)
{
	kref_put(&engine->kref, __utrace_engine_release);
}

#endif /* CONFIG_UTRACE */

#endif /* _LINUX_UTRACE_H */
