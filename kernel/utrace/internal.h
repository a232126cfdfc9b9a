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
#define ENGINE_ATTACHED		BIT(0)	/* in a slot of its task */
#define ENGINE_STOP		BIT(1)	/* votes for a stop */
#define ENGINE_HELD		BIT(2)	/* voted during the last stop */
#define ENGINE_SINGLESTEP	BIT(3)	/* requests a step */
#define ENGINE_BLOCKSTEP	BIT(4)
#define ENGINE_INTERRUPT	BIT(5)	/* requested the coming REPORT round */
#define ENGINE_LOST		BIT(6)	/* a fatal signal dropped its vote */
#define ENGINE_HANDLER		BIT(7)	/* is called in the HANDLER round */
#define ENGINE_STEPPED		BIT(8)	/* ... as it requested a step before */
#define ENGINE_OWED		BIT(9)	/* a trap of its step may be on its way */
#define ENGINE_ROUND		(ENGINE_HANDLER | ENGINE_STEPPED)
#define ENGINE_STEP		(ENGINE_SINGLESTEP | ENGINE_BLOCKSTEP)
/* requests that stay until the engine makes another */
#define ENGINE_REQUEST		(ENGINE_STOP | ENGINE_LOST | ENGINE_STEP)

enum utrace_life {
	UTRACE_ALIVE,
	UTRACE_DYING,		/* a zombie; report_death may be running */
	UTRACE_DEAD,		/* a zombie; only report_reap is to come */
	UTRACE_REAPED,
};

enum utrace_step_left {
	UTRACE_STEP_NOT_LEFT,
	UTRACE_STEP_LEFT,	/* by the task itself, in a callback */
	UTRACE_STEP_TAKEN,	/* from outside */
};

/**
 * struct utrace_slot - the place of one engine in the order of its task
 * @engine: the engine, or NULL: the slot is empty
 * @events: a copy of the engine's event mask, so that a walk passes over an
 *	engine without touching it, with UTRACE_SLOT_USED; 0 in an empty slot
 *
 * Written under utrace->lock.  The walk reads both without a lock.
 */
struct utrace_slot {
	struct utrace_engine *engine;
	unsigned long events;
};

#define UTRACE_SLOT_USED	BIT(31)

/**
 * struct utrace_block - an array of slots too large for struct utrace
 * @older: the array that this one replaced, or NULL.  A walk may still read it,
 *	so all of them are freed with struct utrace; together they are no larger
 *	than the newest.
 * @slot: the slots
 */
struct utrace_block {
	struct utrace_block *older;
	struct utrace_slot slot[];
};

/* Engines that need no struct utrace_block */
#define UTRACE_FIRST_SLOTS	4

/* utrace->reporting: the address of an engine and these, or UTRACE_NOBODY */
#define UTRACE_LEFT		1UL	/* detached: the walk drops a reference */
#define UTRACE_AWAITED		2UL	/* utrace_barrier() waits */
#define UTRACE_MARKS		(UTRACE_LEFT | UTRACE_AWAITED)
#define UTRACE_NOBODY		4UL	/* a walk has begun, no engine is called */

/**
 * struct utrace - the engines of one task
 * @lock: protects everything here, unless another rule is given
 * @count: one for the task until it is freed, one for each engine until that is
 *	freed
 * @task: the task; never changes, and is only compared once the task is freed
 * @slots: the engines, oldest first, without gaps unless @holes.  Points to
 *	@first, or into the newest of @blocks.
 * @nr: slots in use.  Only a walk in progress has empty ones below that.
 * @size: slots in the array
 * @bound: slots below this belong to the walk in progress: they are emptied,
 *	but not moved or used again.  Written by the walk before it begins.
 * @moving: slots are being moved under @lock: a walk that begins waits for that
 * @holes: the walk in progress closes gaps at its end
 * @reporting: 0: no walk is in progress; else the engine whose callback may be
 *	running, with UTRACE_MARKS, or UTRACE_NOBODY.  Only the walk changes the
 *	address, others add marks to it by cmpxchg().
 * @barrier: utrace_barrier() waits here for @reporting to change
 * @cloning: the child that report_clone is called for; the task's own
 * @votes: number of engines with ENGINE_STOP
 * @life: how far the task's death has come
 * @report: report_quiesce(0) is due before user mode
 * @again: an engine that let the stopped task go requested a report at once
 * @interrupt: a REPORT round is due in get_signal()
 * @handler: a HANDLER round is due in get_signal()
 * @step_dirty: step requests changed since the task armed its step
 * @told: one of @votes has report_stopped, in the stop that was entered last;
 *	read under siglock
 * @step_left: an engine that requested a step was detached, the trap may follow
 * @step_ours: the step armed last is not the program's own; the task's own
 * @step_probed: the armed step met a uprobe, which sends the trap; the task's
 *	own
 * @jctl_stopped: CLD_STOPPED was reported, CLD_CONTINUED is due
 * @trap_again: a stop ended for another trap; the task's own
 * @forced: signals that were forced on an init and not dequeued since; under
 *	siglock
 * @waited: the task stopped for an engine since a signal was reported; the
 *	task's own, as what follows
 * @held: the signal that was reported last was held
 * @reap_pending: reaped during the death report, whose end does the rest
 * @blocks: arrays of slots that were allocated, the newest first
 * @first: the array of slots to begin with
 *
 * The task itself walks over the engines, after its death the reaper.  So there
 * is one walk at a time, and it takes no lock: see walk.h.
 */
