// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptrace(2) as one engine of the tracee.
 *
 * The callbacks run in the tracee and prepare a ptrace stop.  Then
 * ptrace_on_stopping() publishes the stop and ptrace_on_stopped() notifies the
 * tracer.  kernel/ptrace.c calls the functions that follow the ops.
 *
 * tasklist_lock protects the relation of tracer and tracee.  The tracee's
 * siglock protects its stop: JOBCTL_TRACED and the stop's fields in struct
 * ptrace_hold.
 */
#include <linux/err.h>
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/sched/jobctl.h>
#include <linux/sched/signal.h>
#include <linux/task_work.h>
#include <linux/user_namespace.h>

#include "ptrace-utrace.h"

/* Returns the resume action of the tracer's last request. */
static u32 ptrace_go_on(struct ptrace_hold *hold)
{
	return READ_ONCE(hold->resume);
}

static pid_t ptrace_pid_for_tracer(struct ptrace_hold *hold, struct pid *pid)
{
	struct task_struct *tracer;
	struct pid_namespace *ns;
	pid_t nr = 0;

	rcu_read_lock();
	tracer = rcu_dereference(hold->head.tracer);
	ns = tracer ? task_active_pid_ns(tracer) : NULL;
	if (ns)
		nr = pid_nr_ns(pid, ns);
	rcu_read_unlock();
	return nr;
}

static u32 ptrace_arm(struct ptrace_hold *hold, enum ptrace_stop_kind kind,
		      int code, int why, unsigned long message,
		      kernel_siginfo_t *info)
{
	hold->next = (struct ptrace_stop){
		.code = code, .message = message, .info = info,
	};
	hold->next_kind = kind;
	hold->why = why;
	hold->armed = true;
	return UTRACE_STOP;
}

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

/* Outside get_signal() pending task work has to run before the stop. */
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
	if (!(READ_ONCE(hold->flags) & PT_EVENT_FLAG(event)))
		return ptrace_go_on(hold);
	return ptrace_arm_trap(hold, PTRACE_STOP_EVENT, event << 8 | SIGTRAP,
			       message);
}

static u32 ptrace_arm_syscall(struct ptrace_hold *hold, unsigned long message)
{
	unsigned int flags = READ_ONCE(hold->flags);

	if (!(flags & PT_PTRACED))
		return ptrace_go_on(hold);
	return ptrace_arm_trap(hold, PTRACE_STOP_SYSCALL,
			       SIGTRAP | (flags & PT_TRACESYSGOOD ? 0x80 : 0),
			       message);
}

/*
 * Name the group stop in effect, else SIGTRAP.  Runs under the siglock that
 * clears JOBCTL_TRAP_NOTIFY: a later SIGCONT or stop sets the bit again.
 */
static void ptrace_name_trap(struct ptrace_hold *hold)
{
	struct signal_struct *signal = current->signal;
	int signr = current->jobctl & JOBCTL_STOP_SIGMASK;

	hold->next.code = signr;
	if (!hold->next.info)
		return;
	if (!signal->group_stop_count &&
	    !(signal->flags & SIGNAL_STOP_STOPPED))
		signr = SIGTRAP;
	hold->next.code = signr | PTRACE_EVENT_STOP << 8;
	hold->notice.si_signo = signr;
	hold->notice.si_code = hold->next.code;
}

/* siglock held.  Returns whether to notify the real parent of a group stop. */
static int ptrace_answer_jobctl(struct ptrace_hold *hold)
{
	int gstop = 0;

	if (hold->why == CLD_STOPPED && (current->jobctl & JOBCTL_STOP_PENDING))
		gstop = task_participate_group_stop(current);
	if (current->jobctl & JOBCTL_TRAP_STOP)
		task_clear_jobctl_pending(current, JOBCTL_TRAP_STOP);
	/* Test the kind: the siginfo of a signal may look like a trap's. */
	if (hold->next_kind == PTRACE_STOP_TRAP && hold->next.info)
		task_clear_jobctl_pending(current, JOBCTL_TRAP_NOTIFY);
	task_clear_jobctl_trapping(current);
	return gstop;
}

/*
 * siglock held.  Returns -1, for no stop, if the tracer has detached before, or
 * another one has attached in the other way since the trap was armed.
 */
