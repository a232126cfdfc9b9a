// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptrace(2) as one engine.
 *
 * A tracee has one engine with these ops.  Its callbacks run in the tracee
 * and prepare a ptrace stop; ptrace_on_stopped() makes it known to the
 * tracer once the task is parked.  What tracers say comes in by the functions
 * that kernel/ptrace.c calls.
 *
 * tasklist_lock guards who traces whom, the tracee's siglock its stop: the
 * JOBCTL_TRACED bit, ->exit_code, ->last_siginfo, ->ptrace_message, and here
 * the members said to be so.
 */
#include <linux/err.h>
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/ptrace_engine.h>
#include <linux/sched/jobctl.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/task_work.h>
#include <linux/user_namespace.h>
#include <linux/utrace.h>

enum ptrace_stop_kind {
	PTRACE_NO_STOP,
	PTRACE_STOP_EVENT,	/* the tracer's signal is dropped */
	PTRACE_STOP_SYSCALL,	/* it is sent */
	PTRACE_STOP_SIGNAL,	/* it takes the place of the one reported */
	PTRACE_STOP_TRAP,	/* group stop, INTERRUPT */
};

/**
 * struct ptrace_hold - a tracer's hold on a task
 * @kind: of the stop that was entered last; under siglock, set back to
 *	%PTRACE_NO_STOP when nothing of it is left to be done
 * @armed: the callbacks asked for a stop that is still to be made known;
 *	the task's own, as what follows
 * @code: what wait() is to tell
 * @why: CLD_TRAPPED or CLD_STOPPED
 * @message: for PTRACE_GETEVENTMSG
 * @info: for PTRACE_GETSIGINFO, or NULL
 * @notice: what @info points to if there is no signal
 * @vpid: the task's number in the tracer's namespace, before an execve
 * @signr: the signal the tracer resumed the task with; under siglock
 * @resume: the resume action it asked for
 * @leaving: the tracer is gone, the engine stays for the signal; under siglock
 * @gone: the engine is about to detach itself; under siglock
 * @pins: those who are about to trace the task; under siglock
 */
struct ptrace_hold {
	enum ptrace_stop_kind kind;
	bool armed;
	int code;
	int why;
	unsigned long message;
	kernel_siginfo_t *info;
	kernel_siginfo_t notice;
	pid_t vpid;
	int signr;
	enum utrace_resume_action resume;
	bool leaving;
	bool gone;
	unsigned int pins;
};

static const struct utrace_engine_ops ptrace_ops;

/* Of a task that cannot be reaped now: current, or a tracee */
static spinlock_t *ptrace_siglock(struct task_struct *task)
{
	return &rcu_dereference_protected(task->sighand, true)->siglock;
}

static spinlock_t *current_siglock(void)
{
	return ptrace_siglock(current);
}

/* The tracee's side ------------------------------------------------------ */

/* Go on as the tracer said last. */
static u32 ptrace_go_on(struct ptrace_hold *hold)
{
	return READ_ONCE(hold->resume);
}

static pid_t ptrace_pid_for_tracer(struct pid *pid)
{
	struct pid_namespace *ns;
	pid_t nr = 0;

	rcu_read_lock();
	ns = task_active_pid_ns(rcu_dereference(current->parent));
	if (ns)
		nr = pid_nr_ns(pid, ns);
	rcu_read_unlock();
	return nr;
}

static u32 ptrace_arm(struct ptrace_hold *hold, enum ptrace_stop_kind kind,
		      int code, int why, unsigned long message,
		      kernel_siginfo_t *info)
{
	spin_lock_irq(current_siglock());
	hold->kind = kind;
	spin_unlock_irq(current_siglock());
	hold->code = code;
	hold->why = why;
	hold->message = message;
	hold->info = info;
	hold->armed = true;
	return UTRACE_STOP;
}

