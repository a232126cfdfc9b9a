/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lock order: tasklist_lock, utrace->lock, siglock.  utrace->lock is never
 * taken under siglock.
 */
#ifndef _KERNEL_UTRACE_INTERNAL_H
#define _KERNEL_UTRACE_INTERNAL_H

#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/utrace_builtin.h>
#include <linux/utrace_hooks.h>
#include <linux/wait.h>

#define UTRACE_EVENT_ALL	(BIT(_UTRACE_NEVENTS) - 1)

/* Events of the death report */
#define UTRACE_EVENT_DEATH	(UTRACE_EVENT(DEATH) | UTRACE_EVENT(QUIESCE))

/* What a callback returns besides the resume action */
#define UTRACE_RESULT_MASK	0x1f0

/* utrace_engine.state, written under utrace->lock */
#define ENGINE_ATTACHED		BIT(0)	/* in a slot of its task */
#define ENGINE_STOP		BIT(1)	/* votes for a stop */
#define ENGINE_HELD		BIT(2)	/* voted during the last stop */
#define ENGINE_SINGLESTEP	BIT(3)	/* requests a step */
#define ENGINE_BLOCKSTEP	BIT(4)
#define ENGINE_INTERRUPT	BIT(5)	/* requested the coming REPORT round */
#define ENGINE_LOST		BIT(6)	/* a fatal signal dropped its vote */
#define ENGINE_HANDLER		BIT(7)	/* to be called in the HANDLER round */
#define ENGINE_STEPPED		BIT(8)	/* ... because it requested a step */
#define ENGINE_OWED		BIT(9)	/* a trap of its step may follow */
#define ENGINE_ROUND		(ENGINE_HANDLER | ENGINE_STEPPED)
#define ENGINE_STEP		(ENGINE_SINGLESTEP | ENGINE_BLOCKSTEP)
/* requests that last until the engine makes another */
#define ENGINE_REQUEST		(ENGINE_STOP | ENGINE_LOST | ENGINE_STEP)

enum utrace_life {
	UTRACE_ALIVE,
	UTRACE_DYING,		/* a zombie; report_death may be running */
	UTRACE_DEAD,		/* a zombie; only report_reap follows */
	UTRACE_REAPED,
};

/* An engine was detached while its trap was due: */
enum utrace_step_left {
	UTRACE_STEP_NOT_LEFT,
	UTRACE_STEP_LEFT,	/* by the task itself, in a callback */
	UTRACE_STEP_TAKEN,	/* by another task */
};

/*
 * The place of an engine in the order of its task.  Written under utrace->lock.
 * A walk reads it without a lock, and skips an engine without touching that.
 */
struct utrace_slot {
	struct utrace_engine *engine;	/* NULL: the slot is empty */
	unsigned long events;	/* its mask with UTRACE_SLOT_USED, or 0 */
};

#define UTRACE_SLOT_USED	BIT(31)

/* An array of slots, larger than all older ones together */
struct utrace_block {
	/* Replaced, but kept up to date for a walk.  Freed with struct utrace. */
	struct utrace_block *older;
	struct utrace_slot slot[];
};

/* Slots in struct utrace itself */
#define UTRACE_FIRST_SLOTS	4

/* utrace->reporting: UTRACE_NOBODY, or the address of an engine with marks */
#define UTRACE_LEFT		1UL	/* detached: the walk drops the ref */
#define UTRACE_AWAITED		2UL	/* utrace_barrier() waits */
#define UTRACE_MOVING_BIT	2	/* slots move: the walk waits */
#define UTRACE_MOVING		BIT(UTRACE_MOVING_BIT)
#define UTRACE_MARKS		(UTRACE_LEFT | UTRACE_AWAITED | UTRACE_MOVING)
#define UTRACE_NOBODY		8UL	/* a walk without a running callback */

/* utrace->due */
#define UTRACE_GAPS_DUE		BIT(0)	/* gaps are to be closed */
#define UTRACE_STEP_DUE		BIT(1)	/* step requests changed since armed */

