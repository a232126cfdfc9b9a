// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptrace(2) as one engine.
 *
 * A tracee has one engine with these ops.  Its callbacks run in the tracee
 * and prepare a ptrace stop; ptrace_on_stopping() makes it one as the task
 * parks, and ptrace_on_stopped() tells the tracer.  What tracers say comes in by
 * the functions that kernel/ptrace.c calls.
 *
 * tasklist_lock guards who traces whom, the tracee's siglock its stop: the
 * JOBCTL_TRACED bit, and what struct ptrace_hold says of it.
 */
#include <linux/err.h>
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/ptrace_engine.h>
#include <linux/sched/jobctl.h>
#include <linux/sched/signal.h>
#include <linux/task_work.h>
#include <linux/user_namespace.h>

#include "ptrace-utrace.h"

/* The tracee's side ------------------------------------------------------ */

/* Go on as the tracer said last. */
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
	tracer = rcu_dereference(hold->tracer);
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
 * What a trap is about: the group stop that is in effect, or nothing but that
 * the tracer asked.  Under the siglock that takes JOBCTL_TRAP_NOTIFY back: a
 * SIGCONT or a stop that comes later sets it again.
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

/*
 * Take back what this stop answers.  Returns whether the task has taken part in
 * a group stop.  siglock held.
 */
static int ptrace_answer_jobctl(struct ptrace_hold *hold)
{
	int gstop = 0;

	if (hold->why == CLD_STOPPED && (current->jobctl & JOBCTL_STOP_PENDING))
		gstop = task_participate_group_stop(current);
	if (current->jobctl & JOBCTL_TRAP_STOP)
		task_clear_jobctl_pending(current, JOBCTL_TRAP_STOP);
	/* a signal's siginfo may look like one of a trap */
	if (hold->next_kind == PTRACE_STOP_TRAP && hold->next.info)
		task_clear_jobctl_pending(current, JOBCTL_TRAP_NOTIFY);
	task_clear_jobctl_trapping(current);
	return gstop;
}

/*
 * The task parks: make that a ptrace stop, unless the end of the tracer came
 * first.  Returns whether the task has taken part in a group stop, -1 for no
 * stop.  siglock held.
 */
static int ptrace_publish_stop(struct ptrace_hold *hold)
{
	int gstop = 0;

	if (!ptrace_hold_traces(hold))
		return -1;
	current->jobctl |= JOBCTL_TRACED;
	/* pairs with wait_on_bit() in ptrace_attach(), before a wait() */
	smp_wmb();
	if (hold->next_kind == PTRACE_STOP_TRAP)
		ptrace_name_trap(hold);
	hold->stop = hold->next;
	hold->told = false;
	/*
	 * A tracer that ends from here on leaves the engine behind in a signal
	 * stop, to deliver the signal; before, it takes its course by itself.
	 */
	hold->kind = hold->next_kind;
	if (unlikely(current->jobctl & (JOBCTL_STOP_PENDING | JOBCTL_TRAP_MASK |
					JOBCTL_TRAPPING)))
		gstop = ptrace_answer_jobctl(hold);
	return gstop;
}

/* Who sees the task in TASK_TRACED finds it in the ptrace stop. */
static void ptrace_on_stopping(struct utrace_engine *engine,
			       unsigned long event)
{
	struct ptrace_hold *hold = engine->data;

	if (hold->armed)
		hold->gstop = ptrace_publish_stop(hold);
}

/*
 * The tracer let the task go between the callback and its answer.  Another may
 * have come since: it does not know of a stop.
 */
static void ptrace_stop_unwanted(struct utrace_engine *engine)
{
	int ret = utrace_control(current, engine, UTRACE_RESUME);

	(void)ret;	/* the engine was detached already */
}