/* A stop that no signal is the reason of. */
static u32 ptrace_arm_notice(struct ptrace_hold *hold,
			     enum ptrace_stop_kind kind, int signr, int code,
			     int why, unsigned long message)
{
	clear_siginfo(&hold->notice);
	hold->notice.si_signo = signr;
	hold->notice.si_code = code;
	hold->notice.si_pid = task_pid_vnr(current);
	hold->notice.si_uid = from_kuid_munged(current_user_ns(), current_uid());
	return ptrace_arm(hold, kind, code, why, message, &hold->notice);
}

/* The same outside get_signal(), which runs task work by itself */
static u32 ptrace_arm_trap(struct ptrace_hold *hold, enum ptrace_stop_kind kind,
			   int code, unsigned long message)
{
	if (unlikely(task_work_pending(current)))
		task_work_run();
	return ptrace_arm_notice(hold, kind, SIGTRAP, code, CLD_TRAPPED, message);
}

static u32 ptrace_arm_event(struct ptrace_hold *hold, int event,
			    unsigned long message)
{
	if (!ptrace_event_enabled(current, event))
		return ptrace_go_on(hold);
	return ptrace_arm_trap(hold, PTRACE_STOP_EVENT, event << 8 | SIGTRAP,
			       message);
}

static u32 ptrace_arm_syscall(struct ptrace_hold *hold, unsigned long message)
{
	unsigned int ptrace = READ_ONCE(current->ptrace);

	if (!(ptrace & PT_PTRACED))
		return ptrace_go_on(hold);
	return ptrace_arm_trap(hold, PTRACE_STOP_SYSCALL,
			       SIGTRAP | (ptrace & PT_TRACESYSGOOD ? 0x80 : 0),
			       message);
}

/*
 * The task is parked in TASK_TRACED, so nothing here may sleep.  Make it a
 * ptrace stop, unless a fatal signal or the end of the tracer came first.
 * Returns whether the task has taken part in a group stop, -1 for no stop.
 */
static int ptrace_publish_stop(struct ptrace_hold *hold)
{
	int gstop = 0;

	spin_lock_irq(current_siglock());
	if (!(current->jobctl & JOBCTL_ENGINE_STOPPED) || !current->ptrace ||
	    __fatal_signal_pending(current)) {
		spin_unlock_irq(current_siglock());
		return -1;
	}
	current->jobctl |= JOBCTL_TRACED;
	/* pairs with wait_on_bit() in ptrace_attach(), before a wait() */
	smp_wmb();
	current->ptrace_message = hold->message;
	current->last_siginfo = hold->info;
	current->exit_code = hold->code;
	if (hold->why == CLD_STOPPED && (current->jobctl & JOBCTL_STOP_PENDING))
		gstop = task_participate_group_stop(current);
	task_clear_jobctl_pending(current, JOBCTL_TRAP_STOP);
	if (hold->info && hold->info->si_code >> 8 == PTRACE_EVENT_STOP)
		task_clear_jobctl_pending(current, JOBCTL_TRAP_NOTIFY);
	task_clear_jobctl_trapping(current);
	spin_unlock_irq(current_siglock());
	return gstop;
}

static void ptrace_on_stopped(struct utrace_engine *engine,
			      unsigned long event)
{
	struct ptrace_hold *hold = engine->data;
	int gstop;

	if (!hold->armed)
		return;
	hold->armed = false;
	gstop = ptrace_publish_stop(hold);
	if (gstop < 0)
		return;
	read_lock(&tasklist_lock);
	if (current->ptrace)
		do_notify_parent_cldstop(current, true, hold->why);
	if (gstop && (!current->ptrace || ptrace_reparented(current)))
		do_notify_parent_cldstop(current, false, hold->why);
	read_unlock(&tasklist_lock);
}

static u32 ptrace_on_syscall_entry(u32 action, struct utrace_engine *engine,
				   struct pt_regs *regs)
{
	return utrace_syscall_action(action) |
		ptrace_arm_syscall(engine->data, PTRACE_EVENTMSG_SYSCALL_ENTRY);
}

static u32 ptrace_on_syscall_exit(u32 action, struct utrace_engine *engine,
				  struct pt_regs *regs)
{
	return ptrace_arm_syscall(engine->data, PTRACE_EVENTMSG_SYSCALL_EXIT);
}

