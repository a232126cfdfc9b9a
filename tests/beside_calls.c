// SPDX-License-Identifier: GPL-2.0-only
/*
 * An engine that aborts system calls and changes signals beside a ptracer,
 * and a ptracer that comes to a task which an engine holds.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "beside/beside.h"

static void abort_call(struct bs_run *run)
{
	bs_rule(run, ANSWER_ALL(UTRACE_SYSCALL_ABORT | UTRACE_RESUME),
		OPS(OP(SETREG, UT_AX, -BS_ERRNO)));
}

static void abort_and_stop(struct bs_run *run)
{
	bs_rule(run, ANSWER_ALL(UTRACE_SYSCALL_ABORT | UTRACE_STOP),
		OPS(OP(SETREG, UT_AX, -BS_ERRNO)));
}

static void resume_held(struct bs_run *run)
{
	bs_check_held(run);
	BS_CHECK(run, ut_control(run->h, UTRACE_RESUME) == 0);
}

/* Not carried out, and the engine's result is what everybody sees */
static void check_aborted(struct bs_run *run)
{
	BS_CHECK(run, ut_shm->val[BS_RESULT] == -BS_ERRNO);
	BS_CHECK(run, ut_shm->val[BS_NEXT] == run->kind->untouched);
	BS_CHECK(run, run->ax == -BS_ERRNO);
	ut_shm->val[BS_RESULT] = 0;
	ut_shm->val[BS_NEXT] = 0;
}

static void check_natural(struct bs_run *run)
{
	BS_CHECK(run, ut_shm->val[BS_RESULT] == run->kind->natural);
	ut_shm->val[BS_RESULT] = 0;
	ut_shm->val[BS_NEXT] = 0;
}

static const struct bs_action natural = {
	.brief = true, .ended = check_natural,
};

/* The tracer gets the same stops, with the engine's result in them */
UT_TEST(aborts)
{
	static const struct bs_action aborts = {
		.events = EV(SYSCALL_ENTRY) | EV(SECCOMP), .brief = true,
		.prepare = abort_call, .ended = check_aborted,
	}, holds_and_aborts = {
		.events = EV(SYSCALL_ENTRY) | EV(SECCOMP), .brief = true,
		.prepare = abort_and_stop, .resumed = resume_held,
		.ended = check_aborted,
	};

	static const struct bs_kind *const kinds[] = {
		&bs_entry, &bs_sysemu, &bs_seccomp,
	};
	int i;

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, bs_same(kinds[i], &natural, &aborts));
		EXPECT_EQ(0, bs_same(kinds[i], &natural, &holds_and_aborts));
		EXPECT_EQ(7 << 8, bs_alone.status);
	}
}

static void change_signal(struct bs_run *run)
{
	bs_rule(run, ANSWER(UTRACE_RESUME), OPS(OP(SETSIG, SIGUSR2, 5)));
}

/* Who changes it before the tracer sees it decides what the tracer sees */
UT_TEST(changes_signal_before)
{
	static const struct bs_action action = {
		.events = EV_SIGNALS, .brief = true, .prepare = change_signal,
	};

	ASSERT_EQ(0, bs_run(&bs_with, &bs_signal, &action, BS_BEFORE)) {
		TH_LOG("%s\n%s", bs_with.wrong, bs_with.text);
	}
	EXPECT_EQ(7 << 8, bs_with.status);
	EXPECT_NE(NULL, strstr(bs_with.text, "status c7f\n")) {
		TH_LOG("%s", bs_with.text);
	}
	EXPECT_EQ(1, ut_shm->flag[BS_USR2]);
	EXPECT_EQ(0, ut_shm->flag[BS_USR1]);
}

/* Else the tracer's is the last word: it says the number it was told */
UT_TEST(changes_signal_after)
{
	static const struct bs_action action = {
		.events = EV_SIGNALS, .brief = true, .prepare = change_signal,
	};

	ASSERT_EQ(0, bs_run(&bs_with, &bs_signal, &action, BS_AFTER)) {
		TH_LOG("%s\n%s", bs_with.wrong, bs_with.text);
	}
	EXPECT_EQ(7 << 8, bs_with.status);
	EXPECT_NE(NULL, strstr(bs_with.text, "status a7f\n")) {
		TH_LOG("%s", bs_with.text);
	}
	EXPECT_EQ(1, ut_shm->flag[BS_USR1]);
	EXPECT_EQ(0, ut_shm->flag[BS_USR2]);
}