static int ptrace_publish_stop(struct ptrace_hold *hold)
{
	int gstop = 0;

	if (!ptrace_hold_traces(hold) ||
	    (hold->next_kind == PTRACE_STOP_TRAP &&
	     !hold->next.info != !(hold->flags & PT_SEIZED)))
		return -1;
	current->jobctl |= JOBCTL_TRACED;
	/* TRACED before wait(); pairs with wait_on_bit() in ptrace_attach() */
	smp_wmb();
	if (hold->next_kind == PTRACE_STOP_TRAP)
		ptrace_name_trap(hold);
	hold->stop = hold->next;
	hold->told = false;
	/* If the tracer exits later, the engine stays to deliver the signal. */
	hold->kind = hold->next_kind;
	if (unlikely(current->jobctl & (JOBCTL_STOP_PENDING | JOBCTL_TRAP_MASK |
					JOBCTL_TRAPPING)))
		gstop = ptrace_answer_jobctl(hold);
	return gstop;
}

/* siglock held: nobody can see the task in TASK_TRACED before this. */
static void ptrace_on_stopping(struct utrace_engine *engine,
			       unsigned long event)
{
	struct ptrace_hold *hold = engine->data;

	if (hold->armed)
		hold->gstop = ptrace_publish_stop(hold);
}

/* An engine that is detached already, or a dying task, makes no difference. */
void ptrace_control(struct task_struct *task, struct utrace_engine *engine,
		    enum utrace_resume_action action)
{
	int ret = utrace_control(task, engine, action);

	(void)ret;
}

static void ptrace_on_stopped(struct utrace_engine *engine,
			      unsigned long event)
{
	struct ptrace_hold *hold = engine->data;

	if (!hold->armed)
		return;
	hold->armed = false;
	if (hold->gstop < 0) {
		/* The tracer detached before: a new one expects no stop. */
		ptrace_control(current, engine, UTRACE_RESUME);
		return;
	}
	read_lock(&tasklist_lock);
	if (ptrace_hold_traces(hold))
		do_notify_parent_cldstop(current, true, hold->why);
	if (hold->gstop && (!current->ptrace || ptrace_reparented(current)))
		do_notify_parent_cldstop(current, false, hold->why);
	hold->gstop = 0;
	read_unlock(&tasklist_lock);
	/* pairs with smp_load_acquire() in ptrace_may_go_on() */
	smp_store_release(&hold->told, true);
}

static u32 ptrace_on_syscall_entry(u32 action, struct utrace_engine *engine,
				   struct pt_regs *regs)
{
	/* Reported again for another engine: the tracer has seen this entry. */
	if (action & UTRACE_SYSCALL_RESUMED)
		return utrace_syscall_action(action) |
			ptrace_go_on(engine->data);
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
	struct ptrace_hold *hold = engine->data;

	if (action & UTRACE_SYSCALL_RESUMED)
		return utrace_syscall_action(action) | ptrace_go_on(hold);
	/* No tracer yet, or none any more: the event is not taken. */
	if (!(READ_ONCE(hold->flags) & PT_TRACE_SECCOMP))
		return UTRACE_SYSCALL_ABORT | ptrace_go_on(hold);
	return utrace_syscall_action(action) |
		ptrace_arm_event(hold, PTRACE_EVENT_SECCOMP, data);
}

/* Attached in copy_process(), which may fail; now gets the parent's order. */
static void ptrace_order_child(struct task_struct *child)
{
	struct utrace_engine *engine;

	engine = utrace_attach_builtin(child, UTRACE_ATTACH_MATCH_OPS,
				       &ptrace_engine_ops, NULL, 0);
	if (IS_ERR(engine))
		return;
	utrace_move_to_end(child, engine);
	utrace_engine_put(engine);
}

