// SPDX-License-Identifier: GPL-2.0-only
/*
 * SECCOMP_RET_TRACE: the call fails with ENOSYS unless an engine or a tracer
 * takes the event.  An engine that passes on the action does not change that.
 */
#define _GNU_SOURCE
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define RAN	(getpid())
#define TAKE	ANSWER_ALL(UTRACE_SYSCALL_RUN | UTRACE_RESUME)

/* One filtered call at each step */
static int filtered(void)
{
	int n;

	ut_filter(__NR_getppid, SECCOMP_RET_TRACE | 42);
	for (n = 1; ; n++) {
		ut_step(n);
		ut_shm->val[0] = ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	}
	return 0;
}

static pid_t start(void)
{
	pid_t pid;

	ut_restart();
	pid = ut_child(filtered);
	return ut_wait_at(1) ? -1 : pid;
}

/* Returns the result of the child's next call. */
static long call(void)
{
	int n = ut_shm->at;

	ut_shm->val[0] = 0;
	ut_go(n);
	return ut_wait_at(n + 1) ? -ETIME : ut_shm->val[0];
}

UT_TEST(watched)
{
	static const uint64_t masks[] = {
		0, EV(SECCOMP), EV(SECCOMP) | EV(QUIESCE), EV(QUIESCE),
		EV(SECCOMP) | EV_SYSCALLS, EV_ALL & ~EV(GROUP_STOP),
	};
	pid_t pid = start();
	unsigned int i, k;
	int h[2];

	ASSERT_LT(0, pid);
	ASSERT_EQ(-ENOSYS, call());
	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		for (k = 0; k < ARRAY_SIZE(masks); k++) {
			ATTACH(h[0], pid, masks[i]);
			ATTACH(h[1], pid, masks[k]);
			ut_mute(h[0], ~0UL);
			ut_mute(h[1], ~0UL);
			EXPECT_EQ(-ENOSYS, call()) {
				TH_LOG("masks %#lx %#lx", (long)masks[i],
				       (long)masks[k]);
			}
			EXPECT_EQ(!!(masks[i] & EV(SECCOMP)),
				  ut_count(h[0], UT_SECCOMP));
			ut_control(h[0], UTRACE_DETACH);
			ut_control(h[1], UTRACE_DETACH);
			EXPECT_EQ(-ESRCH, ut_barrier(h[0]));
			EXPECT_EQ(-ESRCH, ut_barrier(h[1]));
		}
	}
	EXPECT_EQ(-ENOSYS, call());
}

/* The first engine gets UTRACE_SYSCALL_ABORT: the call fails by default. */
UT_TEST(told)
{
	pid_t pid = start();
	struct ut_rec *r;
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SECCOMP));
	EXPECT_EQ(-ENOSYS, call());
	WAIT(h, UT_SECCOMP);
	EXPECT_EQ(UTRACE_SYSCALL_ABORT | UTRACE_RESUME, r->action);
}

/* Any one of several engines can take the event. */
UT_TEST(taken)
{
	pid_t pid = start();
	int h[3], i, k;

	ASSERT_LT(0, pid);
	for (i = 0; i < 3; i++) {
		for (k = 0; k < 3; k++) {
			ATTACH(h[k], pid, EV(SECCOMP));
			ut_mute(h[k], ~0UL);
		}
		ut_rule(h[i], UT_SECCOMP, TAKE);
		EXPECT_EQ(RAN, call());
		for (k = 0; k < 3; k++)
			EXPECT_EQ(1, ut_count(h[k], UT_SECCOMP));
		ut_clear(h[i]);
		EXPECT_EQ(-ENOSYS, call());
		for (k = 0; k < 3; k++) {
			ut_control(h[k], UTRACE_DETACH);
			EXPECT_EQ(-ESRCH, ut_barrier(h[k]));
		}
	}
}

