/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to kernel/utrace/.
 *
 * Lock order: tasklist_lock, utrace->lock, siglock.  Nothing under siglock
 * takes utrace->lock.
 */
#ifndef _KERNEL_UTRACE_INTERNAL_H
#define _KERNEL_UTRACE_INTERNAL_H

#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/utrace.h>
#include <linux/utrace_hooks.h>
#include <linux/wait.h>

#define UTRACE_EVENT_ALL	(BIT(_UTRACE_NEVENTS) - 1)

/* Events whose callback is report_quiesce or report_death in a dead task */
#define UTRACE_EVENT_DEATH	(UTRACE_EVENT(DEATH) | UTRACE_EVENT(QUIESCE))

/* What of an answer is not the resume action: results and their flags */
#define UTRACE_RESULT_MASK	0x1f0

/* utrace_engine.state, written under utrace->lock */
#define ENGINE_ATTACHED		BIT(0)	/* on the lists of its task */
#define ENGINE_STOP		BIT(1)	/* votes for a stop */
#define ENGINE_HELD		BIT(2)	/* voted during the stop that ended */
#define ENGINE_SINGLESTEP	BIT(3)	/* wishes a step */
#define ENGINE_BLOCKSTEP	BIT(4)
#define ENGINE_INTERRUPT	BIT(5)	/* asked for the coming REPORT round */
#define ENGINE_LOST		BIT(6)	/* voted when a fatal signal came */
#define ENGINE_HANDLER		BIT(7)	/* to be asked in the HANDLER round */
#define ENGINE_STEPPED		BIT(8)	/* ... and wished a step at the frame */
#define ENGINE_ROUND		(ENGINE_HANDLER | ENGINE_STEPPED)
#define ENGINE_STEP		(ENGINE_SINGLESTEP | ENGINE_BLOCKSTEP)
/* its standing wish */
#define ENGINE_WISH		(ENGINE_STOP | ENGINE_LOST | ENGINE_STEP)

enum utrace_life {
	UTRACE_ALIVE,
	UTRACE_DYING,		/* a zombie; report_death may be running */
	UTRACE_DEAD,		/* a zombie, all is said but REAP */
	UTRACE_REAPED,
};

enum utrace_step_left {
	UTRACE_STEP_NOT_LEFT,
	UTRACE_STEP_LEFT,	/* by the task itself, in a callback */
	UTRACE_STEP_TAKEN,	/* from outside */
};

/**
 * struct utrace - all about one task with engines
 * @lock: guards everything here that is not said to be otherwise
 * @count: one for the task, one for each engine until its memory goes, and
 *	one for each walk
 * @task: the task; NULL once this is no longer the task's
 * @engines: oldest first; changed under @lock, walked under RCU
 * @rengines: the same newest first, because RCU lists go one way only
 * @seq: number of the newest engine
 * @reporting: the engine whose callback may be running; only the task itself
 *	writes it, and after its death the reaper
 * @barrier: utrace_barrier() waits here for @reporting to move on
 * @cloning: the child that report_clone is about; keeps this the task's
 * @votes: engines with ENGINE_STOP
 * @life: how dead the task is
 * @report: report_quiesce(0) is due before user mode
 * @again: those who let the parked task go asked for a report on the spot
 * @interrupt: a REPORT round is due in get_signal()
 * @handler: a HANDLER round is due in get_signal()
 * @step_dirty: step wishes changed since the task armed them
 * @told: one of @votes has report_stopped, in the stop that was entered last;
 *	looked at under siglock
 * @step_left: an engine that wished a step is gone, its trap may yet come
 * @jctl_stopped: CLD_STOPPED was reported, CLD_CONTINUED is due
 * @trap_again: a stop ended for another trap; the task's own
 * @reap_pending: reaped during the death report, whose end does the rest
 * @rcu: frees it
 */
