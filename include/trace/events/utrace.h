/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM utrace

#if !defined(_TRACE_UTRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_UTRACE_H

#include <linux/sched.h>
#include <linux/tracepoint.h>
#include <linux/utrace.h>

#define utrace_show_event(event)					\
	__print_flags(event, "|",					\
		{ UTRACE_EVENT(QUIESCE), "QUIESCE" },			\
		{ UTRACE_EVENT(REAP), "REAP" },				\
		{ UTRACE_EVENT(CLONE), "CLONE" },			\
		{ UTRACE_EVENT(EXEC), "EXEC" },				\
		{ UTRACE_EVENT(EXIT), "EXIT" },				\
		{ UTRACE_EVENT(DEATH), "DEATH" },			\
		{ UTRACE_EVENT(SYSCALL_ENTRY), "SYSCALL_ENTRY" },	\
		{ UTRACE_EVENT(SYSCALL_EXIT), "SYSCALL_EXIT" },		\
		{ UTRACE_EVENT(SIGNAL), "SIGNAL" },			\
		{ UTRACE_EVENT(SIGNAL_IGN), "SIGNAL_IGN" },		\
		{ UTRACE_EVENT(SIGNAL_STOP), "SIGNAL_STOP" },		\
		{ UTRACE_EVENT(SIGNAL_TERM), "SIGNAL_TERM" },		\
		{ UTRACE_EVENT(SIGNAL_CORE), "SIGNAL_CORE" },		\
		{ UTRACE_EVENT(JCTL), "JCTL" },				\
		{ UTRACE_EVENT(SECCOMP), "SECCOMP" },			\
		{ UTRACE_EVENT(VFORK_DONE), "VFORK_DONE" },		\
		{ UTRACE_EVENT(GROUP_STOP), "GROUP_STOP" },		\
		{ UTRACE_EVENT(TRAP), "TRAP" },				\
		{ UTRACE_EVENT(HANDLER), "HANDLER" })

#define utrace_show_resume(answer)					\
	__print_symbolic((answer) & UTRACE_RESUME_MASK,			\
		{ UTRACE_STOP, "STOP" },				\
		{ UTRACE_INTERRUPT, "INTERRUPT" },			\
		{ UTRACE_REPORT, "REPORT" },				\
		{ UTRACE_SINGLESTEP, "SINGLESTEP" },			\
		{ UTRACE_BLOCKSTEP, "BLOCKSTEP" },			\
		{ UTRACE_RESUME, "RESUME" },				\
		{ UTRACE_DETACH, "DETACH" })

DECLARE_EVENT_CLASS(utrace_engine,

	TP_PROTO(struct task_struct *task, struct utrace_engine *engine),

	TP_ARGS(task, engine),

	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(void *, engine)
		__string(name, engine->ops->name ?: "?")
	),

	TP_fast_assign(
		__entry->pid = task->pid;
		__entry->engine = engine;
		__assign_str(name, engine->ops->name ?: "?");
	),

	TP_printk("pid=%d engine=%p name=%s",
		  __entry->pid, __entry->engine, __get_str(name))
);

/* utrace->lock held */
DEFINE_EVENT(utrace_engine, utrace_attach,
	TP_PROTO(struct task_struct *task, struct utrace_engine *engine),
	TP_ARGS(task, engine)
);

/* utrace->lock held */
DEFINE_EVENT(utrace_engine, utrace_detach,
	TP_PROTO(struct task_struct *task, struct utrace_engine *engine),
	TP_ARGS(task, engine)
);

/* a callback has answered */
TRACE_EVENT(utrace_report,

	TP_PROTO(struct task_struct *task, struct utrace_engine *engine,
		 unsigned long event, u32 answer),

	TP_ARGS(task, engine, event, answer),

	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(void *, engine)
		__string(name, engine->ops->name ?: "?")
		__field(unsigned long, event)
		__field(u32, answer)
	),

	TP_fast_assign(
		__entry->pid = task->pid;
		__entry->engine = engine;
		__assign_str(name, engine->ops->name ?: "?");
		__entry->event = event;
		__entry->answer = answer;
	),

	TP_printk("pid=%d engine=%p name=%s event=%s answer=%s|%#x",
		  __entry->pid, __entry->engine, __get_str(name),
		  utrace_show_event(__entry->event),
		  utrace_show_resume(__entry->answer),
		  __entry->answer & ~UTRACE_RESUME_MASK)
);

DECLARE_EVENT_CLASS(utrace_park,

	TP_PROTO(struct task_struct *task, unsigned long event),

	TP_ARGS(task, event),

	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(unsigned long, event)
	),

	TP_fast_assign(
		__entry->pid = task->pid;
		__entry->event = event;
	),

	TP_printk("pid=%d event=%s", __entry->pid,
		  utrace_show_event(__entry->event))
);

/* about to sleep in a stop */
DEFINE_EVENT(utrace_park, utrace_stop,
	TP_PROTO(struct task_struct *task, unsigned long event),
	TP_ARGS(task, event)
);

/* awake again */
DEFINE_EVENT(utrace_park, utrace_resume,
	TP_PROTO(struct task_struct *task, unsigned long event),
	TP_ARGS(task, event)
);

#endif /* _TRACE_UTRACE_H */

#include <trace/define_trace.h>