static u32 ptrace_on_clone(u32 action, struct utrace_engine *engine,
			   unsigned long clone_flags, struct task_struct *child)
{
	struct ptrace_hold *hold = engine->data;
	int event = PTRACE_EVENT_FORK;

	/* A tracer that attached during the clone does not see the event. */
	if ((clone_flags & CLONE_UNTRACED) || !child->ptrace)
		return ptrace_go_on(hold);
	ptrace_order_child(child);
	if (clone_flags & CLONE_VFORK)
		event = PTRACE_EVENT_VFORK;
	else if ((clone_flags & CSIGNAL) != SIGCHLD)
		event = PTRACE_EVENT_CLONE;
	return ptrace_arm_event(hold, event,
				ptrace_pid_for_tracer(hold, task_pid(child)));
}

static u32 ptrace_on_vfork_done(u32 action, struct utrace_engine *engine,
				struct pid *pid)
{
	return ptrace_arm_event(engine->data, PTRACE_EVENT_VFORK_DONE,
				ptrace_pid_for_tracer(engine->data, pid));
}

static u32 ptrace_on_exec(u32 action, struct utrace_engine *engine,
			  const struct linux_binfmt *fmt,
			      const struct linux_binprm *bprm,
			      struct pt_regs *regs)
{
	struct ptrace_hold *hold = engine->data;
	pid_t old;

	if (!ptrace_hold_traces(hold))
		return ptrace_go_on(hold);
	old = hold->vpid;
	hold->vpid = ptrace_pid_for_tracer(hold, task_pid(current));
	/* Linked, not committed: the tracer attached to the present number. */
	old = old ?: hold->vpid;
	if (!(hold->flags & PT_EVENT_FLAG(PTRACE_EVENT_EXEC)) &&
	    (hold->flags & (PT_PTRACED | PT_SEIZED)) == PT_PTRACED)
		send_sig(SIGTRAP, current, 0);
	return ptrace_arm_event(hold, PTRACE_EVENT_EXEC, old);
}

static u32 ptrace_on_exit(u32 action, struct utrace_engine *engine,
			  long orig_code, long *code)
{
	return ptrace_arm_event(engine->data, PTRACE_EVENT_EXIT, *code);
}

/* ptrace_publish_stop() finds out later why a JOBCTL_TRAP_* bit was set. */
static u32 ptrace_on_trap(u32 action, struct utrace_engine *engine)
{
	struct ptrace_hold *hold = engine->data;
	unsigned int flags = READ_ONCE(hold->flags);

	if (!flags || !(READ_ONCE(current->jobctl) & JOBCTL_TRAP_MASK))
		return ptrace_go_on(hold);
	if (!(flags & PT_SEIZED))
		return ptrace_arm(hold, PTRACE_STOP_TRAP, 0, CLD_STOPPED, 0,
				  NULL);
	return ptrace_arm_notice(hold, PTRACE_STOP_TRAP, 0, 0, CLD_STOPPED, 0);
}

static void ptrace_rewrite_info(struct ptrace_hold *hold,
				kernel_siginfo_t *info, int signr)
{
	struct task_struct *tracer;

	clear_siginfo(info);
	info->si_signo = signr;
	info->si_code = SI_USER;
	rcu_read_lock();
	/* If the tracer has exited, its choice is sent by ->parent. */
	tracer = rcu_dereference(hold->head.tracer) ?: rcu_dereference(current->parent);
	info->si_pid = task_pid_vnr(tracer);
	info->si_uid = from_kuid_munged(current_user_ns(), task_uid(tracer));
	rcu_read_unlock();
}

/* siglock held.  Returns whether to detach, which a tracer to come prevents. */
static bool ptrace_part(struct ptrace_hold *hold)
{
	bool leave = hold->leaving && !hold->pins;

	hold->kind = PTRACE_NO_STOP;
	hold->leaving = false;
	if (leave)
		ptrace_drop_hold(hold);
	return leave;
}

