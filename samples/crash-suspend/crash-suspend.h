/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of this module know of each other. */
#ifndef CRASH_SUSPEND_H
#define CRASH_SUSPEND_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/utrace.h>

/**
 * struct watched - the engine's data, one for each task
 * @held: the task is held for a crash; set and cleared by the task itself
 * @entry: in the list of held tasks while @held; the rest is for that list
 * @pid: the task
 * @tgid: its process
 * @comm: its name
 * @signo: signal it would die of
 * @code: the siginfo's si_code
 * @ip: where it was in user mode
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

/* follow.c: whom it is attached to */
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
