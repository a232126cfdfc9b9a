// SPDX-License-Identifier: GPL-2.0-only
/*
 * An engine stops a task that is in a ptrace stop, and lets it go: each kind
 * of stop, with the engine attached before and after the tracer.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "beside/variants.h"

static void resume_held(struct bs_run *run)
{
	bs_check_held(run);
	BS_CHECK(run, ut_control(run->h, UTRACE_RESUME) == 0);
}

/* It watches everything and asks for nothing */
UT_TEST(watches)
{
	static const struct bs_action action = { .events = BS_ALL };

	EXPECT_SAME(NULL, &action);
}

static void stop(struct bs_run *run)
{
	BS_CHECK(run, ut_control(run->h, UTRACE_STOP) == 0);
	bs_check_stopped(run);
}

/* A vote during the ptrace stop: in force when the tracer lets go */
UT_TEST(stops_in_the_stop)
{
	static const struct bs_action action = {
		.events = BS_HOLDER, .stopped = stop, .resumed = resume_held,
	};

	EXPECT_SAME(NULL, &action);
}

static void answer_stop(struct bs_run *run)
{
	bs_rule(run, ANSWER(UTRACE_STOP));
}

/* Its own callback for the event answers STOP */
UT_TEST(stops_at_the_event)
{
	static const struct bs_action action = {
		.events = BS_ALL, .prepare = answer_stop,
		.stopped = bs_check_stopped, .resumed = resume_held,
	};

	EXPECT_SAME(NULL, &action);
}

static void stop_and_resume(struct bs_run *run)
{
	stop(run);
	BS_CHECK(run, ut_control(run->h, UTRACE_RESUME) == 0);
	bs_check_stopped(run);
}

/* It lets go first: the ptrace stop stays */
UT_TEST(resumes_in_the_stop)
{
	static const struct bs_action action = {
		.events = BS_HOLDER, .stopped = stop_and_resume,
	};

	EXPECT_SAME(NULL, &action);
}

static void detach(struct bs_run *run)
{
	BS_CHECK(run, ut_control(run->h, UTRACE_DETACH) == 0);
}

static void stop_and_detach(struct bs_run *run)
{
	stop(run);
	detach(run);
	bs_check_stopped(run);
}

UT_TEST(leaves_in_the_stop)
{
	static const struct bs_action action = {
		.events = BS_HOLDER, .stopped = stop_and_detach,
	};

	EXPECT_SAME(NULL, &action);
}

static void detach_held(struct bs_run *run)
{
	bs_check_held(run);
	detach(run);
}

/* To leave is to let go, also of what it said in its callback */
UT_TEST(leaves_when_it_holds)
{
	static const struct bs_action action = {
		.events = BS_ALL, .prepare = answer_stop,
		.resumed = detach_held,
	};

	EXPECT_SAME(NULL, &action);
}

/* What is left to do for a child whose tracer has gone */
static void without_tracer(struct bs_run *run)
{
	if (run->kind->group_stop) {
		BS_CHECK(run, !ut_wait_state(run->pid, 'T'));
		kill(run->pid, SIGCONT);
	} else if (run->kind->sleeps) {
		BS_CHECK(run, !ut_wait_syscall(run->pid, __NR_pause));
		kill(run->pid, SIGUSR1);
	}
}

/* A stop that is LISTENed to is not one to DETACH from */
static void leave(struct bs_run *run)
{
	if (run->kind->listens)
		BS_CHECK(run, !ptrace(PTRACE_INTERRUPT, run->pid, 0, 0) &&
			 waitpid(run->pid, &run->status, 0) == run->pid);
	bs_leave(run);
}

static void stop_and_leave(struct bs_run *run)
{
	int status;

	stop(run);
	leave(run);
	BS_CHECK(run, !ut_wait_examine(run->h));
	BS_CHECK(run, waitpid(run->pid, &status, WNOHANG) == 0);
	BS_CHECK(run, ut_state(run->pid) == 't');
	BS_CHECK(run, ut_control(run->h, UTRACE_RESUME) == 0);
}

/* The tracer's DETACH does not wait for the engine, which goes on holding */
UT_TEST(tracer_leaves)
{
	static const struct bs_action alone = {
		.stopped = leave, .resumed = without_tracer,
	};
	static const struct bs_action action = {
		.events = BS_HOLDER, .stopped = stop_and_leave,
		.resumed = without_tracer,
	};

	EXPECT_SAME(&alone, &action);
}

static void kill_both(struct bs_run *run)
{
	stop(run);
	if (!run->kind->exits)
		bs_kill(run);
}

static void kill_held(struct bs_run *run)
{
	bs_check_held(run);
	bs_kill(run);
}

static const struct bs_action killed[] = {
	{ .events = BS_HOLDER, .stopped = kill_both, .resumed = kill_held },
	{ .events = BS_HOLDER, .stopped = stop, .resumed = kill_held },
	{ .events = BS_ALL, .prepare = answer_stop, .resumed = kill_held },
};

/* SIGKILL ends both stops, and the one that is only the engine's */
UT_TEST(is_killed)
{
	/* its exit code stands already */
	int end = variant->kind->exits ? variant->kind->end : SIGKILL;
	int i, order;

	for (i = 0; i < 3; i++) {
		for (order = BS_BEFORE; order <= BS_AFTER; order++) {
			bs_run(&bs_with, variant->kind, &killed[i], order);
			EXPECT_STREQ("", bs_with.wrong) {
				TH_LOG("way %d, order %d:\n%s", i, order,
				       bs_with.text);
			}
			EXPECT_EQ(end, bs_with.status);
		}
	}
}