struct utrace {
	spinlock_t lock;	/* see above */
	refcount_t count;
	struct task_struct *task;
	struct list_head engines;
	struct list_head rengines;
	u64 seq;
	struct utrace_engine *reporting;
	wait_queue_head_t barrier;
	struct task_struct *cloning;
	unsigned int votes;
	enum utrace_life life;
	bool report;
	bool again;
	bool interrupt;
	bool handler;
	bool step_dirty;
	bool told;
	enum utrace_step_left step_left;
	bool jctl_stopped;
	bool trap_again;
	bool reap_pending;
	struct rcu_head rcu;
};

/**
 * struct utrace_report - one walk over the engines of a task
 * @utrace: counted
 * @event: the event's bit, 0 before user mode and in a REPORT round
 * @wanted: engines without any of these in their mask are passed over, 0: none
 * @last: engines newer than that came after the event began
 * @action: smallest resume action answered so far
 * @result: the event's own part of the action so far
 * @in_signal: a round of get_signal(), where asking for another report or
 *	interrupt would never end
 * @stopped: utrace_stop_alone() held the task, for utrace_park() to tell
 */
struct utrace_report {
	struct utrace *utrace;
	unsigned long event;
	unsigned long wanted;
	u64 last;
	u32 action;
	u32 result;
	bool in_signal;
	bool stopped;
};

/* current cannot lose its sighand, and changes it only in its own exec */
static inline struct sighand_struct *current_sighand(void)
{
	return rcu_dereference_protected(current->sighand, true);
}

/* task.c */
void utrace_free(struct utrace *utrace);
struct utrace *utrace_get_new(struct task_struct *task, gfp_t gfp);
void utrace_note_death(struct utrace *utrace);
void utrace_update_flags(struct utrace *utrace);
void utrace_drop_if_idle(struct utrace *utrace);

/* clone.c */
int utrace_wait_started(struct task_struct *target, int flags);

/* control.c */
void utrace_unlink_engine(struct utrace *utrace, struct utrace_engine *engine);
bool utrace_engine_on(struct utrace_engine *engine, struct task_struct *target);

/* report.c */
void utrace_begin_at(struct utrace_report *report, struct utrace *utrace,
		     unsigned long event, struct utrace_engine *engine);
struct utrace_engine *utrace_oldest(struct utrace_report *report);
struct utrace_engine *utrace_newest(struct utrace_report *report);
struct utrace_engine *utrace_after(struct utrace_report *report,
				   struct utrace_engine *prev);
struct utrace_engine *utrace_before(struct utrace_report *report,
				    struct utrace_engine *prev);
bool utrace_start_quiesce(struct utrace_report *report,
			  struct utrace_engine *engine);
void utrace_answer(struct utrace_report *report, struct utrace_engine *engine,
		   u32 answer);
void utrace_stop_here(struct utrace_report *report);
void utrace_finish(struct utrace_report *report);
void utrace_end_slowly(struct utrace *utrace);

/* stop.c */
bool utrace_stop_alone(struct utrace_engine *engine, unsigned long event,
		       u32 answer);
bool utrace_act_alone(struct utrace_report *report,
		      struct utrace_engine *engine, unsigned long event,
		      u32 answer);
bool __utrace_park(struct utrace_report *report);
void utrace_wake(struct utrace *utrace);
void utrace_drop_votes(struct utrace *utrace);
void utrace_want_trap(struct utrace *utrace, unsigned long jobctl);

/* resume.c */
void utrace_want_report(struct utrace *utrace);
void utrace_want_interrupt(struct utrace *utrace);
bool utrace_take_report(struct utrace *utrace);
bool __utrace_take_again(struct utrace *utrace);
void utrace_quiesce(struct utrace_report *report);
void utrace_arm_step(struct utrace *utrace);
void utrace_leave_step(struct utrace *utrace);
void utrace_set_step_left(struct utrace *utrace, enum utrace_step_left left);
bool __utrace_is_left_step(const kernel_siginfo_t *info, bool reported);

/* jctl.c */
void utrace_report_trap(void);
void utrace_report_group_stop(struct utrace *utrace);
void utrace_restore_group_stop(struct task_struct *task);
void utrace_reenter_jctl_stop(void);
bool utrace_in_group_stop(struct task_struct *task);

#endif /* _KERNEL_UTRACE_INTERNAL_H */