static u32 ptrace_on_seccomp(u32 action, struct utrace_engine *engine,
			     struct pt_regs *regs, unsigned int data)
{
	return utrace_syscall_action(action) |
		ptrace_arm_event(engine->data, PTRACE_EVENT_SECCOMP, data);
}

static u32 ptrace_on_clone(u32 action, struct utrace_engine *engine,
			   unsigned long clone_flags,
			       struct task_struct *child)
{
	int event = PTRACE_EVENT_FORK;

	if (clone_flags & CLONE_UNTRACED)
		return ptrace_go_on(engine->data);
	if (clone_flags & CLONE_VFORK)
		event = PTRACE_EVENT_VFORK;
	else if ((clone_flags & CSIGNAL) != SIGCHLD)
		event = PTRACE_EVENT_CLONE;
	return ptrace_arm_event(engine->data, event,
				ptrace_pid_for_tracer(task_pid(child)));
}

static u32 ptrace_on_vfork_done(u32 action, struct utrace_engine *engine,
				struct pid *pid)
{
	return ptrace_arm_event(engine->data, PTRACE_EVENT_VFORK_DONE,
				ptrace_pid_for_tracer(pid));
}

static u32 ptrace_on_exec(u32 action, struct utrace_engine *engine,
			  const struct linux_binfmt *fmt,
			      const struct linux_binprm *bprm,
			      struct pt_regs *regs)
{
	struct ptrace_hold *hold = engine->data;
	pid_t old = hold->vpid;

	hold->vpid = ptrace_pid_for_tracer(task_pid(current));
	if (!ptrace_event_enabled(current, PTRACE_EVENT_EXEC) &&
	    (current->ptrace & (PT_PTRACED | PT_SEIZED)) == PT_PTRACED)
		send_sig(SIGTRAP, current, 0);
	return ptrace_arm_event(hold, PTRACE_EVENT_EXEC, old);
}

static u32 ptrace_on_exit(u32 action, struct utrace_engine *engine,
			  long orig_code, long *code)
{
	return ptrace_arm_event(engine->data, PTRACE_EVENT_EXIT, *code);
}

/* JOBCTL_TRAP_STOP or JOBCTL_TRAP_NOTIFY was set. */
static u32 ptrace_on_trap(u32 action, struct utrace_engine *engine)
{
	struct signal_struct *signal = current->signal;
	struct ptrace_hold *hold = engine->data;
	unsigned int ptrace;
	bool pending;
	int signr;

	spin_lock_irq(current_siglock());
	ptrace = current->ptrace;
	pending = current->jobctl & JOBCTL_TRAP_MASK;
	signr = current->jobctl & JOBCTL_STOP_SIGMASK;
	if ((ptrace & PT_SEIZED) && !signal->group_stop_count &&
	    !(signal->flags & SIGNAL_STOP_STOPPED))
		signr = SIGTRAP;
	spin_unlock_irq(current_siglock());

	if (!ptrace || !pending)
		return ptrace_go_on(hold);
	if (!(ptrace & PT_SEIZED))
		return ptrace_arm(hold, PTRACE_STOP_TRAP, signr, CLD_STOPPED,
				  0, NULL);
	return ptrace_arm_notice(hold, PTRACE_STOP_TRAP, signr,
				 signr | PTRACE_EVENT_STOP << 8, CLD_STOPPED, 0);
}

/* The tracer chose another signal than the one that was reported. */
static void ptrace_rewrite_info(kernel_siginfo_t *info, int signr)
{
	struct task_struct *tracer;

	clear_siginfo(info);
	info->si_signo = signr;
	info->si_code = SI_USER;
	rcu_read_lock();
	tracer = rcu_dereference(current->parent);
	info->si_pid = task_pid_vnr(tracer);
	info->si_uid = from_kuid_munged(current_user_ns(), task_uid(tracer));
	rcu_read_unlock();
}