/* After a signal stop: act on the signal that the tracer or its exit chose. */
static noinline u32 ptrace_resume_signal(struct ptrace_hold *hold,
					 kernel_siginfo_t *info)
{
	bool held = false, leave;
	u32 resume;
	int signr;

	spin_lock_irq(current_siglock());
	signr = hold->signr;
	if (unlikely(hold->stop.info)) {
		/* Woken by a trap or SIGKILL: no wait() has consumed this. */
		signr = hold->stop.code;
		hold->stop = (struct ptrace_stop){ };
	}
	leave = ptrace_part(hold);
	if (signr)
		held = sigismember(&current->blocked, signr) ||
			fatal_signal_pending(current);
	spin_unlock_irq(current_siglock());
	resume = leave ? UTRACE_DETACH : ptrace_go_on(hold);
	if (!signr)
		return resume | UTRACE_SIGNAL_IGN;
	if (signr != info->si_signo)
		ptrace_rewrite_info(hold, info, signr);
	if (held)
		return resume | UTRACE_SIGNAL_IGN | UTRACE_SIGNAL_HOLD;
	/* An unchanged signal is handled by its present sigaction. */
	return resume | (signr == hold->next.code ? UTRACE_SIGNAL_REPORT :
						    UTRACE_SIGNAL_DELIVER);
}

static u32 ptrace_on_signal(u32 action, struct utrace_engine *engine,
			    struct pt_regs *regs, kernel_siginfo_t *info,
				const struct k_sigaction *orig_ka,
				struct k_sigaction *return_ka)
{
	u32 result = action & (UTRACE_SIGNAL_MASK | UTRACE_SIGNAL_HOLD);
	struct ptrace_hold *hold = engine->data;

	if (orig_ka) {
		if (!ptrace_hold_traces(hold))
			return result | ptrace_go_on(hold);
		return result | ptrace_arm(hold, PTRACE_STOP_SIGNAL,
					   info->si_signo, CLD_TRAPPED, 0, info);
	}
	if (hold->kind == PTRACE_STOP_SIGNAL)
		return ptrace_resume_signal(hold, info);
	return result | ptrace_go_on(hold);
}

/* A step that enters a handler is reported as a trap. */
static u32 ptrace_on_handler(u32 action, struct utrace_engine *engine,
			     struct pt_regs *regs)
{
	struct ptrace_hold *hold = engine->data;

	if (ptrace_go_on(hold) == UTRACE_RESUME || !ptrace_hold_traces(hold))
		return ptrace_go_on(hold);
	return ptrace_arm_trap(hold, PTRACE_STOP_EVENT, SIGTRAP, 0);
}

/*
 * A system call stop ended with a signal.  The task itself sends it after the
 * stop, so that a task it wakes runs later.  Once the tracer has detached, the
 * signal is ignored or kills the process at once, like any other.
 */
static noinline u32 ptrace_send_signal(struct ptrace_hold *hold)
{
	bool leave;
	int signr;

	spin_lock_irq(current_siglock());
	signr = hold->signr;
	leave = ptrace_part(hold);
	spin_unlock_irq(current_siglock());
	send_sig(signr, current, 1);
	return leave ? UTRACE_DETACH : ptrace_go_on(hold);
}

static u32 ptrace_on_quiesce(u32 action, struct utrace_engine *engine,
			     unsigned long event)
{
	struct ptrace_hold *hold = engine->data;

	/* A killed task does not send it; its parent may be reaping it now. */
	if (unlikely(READ_ONCE(hold->kind) == PTRACE_STOP_LEFT) &&
	    event != UTRACE_EVENT(DEATH))
		return ptrace_send_signal(hold);
	return ptrace_go_on(hold);
}

static void ptrace_on_reap(struct utrace_engine *engine,
			   struct task_struct *task)
{
	ptrace_hold_reaped(task, engine->data);
}

static const struct utrace_builtin_ops ptrace_builtin_ops = {
	.report_trap = ptrace_on_trap,
	.report_stopping = ptrace_on_stopping,
	.report_stopped = ptrace_on_stopped,
	/* complete_signal() tests ->ptrace of the target instead */
	.leaves_fatal = true,
};

const struct utrace_engine_ops ptrace_engine_ops = {
	.report_quiesce = ptrace_on_quiesce,
	.report_signal = ptrace_on_signal,
	.report_clone = ptrace_on_clone,
	.report_exec = ptrace_on_exec,
	.report_syscall_entry = ptrace_on_syscall_entry,
	.report_syscall_exit = ptrace_on_syscall_exit,
	.report_exit = ptrace_on_exit,
	.report_seccomp = ptrace_on_seccomp,
	.report_vfork_done = ptrace_on_vfork_done,
	.report_handler = ptrace_on_handler,
	.report_reap = ptrace_on_reap,
	.release = ptrace_free_hold,
	.builtin = &ptrace_builtin_ops,
	.name = "ptrace",
};