static int waits(void)
{
	ut_step(1);
	return 7;
}

static int stops_itself(void)
{
	kill(getpid(), SIGSTOP);
	return 7;
}

static bool no_stop(pid_t pid)
{
	int status;

	return waitpid(pid, &status, WNOHANG | __WALL) == 0 &&
		ptrace(PTRACE_CONT, pid, 0, 0) == -1 && errno == ESRCH &&
		ptrace(PTRACE_DETACH, pid, 0, 0) == -1 && errno == ESRCH;
}

/* ATTACH and SEIZE return at once; their stop comes when the engine lets go */
UT_TEST(attach_to_held)
{
	static const int request[] = { PTRACE_ATTACH, PTRACE_SEIZE };
	int i, h, status;
	pid_t pid;

	for (i = 0; i < 2; i++) {
		ut_restart();
		pid = ut_child(waits);
		ASSERT_EQ(0, ut_wait_at(1));
		ATTACH(h, pid, BS_HOLDER);
		EXPECT_EQ(-EINPROGRESS, ut_control(h, UTRACE_STOP));
		ASSERT_EQ(0, ut_wait_examine(h));
		ASSERT_EQ(0, ptrace(request[i], pid, 0, 0));
		if (i)
			ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, pid, 0, 0));
		EXPECT_TRUE(no_stop(pid));
		EXPECT_EQ(0, ut_wait_examine(h));
		EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
		ASSERT_EQ(pid, waitpid(pid, &status, __WALL));
		EXPECT_EQ(i ? SIGTRAP | PTRACE_EVENT_STOP << 8 : SIGSTOP,
			  status >> 8);
		EXPECT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
		ut_go(1);
		EXPECT_EQ(7 << 8, ut_reap(pid));
	}
}

/* ATTACH waits for a job control stop to become a ptrace stop: not for this */
UT_TEST(attach_to_held_in_group_stop)
{
	static const int request[] = { PTRACE_ATTACH, PTRACE_SEIZE };
	int i, h, status;
	pid_t pid;

	for (i = 0; i < 2; i++) {
		pid = ut_child(stops_itself);
		ASSERT_EQ(0, ut_wait_state(pid, 'T'));
		ATTACH(h, pid, BS_HOLDER);
		ut_control(h, UTRACE_STOP);
		ASSERT_EQ(0, ut_wait_examine(h));
		alarm(10 * ut_slow);	/* one that hangs is killed by it */
		ASSERT_EQ(0, ptrace(request[i], pid, 0, 0));
		alarm(0);
		EXPECT_TRUE(no_stop(pid));
		EXPECT_EQ(0, ut_wait_examine(h));
		EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
		ASSERT_EQ(pid, waitpid(pid, &status, __WALL));
		EXPECT_EQ(i ? SIGSTOP | PTRACE_EVENT_STOP << 8 : SIGSTOP,
			  status >> 8);
		EXPECT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
		EXPECT_EQ(0, ut_wait_state(pid, 'T'));
		kill(pid, SIGCONT);
		EXPECT_EQ(7 << 8, ut_reap(pid));
	}
}

/* The tracer asks for a stop while only the engine holds the task */
static void interrupt_held(struct bs_run *run)
{
	bs_check_held(run);
	BS_CHECK(run, !ptrace(PTRACE_INTERRUPT, run->pid, 0, 0));
	bs_check_held(run);
	BS_CHECK(run, ut_control(run->h, UTRACE_RESUME) == 0);
}

static void stop(struct bs_run *run)
{
	BS_CHECK(run, ut_control(run->h, UTRACE_STOP) == 0);
}

UT_TEST(interrupt_of_held)
{
	static const struct bs_action action = {
		.events = BS_HOLDER, .brief = true,
		.stopped = stop, .resumed = interrupt_held,
	};
	enum bs_order order;

	for (order = BS_BEFORE; order <= BS_AFTER; order++) {
		ASSERT_EQ(0, bs_run(&bs_with, &bs_exit, &action, order)) {
			TH_LOG("%s\n%s", bs_with.wrong, bs_with.text);
		}
		EXPECT_EQ(7 << 8, bs_with.status);
		/* PTRACE_EVENT_STOP, SIGTRAP */
		EXPECT_NE(NULL, strstr(bs_with.text, "status 80057f\n")) {
			TH_LOG("%s", bs_with.text);
		}
	}
}