/* After a signal stop: what the tracer, or its end, has made of the signal. */
static u32 ptrace_resume_signal(struct ptrace_hold *hold,
				kernel_siginfo_t *info, bool *leave)
{
	int signr;
	bool held;

	spin_lock_irq(current_siglock());
	signr = hold->signr;
	hold->kind = PTRACE_NO_STOP;
	*leave = hold->leaving && !hold->pins;
	hold->gone = *leave;
	held = sigismember(&current->blocked, signr) ||
		fatal_signal_pending(current);
	spin_unlock_irq(current_siglock());

	if (!signr)
		return UTRACE_SIGNAL_IGN;
	if (signr != info->si_signo)
		ptrace_rewrite_info(info, signr);
	if (held)
		return UTRACE_SIGNAL_IGN | UTRACE_SIGNAL_HOLD;
	/* as reported: its own disposition, whatever that is by now */
	return signr == hold->code ? UTRACE_SIGNAL_REPORT : UTRACE_SIGNAL_DELIVER;
}

static u32 ptrace_on_signal(u32 action, struct utrace_engine *engine,
			    struct pt_regs *regs, kernel_siginfo_t *info,
				const struct k_sigaction *orig_ka,
				struct k_sigaction *return_ka)
{
	u32 result = action & (UTRACE_SIGNAL_MASK | UTRACE_SIGNAL_HOLD);
	struct ptrace_hold *hold = engine->data;
	bool leave;

	if (orig_ka) {
		if (!current->ptrace)
			return result | ptrace_go_on(hold);
		return result | ptrace_arm(hold, PTRACE_STOP_SIGNAL,
					   info->si_signo, CLD_TRAPPED, 0, info);
	}
	if (hold->kind == PTRACE_STOP_SIGNAL) {
		result = ptrace_resume_signal(hold, info, &leave);
		return result | (leave ? UTRACE_DETACH : ptrace_go_on(hold));
	}
	if (utrace_signal_action(action) == UTRACE_SIGNAL_HANDLER &&
	    current->ptrace && ptrace_go_on(hold) != UTRACE_RESUME)
		return UTRACE_SIGNAL_REPORT |
			ptrace_arm_trap(hold, PTRACE_STOP_EVENT, SIGTRAP, 0);
	return result | ptrace_go_on(hold);
}

static u32 ptrace_on_quiesce(u32 action, struct utrace_engine *engine,
			     unsigned long event)
{
	return ptrace_go_on(engine->data);
}

static void ptrace_release(void *data)
{
	kfree(data);
}

static const struct utrace_engine_ops ptrace_ops = {
	.report_quiesce = ptrace_on_quiesce,
	.report_signal = ptrace_on_signal,
	.report_clone = ptrace_on_clone,
	.report_exec = ptrace_on_exec,
	.report_syscall_entry = ptrace_on_syscall_entry,
	.report_syscall_exit = ptrace_on_syscall_exit,
	.report_exit = ptrace_on_exit,
	.report_seccomp = ptrace_on_seccomp,
	.report_vfork_done = ptrace_on_vfork_done,
	.report_trap = ptrace_on_trap,
	.report_stopped = ptrace_on_stopped,
	.release = ptrace_release,
	.name = "ptrace",
};

/* The tracer's side ------------------------------------------------------ */

/* The engine of a tracee, counted, or NULL. */
static struct utrace_engine *ptrace_engine_get(struct task_struct *task)
{
	struct utrace_engine *engine;

	engine = utrace_attach_task(task, UTRACE_ATTACH_MATCH_OPS, &ptrace_ops,
				    NULL);
	return IS_ERR(engine) ? NULL : engine;
}