/* Returns the events for the options in @flags and for a resuming @request. */
unsigned long ptrace_events(unsigned int flags, long request)
{
	/* CLONE is needed without an option, too: for CLONE_PTRACE. */
	unsigned long events = UTRACE_EVENT_SIGNAL_ALL |
		UTRACE_EVENT(HANDLER) | UTRACE_EVENT(TRAP) |
		UTRACE_EVENT(EXEC) | UTRACE_EVENT(REAP) | UTRACE_EVENT(CLONE);

	if (flags & PT_TRACE_VFORK_DONE)
		events |= UTRACE_EVENT(VFORK_DONE);
	if (flags & PT_TRACE_EXIT)
		events |= UTRACE_EVENT(EXIT);
	if (flags & PT_TRACE_SECCOMP)
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
		/* utrace_control() requires it for a step */
		return events | UTRACE_EVENT(QUIESCE);
	}
	return events;
}

void ptrace_set_events(struct task_struct *task, struct utrace_engine *engine,
		       unsigned long events)
{
	int ret;

	if (engine->flags == events)
		return;
	/* The task may be dying.  A running callback may see the old mask. */
	ret = utrace_set_events(task, engine, events);
	(void)ret;
}

/* ptrace_attach() misses a group stop that engines interrupted: trap for it. */
static void ptrace_trap_held(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;
	unsigned long flags;

	if (!lock_task_sighand(task, &flags))
		return;
	if ((task->jobctl & (JOBCTL_ENGINE_STOPPED | JOBCTL_ENGINE_TRAP)) &&
	    !(task->jobctl & JOBCTL_TRACED) &&
	    ((signal->flags & SIGNAL_STOP_STOPPED) || signal->group_stop_count))
		task_set_jobctl_pending(task, JOBCTL_TRAP_STOP);
	unlock_task_sighand(task, &flags);
}

/* @task is linked to its tracer; tasklist_lock held. */
void ptrace_engine_commit(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);
	struct task_struct *tracer;
	unsigned long events;

	hold->resume = UTRACE_RESUME;
	hold->request = 0;
	rcu_read_lock();
	tracer = rcu_dereference(hold->head.tracer);
	if (tracer)
		hold->vpid = task_pid_nr_ns(task, task_active_pid_ns(tracer));
	rcu_read_unlock();
	events = ptrace_events(task->ptrace, 0);
	/* The previous tracer left a signal that is not sent yet. */
	if (READ_ONCE(hold->kind) == PTRACE_STOP_LEFT)
		events |= UTRACE_EVENT(QUIESCE);
	ptrace_set_events(task, hold->engine, events);
	ptrace_trap_held(task);
}

/* PTRACE_SETOPTIONS: @task is frozen in its stop. */
void ptrace_engine_set_options(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	hold->flags = task->ptrace;
	hold->request = 0;
	ptrace_set_events(task, hold->engine, ptrace_events(hold->flags, 0));
}

