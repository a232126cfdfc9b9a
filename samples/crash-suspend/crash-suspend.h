/* SPDX-License-Identifier: GPL-2.0-only */
/* The interfaces between the source files of this module */
#ifndef CRASH_SUSPEND_H
#define CRASH_SUSPEND_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/utrace.h>

/**
 * struct watched - the engine's data, one for each task
 * @held: the task is held for a crash.  Written under held_lock, by the task
 *	itself or when the engine is released.
 * @entry: in the list of held tasks while @held.  The members below are valid
 *	while @held.
 * @pid: the task
 * @tgid: its process
 * @comm: its name
 * @signo: the signal that would kill it
 * @code: the si_code of that signal
 * @ip: its instruction pointer in user mode
 */
struct watched {
	bool held;
	struct list_head entry;
	pid_t pid;
	pid_t tgid;
	char comm[TASK_COMM_LEN];
	int signo;
	int code;
	unsigned long ip;
};

/* suspend.c: the engine */
#define WATCH_EVENTS	(UTRACE_EVENT(SIGNAL_CORE) | UTRACE_EVENT(CLONE))
extern const struct utrace_engine_ops suspend_ops;

/* follow.c: attaches the engine to tasks */
int follow_pid(int nr);
int follow_all(void);
int follow_child(struct task_struct *child);
void follow_stop(void);
void follow_released(void);

/* held.c: the list of held tasks, /proc/crash-suspend */
int held_init(void);
void held_exit(void);
void held_add(struct watched *w, struct pt_regs *regs,
	      const kernel_siginfo_t *info);
bool held_before(const struct watched *w, const kernel_siginfo_t *info);
void held_del(struct watched *w);

#endif