/* Events for the options in @ptrace, and for the request that resumes. */
static unsigned long ptrace_events(unsigned int ptrace, long request)
{
	unsigned long events = UTRACE_EVENT_SIGNAL_ALL | UTRACE_EVENT(TRAP) |
		UTRACE_EVENT(EXEC);

	if (ptrace & (PT_TRACE_FORK | PT_TRACE_VFORK | PT_TRACE_CLONE))
		events |= UTRACE_EVENT(CLONE);
	if (ptrace & PT_TRACE_VFORK_DONE)
		events |= UTRACE_EVENT(VFORK_DONE);
	if (ptrace & PT_TRACE_EXIT)
		events |= UTRACE_EVENT(EXIT);
	if (ptrace & PT_TRACE_SECCOMP)
		events |= UTRACE_EVENT(SECCOMP);
	switch (request) {
	case PTRACE_SYSCALL:
		return events | UTRACE_EVENT_SYSCALL;
	case PTRACE_SYSEMU:
		return events | UTRACE_EVENT(SYSCALL_ENTRY);
	case PTRACE_SYSEMU_SINGLESTEP:
		events |= UTRACE_EVENT(SYSCALL_ENTRY);
		fallthrough;
	case PTRACE_SINGLESTEP:
	case PTRACE_SINGLEBLOCK:
		/* the layer wants it of those who step */
		return events | UTRACE_EVENT(QUIESCE);
	}
	return events;
}

static void ptrace_set_events(struct task_struct *task,
			      struct utrace_engine *engine,
			      unsigned long events)
{
	int ret;

	if (engine->flags == events)
		return;
	/* it may be dying; a callback that runs may do so by the old mask */
	ret = utrace_set_events(task, engine, events);
	(void)ret;
}

/* Keep the engine from leaving, unless it is doing so. */
static bool ptrace_pin(struct task_struct *task, struct utrace_engine *engine)
{
	struct ptrace_hold *hold = engine->data;
	unsigned long flags;
	bool pinned;

	/* a dead task is refused later on */
	if (!lock_task_sighand(task, &flags))
		return true;
	pinned = !hold->gone;
	if (pinned)
		hold->pins++;
	unlock_task_sighand(task, &flags);
	return pinned;
}

/**
 * ptrace_engine_prepare - attach the engine to a task that will be traced
 * @task: the task
 *
 * Takes over an engine that stayed behind to deliver a signal; one that is
 * leaving already is waited for.
 *
 * Context: sleeps.
 * Return: 0; ptrace_engine_unprepare() is to follow;
 * or %-ENOMEM, %-EPERM (dead), %-ERESTARTNOINTR.
 */
int ptrace_engine_prepare(struct task_struct *task)
{
	struct utrace_engine *engine;
	struct ptrace_hold *hold;
	bool pinned;
	int ret;

	do {
		hold = kzalloc(sizeof(*hold), GFP_KERNEL);
		if (!hold)
			return -ENOMEM;
		hold->resume = UTRACE_RESUME;
		engine = utrace_attach_task(task, UTRACE_ATTACH_CREATE |
					    UTRACE_ATTACH_MATCH_OPS,
					    &ptrace_ops, hold);
		if (IS_ERR(engine) || engine->data != hold)
			kfree(hold);
		if (IS_ERR(engine))
			return PTR_ERR(engine) == -ESRCH ? -EPERM :
							   PTR_ERR(engine);
		pinned = ptrace_pin(task, engine);
		ret = pinned ? 0 : utrace_barrier(task, engine);
		utrace_engine_put(engine);
		if (ret == -ERESTARTSYS)
			return -ERESTARTNOINTR;
	} while (!pinned);
	return 0;
}

/* Returns whether the engine is of no use to anybody. */
static bool ptrace_unpin(struct task_struct *task, struct ptrace_hold *hold)
{
	unsigned long flags;
	bool unused;

	if (!lock_task_sighand(task, &flags))
		return false;
	hold->pins--;
	unused = !hold->pins && !task->ptrace && !hold->leaving;
	if (task->ptrace)
		hold->leaving = false;
	unlock_task_sighand(task, &flags);
	return unused;
}

static void ptrace_engine_detach(struct task_struct *task,
				 struct utrace_engine *engine)
{
	int ret = utrace_control(task, engine, UTRACE_DETACH);

	/* a callback still running finds that nobody traces */
	(void)ret;
}