/*
 * The engines of one task.  Only the task walks over them, after its death the
 * reaper.  Thus there is one walk at a time, without a lock: see walk.h.
 * Only the task itself accesses fields marked "own".
 */
struct utrace {
	spinlock_t lock;	/* protects all fields without another rule */
	refcount_t count;	/* one for the task, one for each engine */
	struct task_struct *task;	/* constant; only compared once freed */
	struct utrace_slot *slots;	/* oldest first: @first or in @blocks */
	unsigned int nr;	/* used slots; no gaps without UTRACE_GAPS_DUE */
	unsigned int size;	/* slots in the array */
	/* Written before a walk: slots below are not moved or used again. */
	unsigned int bound;
	u32 due;		/* UTRACE_*_DUE: for the end of the walk */
	/* No walk: 0, or MOVING.  Others than the walk only change marks. */
	unsigned long reporting;
	unsigned int moves;	/* awaited callbacks that are over */
	unsigned int votes;	/* engines with ENGINE_STOP */
	enum utrace_life life;	/* progress of the task's death */
	bool report;		/* report_quiesce(0) is due before user mode */
	bool again;		/* a report is due when the stop ends */
	bool interrupt;		/* a REPORT round is due in get_signal() */
	bool handler;		/* a HANDLER round is due in get_signal() */
	bool told;	/* last stop has report_stopped; read under siglock */
	bool step_ours;		/* the armed step is not the program's */
	bool step_probed;	/* own: it met a uprobe, which sends the trap */
	bool jctl_stopped;	/* CLD_STOPPED reported, CLD_CONTINUED due */
	bool trap_again;	/* own: a stop ended for another trap */
	sigset_t forced;	/* siglock: forced on init, not dequeued yet */
	bool waited;		/* own: stopped since a signal was reported */
	bool held;		/* own: the last reported signal was held */
	bool reap_pending;	/* reaped during the death report */
	/* The engine of a step was detached; the trap may follow. */
	enum utrace_step_left step_left;
	wait_queue_head_t barrier;	/* utrace_barrier() waits here */
	struct task_struct *cloning;	/* own: the child of report_clone */
	struct utrace_block *blocks;	/* allocated arrays, newest first */
	struct utrace_slot first[UTRACE_FIRST_SLOTS];
};

/* A loop over all engines, oldest first, with utrace->lock held */
struct utrace_cursor {
	struct utrace_engine *engine;
	const struct utrace_slot *slot, *end;
};

static inline struct utrace_cursor utrace_all(const struct utrace *utrace)
{
	return (struct utrace_cursor){
		.slot = utrace->slots, .end = utrace->slots + utrace->nr,
	};
}

/* Sets @at->engine to the next engine, or to NULL and returns false. */
static inline bool utrace_each(struct utrace_cursor *at)
{
	at->engine = NULL;
	while (!at->engine && at->slot < at->end)
		at->engine = (at->slot++)->engine;
	return at->engine;
}

/* utrace->lock held. */
static inline void utrace_set_due(struct utrace *utrace, u32 due)
{
	WRITE_ONCE(utrace->due, utrace->due | due);
}

static inline void utrace_clear_due(struct utrace *utrace, u32 due)
{
	WRITE_ONCE(utrace->due, utrace->due & ~due);
}

/* One walk over the engines of a task */
struct utrace_report {
	struct utrace *utrace;
	struct utrace_engine *engine;	/* published in ->reporting, or NULL */
	unsigned long event;	/* 0 before user mode and in a REPORT round */
	unsigned long wanted;	/* skip engines with none of these events */
	struct utrace_slot *next;	/* to look at; newest first: the one before it */
	struct utrace_slot *end;	/* @next at the end of the walk */
	u32 action;		/* smallest resume action returned so far */
	u32 result;		/* the event's own part of the action so far */
	/* Booleans, set by one instruction */
	u32 in_signal;	/* in get_signal(): REPORT, INTERRUPT would never end */
	u32 vote;		/* STOP returned by @engine, not counted yet */
};