static void ptrace_on_stopped(struct utrace_engine *engine,
			      unsigned long event)
{
	struct ptrace_hold *hold = engine->data;

	if (!hold->armed)
		return;
	hold->armed = false;
	if (hold->gstop < 0) {
		ptrace_stop_unwanted(engine);
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
	/* another engine had it reported again: the tracer knows of it */
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

	/* as for entry */
	if (action & UTRACE_SYSCALL_RESUMED)
		return utrace_syscall_action(action) | ptrace_go_on(hold);
	/* the tracer is gone, or not there yet: the event is not taken */
	if (!(READ_ONCE(hold->flags) & PT_TRACE_SECCOMP))
		return UTRACE_SYSCALL_ABORT | ptrace_go_on(hold);
	return utrace_syscall_action(action) |
		ptrace_arm_event(hold, PTRACE_EVENT_SECCOMP, data);
}

/*
 * The child's engine was attached in copy_process(), where that may fail.  The
 * engines of the parent attach to the child in their order: give it our place.
 */
static void ptrace_order_child(struct task_struct *child)
{
	struct utrace_engine *engine;

	engine = utrace_attach_task(child, UTRACE_ATTACH_MATCH_OPS,
				    &ptrace_engine_ops, NULL);
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

	/* the tracer that came since the clone began does not hear of it */
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
	/* linked, but not committed yet: this is the number it came to */
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

/*
 * JOBCTL_TRAP_STOP or JOBCTL_TRAP_NOTIFY was set.  What for, is looked at only
 * in ptrace_publish_stop().
 */
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

/* The tracer chose another signal than the one that was reported. */
static void ptrace_rewrite_info(struct ptrace_hold *hold,
				kernel_siginfo_t *info, int signr)
{
	struct task_struct *tracer;

	clear_siginfo(info);
	info->si_signo = signr;
	info->si_code = SI_USER;
	rcu_read_lock();
	/* gone, it leaves the choice in its parent's name */
	tracer = rcu_dereference(hold->tracer) ?: rcu_dereference(current->parent);
	info->si_pid = task_pid_vnr(tracer);
	info->si_uid = from_kuid_munged(current_user_ns(), task_uid(tracer));
	rcu_read_unlock();
}

/*
 * What a stop left to be done is taken on.  Returns whether the engine is to
 * leave; if one is about to trace the task, he decides.  siglock held.
 */
static bool ptrace_part(struct ptrace_hold *hold)
{
	bool leave = hold->leaving && !hold->pins;

	hold->kind = PTRACE_NO_STOP;
	hold->leaving = false;
	if (leave)
		ptrace_drop_hold(hold);
	return leave;
}

/* After a signal stop: what the tracer, or its end, has made of the signal. */
static noinline u32 ptrace_resume_signal(struct ptrace_hold *hold,
					 kernel_siginfo_t *info)
{
	bool held = false, leave;
	u32 resume;
	int signr;

	spin_lock_irq(current_siglock());
	signr = hold->signr;
	if (unlikely(hold->stop.info)) {
		/* woken by a trap or killed: what nobody has waited for yet */
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
	/* as reported: its own disposition, whatever that is by now */
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

/* A step has led into a handler: that is a trap of its own. */
static u32 ptrace_on_handler(u32 action, struct utrace_engine *engine,
			     struct pt_regs *regs)
{
	struct ptrace_hold *hold = engine->data;

	if (ptrace_go_on(hold) == UTRACE_RESUME || !ptrace_hold_traces(hold))
		return ptrace_go_on(hold);
	return ptrace_arm_trap(hold, PTRACE_STOP_EVENT, SIGTRAP, 0);
}

/*
 * A system call stop was left with a signal.  It is the task that sends it, out
 * of its stop: whom that wakes runs after it.  If the tracer has gone it is not
 * traced any more, and the signal is ignored, or ends the process at once, as any
 * other.
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

	/* killed, it has not come to that; its parent may be reaping it now */
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
	.report_trap = ptrace_on_trap,
	.report_handler = ptrace_on_handler,
	.report_stopping = ptrace_on_stopping,
	.report_stopped = ptrace_on_stopped,
	.report_reap = ptrace_on_reap,
	.release = ptrace_free_hold,
	/* ->ptrace of whom it is sent to says what is to be reported */
	.leaves_fatal = true,
	.name = "ptrace",
};

/* The tracer's side ------------------------------------------------------ */

/* Events for the options in @flags, and for the request that resumes. */
unsigned long ptrace_events(unsigned int flags, long request)
{
	/* CLONE without an option, too: CLONE_PTRACE asks for none */
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
		/* the layer wants it of those who step */
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
	/* it may be dying; a callback that runs may do so by the old mask */
	ret = utrace_set_events(task, engine, events);
	(void)ret;
}

void ptrace_engine_detach(struct task_struct *task,
			  struct utrace_engine *engine)
{
	int ret = utrace_control(task, engine, UTRACE_DETACH);

	/* a callback still running finds that nobody traces */
	(void)ret;
}

/*
 * Engines brought the task out of the stop of its group, so ptrace_attach()
 * does not find it there.  It traps for that when they let go.
 */
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

/* The task is linked to its tracer; tasklist_lock held. */
void ptrace_engine_commit(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);
	struct task_struct *tracer;
	unsigned long events;

	hold->resume = UTRACE_RESUME;
	hold->request = 0;
	rcu_read_lock();
	tracer = rcu_dereference(hold->tracer);
	if (tracer)
		hold->vpid = task_pid_nr_ns(task, task_active_pid_ns(tracer));
	rcu_read_unlock();
	events = ptrace_events(task->ptrace, 0);
	/* the tracer before left a signal, which is to be sent yet */
	if (READ_ONCE(hold->kind) == PTRACE_STOP_LEFT)
		events |= UTRACE_EVENT(QUIESCE);
	ptrace_set_events(task, hold->engine, events);
	ptrace_trap_held(task);
}

/* PTRACE_SETOPTIONS; the task is frozen in its stop */
void ptrace_engine_set_options(struct task_struct *task)
{
	struct ptrace_hold *hold = ptrace_hold_of(task);

	hold->flags = task->ptrace;
	hold->request = 0;
	ptrace_set_events(task, hold->engine, ptrace_events(hold->flags, 0));
}

/*
 * The end of a ptrace stop.  Returns whether a SIGKILL is to be sent, which waits
 * for nobody; another signal the task sends, if the stop was a system call's, in
 * report_quiesce().  siglock held.
 */
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

/* Another request than the one before: returns -EIO for a step there is not. */
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

/* For this once: the next request that resumes, or SETOPTIONS, sets others. */
static void ptrace_ask_quiesce(struct task_struct *task,
			       struct ptrace_hold *hold, long request)
{
	ptrace_set_events(task, hold->engine, UTRACE_EVENT(QUIESCE) |
			  ptrace_events(hold->flags, request));
	hold->request = 0;
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
	/* out of its stop the task may end, and be reaped by another thread */
	utrace_engine_get(engine);
	spin_lock_irq(ptrace_siglock(task));
	kill = ptrace_end_stop(task, hold, data);
	spin_unlock_irq(ptrace_siglock(task));
	if (kill)
		send_sig(SIGKILL, task, 1);

	ret = utrace_control(task, engine, resume);
	(void)ret;	/* a fatal signal may have come first */
	utrace_engine_put(engine);
	return 0;
}

/* That of its tracer, unless nobody traces.  siglock held. */
static struct ptrace_hold *ptrace_newest_hold(struct task_struct *task)
{
	struct hlist_node *first =
		rcu_dereference_protected(hlist_first_rcu(&task->ptrace_holds),
					  lockdep_is_held(ptrace_siglock(task)));

	return hlist_entry_safe(first, struct ptrace_hold, node);
}

/*
 * May the task go on by what ptrace_change_request() made of the last request?
 * Not before SIGCHLD is sent: it says what the stop is.  siglock held.
 */
static bool ptrace_may_go_on(struct task_struct *task, struct ptrace_hold *hold,
			     long request, unsigned long data)
{
	return rcu_access_pointer(hold->tracer) == current &&
		/* after that: another's may just be written, as it attaches */
		hold->request == request &&
		task_is_traced(task) && !(task->jobctl & JOBCTL_LISTENING) &&
		!__fatal_signal_pending(task) && valid_signal(data) &&
		/* looks_like_a_spurious_pid() is about an event */
		!(hold->stop.code >> 8) &&
		!(data && hold->kind == PTRACE_STOP_SYSCALL) &&
		/* pairs with smp_store_release() in ptrace_on_stopped() */
		smp_load_acquire(&hold->told);
}

/**
 * __ptrace_engine_go_on - the short way of PTRACE_CONT and its kin
 * @task: perhaps a tracee of current
 * @request: which of them
 * @data: signal
 *
 * What the task was resumed by before, once more, changes nothing in the task:
 * it need not be off its processor, and frozen only until it is woken.
 *
 * Return: true if that is done; false if nothing is: the usual way does it, or
 * finds the error.
 */
bool __ptrace_engine_go_on(struct task_struct *task, long request,
			   unsigned long data)
{
	enum utrace_resume_action resume;
	struct utrace_engine *engine;
	struct sighand_struct *sighand;
	struct ptrace_hold *hold;
	bool go = false;
	int ret;

	if (!READ_ONCE(task->ptrace))
		return false;
	/* out of its stop the task may end, and be reaped by another thread */
	rcu_read_lock();
	/*
	 * No tasklist_lock: a tracer gets its tracee outside of ptrace stops, and
	 * loses it under siglock, which guards the rest.
	 */
	sighand = rcu_dereference(task->sighand);
	if (unlikely(!sighand))
		goto out;
	spin_lock_irq(&sighand->siglock);
	/* an execve may have changed it: as lock_task_sighand() */
	hold = sighand == rcu_access_pointer(task->sighand) ?
		ptrace_newest_hold(task) : NULL;
	go = hold && ptrace_may_go_on(task, hold, request, data);
	if (go) {
		engine = hold->engine;
		utrace_engine_get(engine);
		resume = hold->resume;
		ptrace_end_stop(task, hold, data);
		/* a fatal signal must not wake it before we do */
		task->jobctl |= JOBCTL_PTRACE_FROZEN;
	}
	spin_unlock_irq(&sighand->siglock);
	if (go) {
		ret = utrace_control(task, engine, resume);
		(void)ret;	/* another thread may detach it */
		utrace_engine_put(engine);
		/* held by other engines: it may be killed from now on */
		if (unlikely(READ_ONCE(task->jobctl) & JOBCTL_PTRACE_FROZEN))
			ptrace_unfreeze_traced(task);
	}
out:
	rcu_read_unlock();
	return go;
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

/* The tracer is gone: the engine goes, too, or is asked about its signal. */
static void ptrace_engine_leave(struct task_struct *task,
				struct utrace_engine *engine, bool stay,
				bool parting)
{
	int ret;

	if (!stay) {
		ptrace_engine_detach(task, engine);
		ptrace_wake_left(engine);
		return;
	}
	if (parting)
		ptrace_set_events(task, engine, UTRACE_EVENT(QUIESCE) |
				  UTRACE_EVENT(REAP));
	ret = utrace_control(task, engine,
			     parting ? UTRACE_REPORT : UTRACE_RESUME);
	(void)ret;	/* it may be dying */
}

/*
 * The tracer is gone.  Returns whether the engine is to stay, and in @kill that
 * a SIGKILL is to be sent, which waits for nobody.  tasklist_lock and siglock
 * held.
 */
static bool ptrace_end_hold(struct task_struct *task, struct ptrace_hold *hold,
			    bool *kill)
{
	if (task_is_traced(task))
		*kill = ptrace_end_stop(task, hold, hold->stop.code);
	rcu_assign_pointer(hold->tracer, NULL);
	hold->flags = 0;
	hold->resume = UTRACE_RESUME;
	/* what becomes of a signal only the engine can say */
	hold->leaving = hold->kind == PTRACE_STOP_SIGNAL ||
		hold->kind == PTRACE_STOP_LEFT;
	if (hold->leaving || hold->pins)
		return true;
	ptrace_drop_hold(hold);
	return false;
}

/**
 * ptrace_engine_unlink - nobody traces the task any more
 * @task: it is no longer on its tracer's list
 *
 * The task may be in any state.  In a stop ptrace_stop_code() is the signal to
 * go on with: what PTRACE_DETACH said, else what the stop was for.
 *
 * Context: tasklist_lock write-held.
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
		/* the task may not come to ptrace_on_stopped() any more */
		gstop = hold->gstop > 0;
		hold->gstop = 0;
	}
	/* out of a stop it looks for signals, as if it had been woken by one */
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
	/* held by other engines: it may be killed from now on */
	if (READ_ONCE(task->jobctl) & JOBCTL_PTRACE_FROZEN)
		ptrace_unfreeze_traced(task);
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