/* One engine takes the event, a later one aborts the call with a result. */
UT_TEST(taken_and_aborted)
{
	pid_t pid = start();
	int h[2];

	ASSERT_LT(0, pid);
	ATTACH(h[0], pid, EV(SECCOMP));
	ATTACH(h[1], pid, EV(SECCOMP));
	ut_rule(h[0], UT_SECCOMP, TAKE);
	ut_rule(h[1], UT_SECCOMP,
		ANSWER_ALL(UTRACE_SYSCALL_ABORT | UTRACE_RESUME),
		OPS(OP(SETREG, UT_AX, 1234)));
	EXPECT_EQ(1234, call());
	ut_clear(h[0]);
	EXPECT_EQ(1234, call());
	/* without the engine that sets a result: ENOSYS */
	ut_clear(h[1]);
	EXPECT_EQ(-ENOSYS, call());
}

/* A result that report_syscall_entry wrote is not that of an aborted call. */
UT_TEST(written_before)
{
	pid_t pid = start();
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SECCOMP) | EV(SYSCALL_ENTRY));
	ut_rule(h, UT_SYSCALL_ENTRY, OPS(OP(SETREG, UT_AX, 55)));
	EXPECT_EQ(-ENOSYS, call());
	ut_rule(h, UT_SECCOMP, TAKE);
	EXPECT_EQ(RAN, call());
}

/* The decision outlives a stop, and a second report after the stop. */
UT_TEST(stopped)
{
	static const int actions[] = { UTRACE_RESUME, UTRACE_REPORT,
				       UTRACE_INTERRUPT, UTRACE_DETACH };
	unsigned int i, take;
	int h, h2, n;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		for (take = 0; take < 2; take++) {
			pid = start();
			ASSERT_LT(0, pid);
			ATTACH(h, pid, EV(SECCOMP) | EV(QUIESCE));
			ATTACH(h2, pid, EV(SECCOMP));
			ut_mute(h, ~0UL);
			ut_mute(h2, ~0UL);
			ut_rule(h, UT_SECCOMP, NTH(1), ANSWER(UTRACE_STOP));
			if (take)
				ut_rule(h2, UT_SECCOMP, NTH(1), TAKE);
			n = ut_shm->at;
			ut_go(n);
			ASSERT_EQ(0, ut_wait_state(pid, 't'));
			EXPECT_EQ(0, ut_control(h, actions[i]));
			ASSERT_EQ(0, ut_wait_at(n + 1));
			EXPECT_EQ(take ? RAN : -ENOSYS, ut_shm->val[0]) {
				TH_LOG("taken %d, let go by %d", take,
				       actions[i]);
			}
		}
	}
}

/* A tracer with PTRACE_O_TRACESECCOMP takes the event, beside any engine. */
UT_TEST(beside_a_tracer)
{
	static const uint64_t masks[] = {
		0, EV(SECCOMP), EV(SECCOMP) | EV(QUIESCE),
	};
	unsigned int i, first;
	int h = 0, n, status;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(masks) * 2; i++) {
		first = i / ARRAY_SIZE(masks);
		pid = start();
		ASSERT_LT(0, pid);
		if (first)
			ATTACH(h, pid, masks[i % ARRAY_SIZE(masks)]);
		ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, 0, 0));
		if (!first)
			ATTACH(h, pid, masks[i % ARRAY_SIZE(masks)]);
		EXPECT_EQ(-ENOSYS, call());
		ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, pid, 0, 0));
		ASSERT_EQ(pid, waitpid(pid, &status, __WALL));
		ASSERT_EQ(0, ptrace(PTRACE_SETOPTIONS, pid, 0,
				    PTRACE_O_TRACESECCOMP));
		ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
		n = ut_shm->at;
		ut_go(n);
		ASSERT_EQ(pid, waitpid(pid, &status, __WALL));
		EXPECT_EQ(PTRACE_EVENT_SECCOMP, status >> 16);
		ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
		ASSERT_EQ(0, ut_wait_at(n + 1));
		EXPECT_EQ(RAN, ut_shm->val[0]);
		/* a tracer that detaches in the stop has taken the event */
		n = ut_shm->at;
		ut_go(n);
		ASSERT_EQ(pid, waitpid(pid, &status, __WALL));
		ASSERT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
		ASSERT_EQ(0, ut_wait_at(n + 1));
		EXPECT_EQ(RAN, ut_shm->val[0]);
		EXPECT_EQ(-ENOSYS, call());
	}
}