/* siglock held.  Returns whether to send SIGKILL now; the task sends others. */
static bool ptrace_end_stop(struct task_struct *task, struct ptrace_hold *hold,
			    int signr)
{
	bool send = hold->kind == PTRACE_STOP_SYSCALL && signr &&
		valid_signal(signr);

	hold->signr = signr;
	if (send && signr != SIGKILL)
		hold->kind = PTRACE_STOP_LEFT;
	else if (hold->kind != PTRACE_STOP_SIGNAL)
		hold->kind = PTRACE_NO_STOP;
	task->jobctl &= ~JOBCTL_TRACED;
	hold->stop = (struct ptrace_stop){ };
	return send && signr == SIGKILL;
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

/* Returns -EIO if the architecture lacks the step that @request needs. */
static int ptrace_change_request(struct task_struct *task,
				 struct ptrace_hold *hold, long request)
{
	enum utrace_resume_action resume = ptrace_resume_action(request);

	if (resume == UTRACE_STOP)
		return -EIO;
	if (request == PTRACE_SYSEMU || request == PTRACE_SYSEMU_SINGLESTEP)
		set_task_syscall_work(task, SYSCALL_EMU);
	else
		clear_task_syscall_work(task, SYSCALL_EMU);
	ptrace_set_events(task, hold->engine,
			  ptrace_events(hold->flags, request));
	hold->resume = resume;
	hold->request = request;
	return 0;
}

/* Valid once: the next resuming request, or SETOPTIONS, sets other events. */
static void ptrace_ask_quiesce(struct task_struct *task,
			       struct ptrace_hold *hold, long request)
{
	ptrace_set_events(task, hold->engine, UTRACE_EVENT(QUIESCE) |
			  ptrace_events(hold->flags, request));
	hold->request = 0;
}

/* @task is current's tracee, frozen in its stop.  -EIO: bad signal or step. */
int ptrace_engine_resume(struct task_struct *task, long request,
			 unsigned long data)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);
	struct utrace_engine *engine = hold->engine;
	enum utrace_resume_action resume;
	bool kill, sends;
	int ret;

	if (!valid_signal(data))
		return -EIO;
	if (hold->request != request) {
		ret = ptrace_change_request(task, hold, request);
		if (ret)
			return ret;
	}
	sends = data && data != SIGKILL && hold->kind == PTRACE_STOP_SYSCALL;
	if (sends)
		ptrace_ask_quiesce(task, hold, request);
	resume = sends ? UTRACE_REPORT : hold->resume;
	/* Out of its stop, @task may exit and be reaped by another thread. */
	utrace_engine_get(engine);
	spin_lock_irq(ptrace_siglock(task));
	kill = ptrace_end_stop(task, hold, data);
	spin_unlock_irq(ptrace_siglock(task));
	if (kill)
		send_sig(SIGKILL, task, 1);
	ptrace_control(task, engine, resume);
	utrace_engine_put(engine);
	return 0;
}

/* Does the last request, as cached in @hold, resume @task?  siglock held. */
static bool ptrace_may_go_on(struct task_struct *task, struct ptrace_hold *hold,
			     long request, unsigned long data)
{
	return rcu_access_pointer(hold->head.tracer) == current &&
		/* read after ->tracer: an attaching tracer may write it */
		hold->request == request &&
		task_is_traced(task) && !(task->jobctl & JOBCTL_LISTENING) &&
		!__fatal_signal_pending(task) && valid_signal(data) &&
		/* looks_like_a_spurious_pid() tests an event */
		!(hold->stop.code >> 8) &&
		!(data && hold->kind == PTRACE_STOP_SYSCALL) &&
		/* SIGCHLD reads the stop; pairs with ptrace_on_stopped() */
		smp_load_acquire(&hold->told);
}

/*
 * The fast path of PTRACE_CONT and others.  A repeated request changes nothing
 * in @task, which may be on its CPU and is frozen only until it is woken.
 * @task need not be a tracee.  Returns false if nothing is done: use the slow
 * path, which also finds errors.
 */
bool __ptrace_engine_go_on(struct task_struct *task, long request,
			   unsigned long data)
{
	enum utrace_resume_action resume;
	struct utrace_engine *engine;
	struct sighand_struct *sighand;
	struct ptrace_hold *hold;
	bool go = false;

	if (!READ_ONCE(task->ptrace))
		return false;
	/* Out of its stop, @task may exit and be reaped by another thread. */
	rcu_read_lock();
	/* No tasklist_lock: tracers detach under siglock, attach in no stop. */
	sighand = rcu_dereference(task->sighand);
	if (unlikely(!sighand))
		goto out;
	spin_lock_irq(&sighand->siglock);
	/* As in lock_task_sighand(): an execve may have changed ->sighand. */
	hold = sighand == rcu_access_pointer(task->sighand) ?
		ptrace_hold_of(task) : NULL;
	go = hold && ptrace_may_go_on(task, hold, request, data);
	if (go) {
		engine = hold->engine;
		utrace_engine_get(engine);
		resume = hold->resume;
		ptrace_end_stop(task, hold, data);
		/* A fatal signal must not wake @task before we do. */
		task->jobctl |= JOBCTL_PTRACE_FROZEN;
	}
	spin_unlock_irq(&sighand->siglock);
	if (go) {
		ptrace_control(task, engine, resume);
		utrace_engine_put(engine);
		/* Other engines still hold the task: it may be killed now. */
		if (unlikely(READ_ONCE(task->jobctl) & JOBCTL_PTRACE_FROZEN))
			ptrace_unfreeze_traced(task);
	}
out:
	rcu_read_unlock();
	return go;
}