/* The task is traced now; tasklist_lock held, or nobody can see the task. */
void ptrace_engine_commit(struct task_struct *task)
{
	struct utrace_engine *engine = ptrace_engine_get(task);
	struct task_struct *tracer;
	struct ptrace_hold *hold;

	if (!engine)
		return;
	hold = engine->data;
	hold->resume = UTRACE_RESUME;
	rcu_read_lock();
	tracer = rcu_dereference(task->parent);
	hold->vpid = task_pid_nr_ns(task, task_active_pid_ns(tracer));
	rcu_read_unlock();
	ptrace_set_events(task, engine, ptrace_events(task->ptrace, 0));
	utrace_engine_put(engine);
}

/* What ptrace_engine_prepare() was for is done, or will not be. */
void ptrace_engine_unprepare(struct task_struct *task)
{
	struct utrace_engine *engine = ptrace_engine_get(task);

	if (!engine)
		return;
	if (ptrace_unpin(task, engine->data))
		ptrace_engine_detach(task, engine);
	utrace_engine_put(engine);
}

/* PTRACE_SETOPTIONS; the task is in a stop */
void ptrace_engine_set_options(struct task_struct *task)
{
	struct utrace_engine *engine = ptrace_engine_get(task);

	if (!engine)
		return;
	ptrace_set_events(task, engine, ptrace_events(task->ptrace, 0));
	utrace_engine_put(engine);
}

/* The end of a ptrace stop: returns what to send.  siglock held. */
static int ptrace_end_stop(struct task_struct *task, struct ptrace_hold *hold,
			   int signr)
{
	int send = hold->kind == PTRACE_STOP_SYSCALL ? signr : 0;

	hold->signr = signr;
	if (hold->kind != PTRACE_STOP_SIGNAL)
		hold->kind = PTRACE_NO_STOP;
	task->jobctl &= ~JOBCTL_TRACED;
	task->last_siginfo = NULL;
	task->ptrace_message = 0;
	task->exit_code = 0;
	return send;
}

static enum utrace_resume_action ptrace_resume_action(long request)
{
	switch (request) {
	case PTRACE_SINGLESTEP:
	case PTRACE_SYSEMU_SINGLESTEP:
		return arch_has_single_step() ? UTRACE_SINGLESTEP : UTRACE_STOP;
	case PTRACE_SINGLEBLOCK:
		return arch_has_block_step() ? UTRACE_BLOCKSTEP : UTRACE_STOP;
	default:
		return UTRACE_RESUME;
	}
}

/**
 * ptrace_engine_resume - PTRACE_CONT and its kin
 * @task: a tracee of current, frozen in its stop
 * @request: which of them
 * @data: signal
 *
 * Return: 0, or %-EIO: no such signal, or no such step.
 */
int ptrace_engine_resume(struct task_struct *task, long request,
			 unsigned long data)
{
	enum utrace_resume_action resume = ptrace_resume_action(request);
	struct utrace_engine *engine;
	struct ptrace_hold *hold;
	int send, ret;

	if (!valid_signal(data) || resume == UTRACE_STOP)
		return -EIO;
	engine = ptrace_engine_get(task);
	if (WARN_ON_ONCE(!engine))
		return -EIO;
	hold = engine->data;
	if (request == PTRACE_SYSEMU || request == PTRACE_SYSEMU_SINGLESTEP)
		set_task_syscall_work(task, SYSCALL_EMU);
	else
		clear_task_syscall_work(task, SYSCALL_EMU);
	ptrace_set_events(task, engine, ptrace_events(task->ptrace, request));
	hold->resume = resume;

	spin_lock_irq(ptrace_siglock(task));
	send = ptrace_end_stop(task, hold, data);
	spin_unlock_irq(ptrace_siglock(task));
	if (send)
		send_sig(send, task, 1);

	/* a fatal signal may have come first */
	ret = utrace_control(task, engine, resume);
	(void)ret;
	utrace_engine_put(engine);
	return 0;
}

/*
 * The group stop that is in effect goes on without the tracer; siglock held.
 * Returns whether the task is to be woken for it.
 */