/* current keeps its sighand until its own execve changes it. */
static inline struct sighand_struct *current_sighand(void)
{
	return rcu_dereference_protected(current->sighand, true);
}

/* task.c */
void __utrace_put(struct utrace *utrace);
struct utrace *utrace_get_new(struct task_struct *task, gfp_t gfp);
void utrace_note_death(struct utrace *utrace);
void utrace_update_flags(struct utrace *utrace, struct utrace_engine *changed,
			 unsigned long events);
/* slots.c */
int utrace_add_slot(struct utrace *utrace, struct utrace_engine *engine);
int utrace_grow_slots(struct utrace *utrace, gfp_t gfp);
void utrace_set_slot_events(struct utrace *utrace, struct utrace_engine *engine,
			    unsigned long events);
void utrace_rotate_slots(struct utrace *utrace, struct utrace_engine *engine);
bool utrace_clear_slot(struct utrace *utrace, struct utrace_engine *engine);
void utrace_close_gaps(struct utrace *utrace, unsigned int first);
void utrace_close_gaps_after_walk(struct utrace *utrace);
/* clone.c */
int utrace_wait_started(struct task_struct *target, int flags);
/* control.c */
bool utrace_unlink_engine(struct utrace *utrace, struct utrace_engine *engine);
bool utrace_engine_on(struct utrace_engine *engine, struct task_struct *target);
int utrace_check_late_events(struct utrace *utrace, unsigned long set,
			     unsigned long clear);
/* exit.c */
bool utrace_reap_engine(struct utrace *utrace);
/* report.c */
void utrace_moved_on(struct utrace *utrace, unsigned long last);
bool utrace_start_quiesce(struct utrace_report *report,
			  struct utrace_engine *engine);
void utrace_act_on_answer(struct utrace_report *report,
			  struct utrace_engine *engine, u32 answer);
void utrace_do_due(struct utrace *utrace);
void utrace_count_vote(struct utrace_report *report);
void utrace_cast_vote(struct utrace_report *report);
void utrace_stop_here(struct utrace_report *report);
/* stop.c */
bool __utrace_park(struct utrace_report *report);
void utrace_wake(struct utrace *utrace);
void utrace_drop_votes(struct utrace *utrace);
void utrace_want_trap(struct utrace *utrace, unsigned long jobctl);
/* resume.c */
void utrace_want_resume(struct utrace *utrace);
void utrace_want_report(struct utrace *utrace);
void utrace_want_interrupt(struct utrace *utrace);
bool utrace_take_report(struct utrace *utrace);
bool __utrace_take_again(struct utrace *utrace);
void utrace_quiesce(struct utrace_report *report);
/* step.c */
void utrace_change_step(struct utrace *utrace, u32 request);
void utrace_leave_step(struct utrace *utrace, bool stepped);
void utrace_step_disarmed(struct utrace *utrace);
void utrace_arm_step(struct utrace *utrace);
bool __utrace_take_probed_step(const kernel_siginfo_t *info);
bool __utrace_is_left_step(bool reported);
bool utrace_in_uprobe_step(void);
void utrace_forget_left_step(struct utrace *utrace);
/* hold.c */
void utrace_note_hold(struct utrace *utrace, bool held);
bool utrace_hold_signal(struct ksignal *ksig, int type);
/* unkillable.c */
bool utrace_mark_forced(struct task_struct *task, int sig);
bool utrace_take_forced(const kernel_siginfo_t *info, int type);
/* jctl.c */
void utrace_drop_trap_votes(struct utrace *utrace);
void utrace_report_trap(void);
void utrace_report_group_stop(struct utrace *utrace);
void utrace_restore_group_stop(struct task_struct *task);
void utrace_reenter_jctl_stop(bool traced);
bool utrace_in_group_stop(struct task_struct *task);

#endif /* _KERNEL_UTRACE_INTERNAL_H */