/* Rejoin the group stop in effect; siglock held.  Returns whether to wake. */
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

/* The tracer has detached: detach the engine, or let it handle its signal. */
static void ptrace_engine_leave(struct task_struct *task,
				struct utrace_engine *engine, bool stay,
				bool parting)
{
	if (!stay) {
		ptrace_control(task, engine, UTRACE_DETACH);
		ptrace_wake_left(engine);
		return;
	}
	if (parting)
		ptrace_set_events(task, engine, UTRACE_EVENT(QUIESCE) |
				  UTRACE_EVENT(REAP));
	ptrace_control(task, engine, parting ? UTRACE_REPORT : UTRACE_RESUME);
}

/*
 * Remove the tracer; tasklist_lock and siglock held.  Returns whether the
 * engine stays; sets *@kill if SIGKILL is to be sent, at once.
 */
static bool ptrace_end_hold(struct task_struct *task, struct ptrace_hold *hold,
			    bool *kill)
{
	if (task_is_traced(task))
		*kill = ptrace_end_stop(task, hold, hold->stop.code);
	rcu_assign_pointer(hold->head.tracer, NULL);
	hold->flags = 0;
	hold->resume = UTRACE_RESUME;
	/* Only the engine knows how to handle the signal of the stop. */
	hold->leaving = hold->kind == PTRACE_STOP_SIGNAL ||
		hold->kind == PTRACE_STOP_LEFT;
	if (hold->leaving || hold->pins)
		return true;
	ptrace_drop_hold(hold);
	return false;
}

/*
 * End the tracing of @task, which may be in any state and is no longer on its
 * tracer's list; tasklist_lock write-held.  In a stop, ptrace_stop_code() is
 * the signal to resume with: from PTRACE_DETACH, else from the stop itself.
 */
void ptrace_engine_unlink(struct task_struct *task)
{
	const struct cred *cred = NULL;
	struct utrace_engine *engine;
	struct ptrace_hold *hold;
	bool traced, stay = false, parting = false, gstop = false, kill = false;

	spin_lock(ptrace_siglock(task));
	hold = ptrace_hold_of(task);
	task->ptrace = 0;
	task_clear_jobctl_pending(task, JOBCTL_TRAP_MASK);
	task_clear_jobctl_trapping(task);
	traced = task_is_traced(task);
	if (hold) {
		engine = hold->engine;
		utrace_engine_get(engine);
		cred = rcu_dereference_protected(hold->cred, true);
		RCU_INIT_POINTER(hold->cred, NULL);
		stay = ptrace_end_hold(task, hold, &kill);
		parting = hold->kind == PTRACE_STOP_LEFT;
		/* The task may not reach ptrace_on_stopped() any more. */
		gstop = hold->gstop > 0;
		hold->gstop = 0;
	}
	/* After a stop the task checks for signals, as if woken by one. */
	if (ptrace_restore_group_stop(task) || traced)
		signal_wake_up(task, 0);
	spin_unlock(ptrace_siglock(task));
	if (!hold)
		return;
	put_cred(cred);
	if (gstop)
		do_notify_parent_cldstop(task, false, CLD_STOPPED);
	if (kill)
		send_sig(SIGKILL, task, 1);
	ptrace_engine_leave(task, engine, stay, parting);
	/* Other engines still hold the task: it may be killed now. */
	if (READ_ONCE(task->jobctl) & JOBCTL_PTRACE_FROZEN)
		ptrace_unfreeze_traced(task);
	utrace_engine_put(engine);
}

/* Bring a seized tracee to a trap; siglock held, perhaps in an interrupt. */
void ptrace_engine_trap_notify(struct task_struct *task)
{
	lockdep_assert_held(ptrace_siglock(task));
	task_set_jobctl_pending(task, JOBCTL_TRAP_NOTIFY);
	ptrace_signal_wake_up(task, task->jobctl & JOBCTL_LISTENING);
}