struct utrace {
	spinlock_t lock;	/* see above */
	refcount_t count;
	struct task_struct *task;
	struct utrace_slot *slots;
	unsigned int nr;
	unsigned int size;
	unsigned int bound;
	bool moving;
	bool holes;
	bool step_dirty;
	unsigned long reporting;
	unsigned int votes;
	enum utrace_life life;
	bool report;
	bool again;
	bool interrupt;
	bool handler;
	bool told;
	bool step_ours;
	bool step_probed;
	bool jctl_stopped;
	bool trap_again;
	sigset_t forced;
	bool waited;
	bool held;
	bool reap_pending;
	enum utrace_step_left step_left;
	wait_queue_head_t barrier;
	struct task_struct *cloning;
	struct utrace_block *blocks;
	struct utrace_slot first[UTRACE_FIRST_SLOTS];
};

/*
 * The first engine of @utrace if *@slot is NULL, else the one after *@slot, or
 * NULL; *@slot is its slot then.  Oldest first; utrace->lock held.
 */
static inline struct utrace_engine *
utrace_each(const struct utrace *utrace, struct utrace_slot **slot)
{
	const struct utrace_slot *end = utrace->slots + utrace->nr;

	*slot = *slot ? *slot + 1 : utrace->slots;
	while (*slot < end && !(*slot)->engine)
		++*slot;
	return *slot < end ? (*slot)->engine : NULL;
}

/**
 * struct utrace_report - one walk over the engines of a task
 * @utrace: of the task
 * @engine: whose callback was called last
 * @event: the event's bit, 0 before user mode and in a REPORT round
 * @wanted: engines with none of these in their mask are passed over
 * @next: where the walk looks for the next engine
 * @action: smallest resume action returned so far
 * @result: the event's own part of the action so far
 * @in_signal: a round of get_signal(), where another REPORT or INTERRUPT would
 *	have no end
 * @vote: @engine returned STOP, and that is not yet counted as its vote
 */
struct utrace_report {
	struct utrace *utrace;
	struct utrace_engine *engine;
	unsigned long event;
	unsigned long wanted;
	unsigned int next;
	u32 action;
	u32 result;
	bool in_signal;
	bool vote;
};

/* current cannot lose its sighand, and changes it only in its own exec */
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
void utrace_wait_moved(struct utrace *utrace);
void utrace_close_gaps(struct utrace *utrace, unsigned int first);
void utrace_close_gaps_after_walk(struct utrace *utrace);

/* clone.c */
int utrace_wait_started(struct task_struct *target, int flags);

/* control.c */
bool utrace_unlink_engine(struct utrace *utrace, struct utrace_engine *engine);
bool utrace_engine_on(struct utrace_engine *engine, struct task_struct *target);

/* exit.c */
bool utrace_reap_engine(struct utrace *utrace);

/* report.c */
void utrace_moved_on(struct utrace *utrace, unsigned long from);
bool utrace_start_quiesce(struct utrace_report *report,
			  struct utrace_engine *engine);
void utrace_act_on_answer(struct utrace_report *report,
			  struct utrace_engine *engine, u32 answer);
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
void utrace_end_immunity(void);

/* jctl.c */
void utrace_drop_trap_votes(struct utrace *utrace);
void utrace_report_trap(void);
void utrace_report_group_stop(struct utrace *utrace);
void utrace_restore_group_stop(struct task_struct *task);
void utrace_reenter_jctl_stop(void);
bool utrace_in_group_stop(struct task_struct *task);

#endif /* _KERNEL_UTRACE_INTERNAL_H */