static bool ptrace_restore_group_stop(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;

	if (!(task->flags & PF_EXITING) &&
	    ((signal->flags & SIGNAL_STOP_STOPPED) || signal->group_stop_count)) {
		task->jobctl |= JOBCTL_STOP_PENDING;
		/* cloned by a tracee that ran in a stopped group */
		if (!(task->jobctl & JOBCTL_STOP_SIGMASK))
			task->jobctl |= SIGSTOP;
	}
	return task->jobctl & JOBCTL_STOP_PENDING;
}

/**
 * ptrace_engine_unlink - nobody traces the task any more
 * @task: it is no longer on its tracer's list
 *
 * The task may be in any state.  In a stop its ->exit_code is the signal to
 * go on with: what PTRACE_DETACH said, else what the stop was for.
 *
 * Context: tasklist_lock write-held.
 */
void ptrace_engine_unlink(struct task_struct *task)
{
	struct utrace_engine *engine = ptrace_engine_get(task);
	struct ptrace_hold *hold = engine ? engine->data : NULL;
	bool traced, leave = false;
	int send = 0;

	spin_lock(ptrace_siglock(task));
	task->ptrace = 0;
	task_clear_jobctl_pending(task, JOBCTL_TRAP_MASK);
	task_clear_jobctl_trapping(task);
	traced = task_is_traced(task);
	if (hold) {
		if (traced)
			send = ptrace_end_stop(task, hold, task->exit_code);
		/* what becomes of a signal only the engine can say */
		leave = hold->kind == PTRACE_STOP_SIGNAL;
		hold->leaving = leave;
		hold->resume = UTRACE_RESUME;
		leave |= hold->pins;
	}
	/* out of a stop it looks for signals, as if it had been woken by one */
	if (ptrace_restore_group_stop(task) || traced)
		signal_wake_up(task, 0);
	spin_unlock(ptrace_siglock(task));

	if (!engine)
		return;
	if (send && valid_signal(send))
		send_sig(send, task, 1);
	if (leave) {
		int ret = utrace_control(task, engine, UTRACE_RESUME);

		(void)ret;	/* it may be dying */
	} else {
		ptrace_engine_detach(task, engine);
	}
	utrace_engine_put(engine);
}

/*
 * Something a seized tracee's tracer wants to hear of: bring it to a trap.
 * siglock held, perhaps in an interrupt.
 */
void ptrace_engine_trap_notify(struct task_struct *task)
{
	lockdep_assert_held(ptrace_siglock(task));
	task_set_jobctl_pending(task, JOBCTL_TRAP_NOTIFY);
	ptrace_signal_wake_up(task, task->jobctl & JOBCTL_LISTENING);
}

/* fork -------------------------------------------------------------------- */

/**
 * ptrace_engine_fork - prepare a child to be traced from its birth
 * @child: nobody can see it yet
 * @trace: it is to be traced if its creator is when it becomes visible
 *
 * Context: sleeps.
 * Return: 0 or an error, for want of memory: the fork fails.
 */
int ptrace_engine_fork(struct task_struct *child, bool trace)
{
	struct utrace_engine *engine;
	int ret;

	if (likely(!trace || !current->ptrace))
		return 0;
	ret = ptrace_engine_prepare(child);
	if (ret)
		return ret;
	engine = ptrace_engine_get(child);
	ptrace_set_events(child, engine, ptrace_events(current->ptrace, 0));
	utrace_engine_put(engine);
	return 0;
}

/* The child is visible and has not run yet; no locks held. */
void ptrace_engine_fork_done(struct task_struct *child)
{
	if (likely(!rcu_access_pointer(child->utrace)))
		return;
	if (child->ptrace)
		ptrace_engine_commit(child);
	ptrace_engine_unprepare(child);
}

/* copy_process() fails; ->ptrace is still that of the parent. */
void ptrace_engine_fork_failed(struct task_struct *child)
{
	struct utrace_engine *engine;

	if (likely(!rcu_access_pointer(child->utrace)))
		return;
	engine = ptrace_engine_get(child);
	if (!engine)
		return;
	ptrace_engine_detach(child, engine);
	utrace_engine_put(engine);
}
