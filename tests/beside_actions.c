// SPDX-License-Identifier: GPL-2.0-only
/*
 * An engine steps a task that is in a ptrace stop, or gives it a signal: each
 * kind of stop, with the engine attached before and after the tracer.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "beside/variants.h"

/* Go on stepping until the SIGTRAP has come, which is dropped */
static void step_as(struct bs_run *run, int step)
{
	BS_CHECK(run, !ut_rule(run->h, UT_QUIESCE, ANSWER(step)));
	/* a new one, not one of the tracer's that is asked for again */
	BS_CHECK(run, !ut_rule(run->h, UT_SIGNAL, .match = SIGTRAP,
			       .kind_mask = UTRACE_SIGNAL_MASK,
			       .kind = UTRACE_SIGNAL_CORE,
			       ANSWER_ALL(UTRACE_SIGNAL_IGN | UTRACE_RESUME),
			       OPS(OP(SETEVENTS, -1, 0))));
	BS_CHECK(run, !ut_rule(run->h, UT_SIGNAL, ANSWER(step)));
	BS_CHECK(run, ut_control(run->h, step) == 0);
}

static void single_step(struct bs_run *run)
{
	step_as(run, UTRACE_SINGLESTEP);
	bs_check_stopped(run);
}

static void block_step(struct bs_run *run)
{
	step_as(run, UTRACE_BLOCKSTEP);
	bs_check_stopped(run);
}

/* Its SIGTRAP is a signal as any other: the tracer sees it, once */
static void check_traps(struct bs_run *run)
{
	BS_CHECK(run, run->traps == (run->kind->exits ? 0 : 1));
}

/* Apart from that SIGTRAP the tracer sees what it would see anyway */
UT_TEST(steps)
{
	static const struct bs_action action = {
		.events = EV(QUIESCE) | EV_SIGNALS, .traps = true,
		.stopped = single_step, .ended = check_traps,
	};

	EXPECT_SAME(NULL, &action);
}

UT_TEST(steps_a_block)
{
	static const struct bs_action action = {
		.events = EV(QUIESCE) | EV_SIGNALS, .traps = true,
		.stopped = block_step, .ended = check_traps,
	};

	EXPECT_SAME(NULL, &action);
}

/* The step waits for what else holds the task */
static void stop_at_event(struct bs_run *run)
{
	bs_rule(run, ANSWER(UTRACE_STOP));
}

static void step_when_held(struct bs_run *run)
{
	bs_check_held(run);
	/* other callbacks would answer RESUME */
	BS_CHECK(run, ut_events(run->h, EV(QUIESCE) | EV_SIGNALS) == 0);
	step_as(run, UTRACE_SINGLESTEP);
}

UT_TEST(holds_and_steps)
{
	static const struct bs_action action = {
		.events = BS_ALL, .traps = true, .prepare = stop_at_event,
		.resumed = step_when_held, .ended = check_traps,
	};

	EXPECT_SAME(NULL, &action);
}

/*
 * A signal with the action the task has for it, in a round without one: not in
 * that which asks again about a signal the engine held the task for.
 */
static int signal_rule(struct bs_run *run)
{
	return ut_rule(run->h, UT_SIGNAL, .match = 0, NTH(1),
		       .kind_mask = UTRACE_SIGNAL_MASK,
		       .kind = UTRACE_SIGNAL_REPORT,
		       ANSWER_ALL(UTRACE_SIGNAL_DELIVER | UTRACE_RESUME),
		       OPS(OP(SETSIG, SIGUSR2, 5), OP(OWNKA, SIGUSR2)));
}

static void inject(struct bs_run *run)
{
	BS_CHECK(run, !signal_rule(run));
	BS_CHECK(run, ut_control(run->h, UTRACE_INTERRUPT) == 0);
	bs_check_stopped(run);
}

static void hold_and_inject(struct bs_run *run)
{
	bs_check_held(run);
	BS_CHECK(run, !signal_rule(run));
	BS_CHECK(run, ut_control(run->h, UTRACE_INTERRUPT) == 0);
}

/* Its handler has run, once; the tracer's transcript has nothing of it */
static void check_injected(struct bs_run *run)
{
	if (!run->kind->execs)
		BS_CHECK(run, ut_shm->flag[BS_USR2] == !run->kind->exits);
	ut_shm->flag[BS_USR2] = 0;
	if (run->kind->execs)
		BS_CHECK(run, run->status == SIGUSR2);
}

static int injected(const struct bs_kind *kind, const struct bs_action *action)
{
	static const struct bs_action briefly = { .brief = true };
	enum bs_order order;

	if (!kind->execs)
		return bs_same(kind, &briefly, action);
	/* an execve has reset the handler: the signal ends the process */
	for (order = BS_BEFORE; order <= BS_AFTER; order++) {
		if (!bs_run(&bs_with, kind, action, order))
			continue;
		fprintf(stderr, "# %s: %s\n%s\n", kind->name, bs_with.wrong,
			bs_with.text);
		return -1;
	}
	return 0;
}

UT_TEST(injects)
{
	static const struct bs_action action = {
		.events = EV_SIGNALS, .brief = true,
		.stopped = inject, .ended = check_injected,
	};

	EXPECT_EQ(0, injected(variant->kind, &action));
}

/* INTERRUPT is also what lets go of the task then */
UT_TEST(holds_and_injects)
{
	static const struct bs_action action = {
		.events = BS_ALL & ~EV(QUIESCE), .brief = true,
		.prepare = stop_at_event, .resumed = hold_and_inject,
		.ended = check_injected,
	};

	EXPECT_EQ(0, injected(variant->kind, &action));
}
