// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_stopping and report_stopped of built-in engines: for which engines and
 * when they are called, and the effect of SIGKILL on a stop after the call.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define EVENT_OF(status)	((status) >> 16)

static int calls(void)
{
	ut_step(1);
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_step(2);
	return 7;
}

static int hold_at_exit(pid_t pid, int ops)
{
	int h = ut_attach_ops(pid, ops, EV(EXIT));

	if (h >= 0 && ut_rule(h, UT_EXIT, ANSWER(UTRACE_STOP)))
		return -1;
	return h;
}

static void stop_at_getppid(int h, int cb)
{
	ut_rule(h, cb, .match = __NR_getppid, ANSWER(UTRACE_STOP));
}

/* Called once for each stop, after the callback that requested the stop. */
UT_TEST(told_of_each_stop)
{
	pid_t pid = ut_child(calls);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, h = ut_attach_ops(pid, UT_OPS_STOPPED, EV_SYSCALLS));
	stop_at_getppid(h, UT_SYSCALL_ENTRY);
	stop_at_getppid(h, UT_SYSCALL_EXIT);
	ut_go(1);
	WAIT_ARG(h, UT_SYSCALL_ENTRY, __NR_getppid);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_STOPPED, r->cb);
	EXPECT_EQ(EV(SYSCALL_ENTRY), r->arg[0]);
	EXPECT_EQ(1, r->arg[1]);
	EXPECT_EQ(1, r->arg[2]);
	ASSERT_EQ(0, ut_wait_examine(h));
	ASSERT_EQ(0, ut_control(h, UTRACE_RESUME));
	WAIT_ARG(h, UT_SYSCALL_EXIT, __NR_getppid);
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_STOPPED, r->cb);
	EXPECT_EQ(EV(SYSCALL_EXIT), r->arg[0]);
	EXPECT_EQ(1, r->arg[2]);
	ASSERT_EQ(0, ut_wait_examine(h));
	ASSERT_EQ(0, ut_control(h, UTRACE_RESUME));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(2, ut_count(h, UT_STOPPED));
}

/* A stop that utrace_control() requested: the event argument is 0. */
UT_TEST(told_of_stop_from_outside)
{
	pid_t pid = ut_child(calls);
	struct ut_rec *r;
	int h, ret;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, h = ut_attach_ops(pid, UT_OPS_STOPPED, 0));
	ret = ut_control(h, UTRACE_STOP);
	ASSERT_TRUE(!ret || ret == -EINPROGRESS);
	WAIT_ARG(h, UT_STOPPED, 0);
	EXPECT_EQ(1, r->arg[1]);
	EXPECT_EQ(1, r->arg[2]);
	ASSERT_EQ(0, ut_wait_examine(h));
	ASSERT_EQ(0, ut_control(h, UTRACE_RESUME));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(1, ut_count(h, UT_STOPPED));
}

/* Called for the engines that requested the stop, not for the others. */
UT_TEST(only_voters_are_told)
{
	pid_t pid = ut_child(calls);
	struct ut_rec *r;
	int h[3], i;

	ASSERT_EQ(0, ut_wait_at(1));
	for (i = 0; i < 3; i++)
		ASSERT_LE(0, h[i] = ut_attach_ops(pid, UT_OPS_STOPPED, EV_SYSCALLS));
	stop_at_getppid(h[0], UT_SYSCALL_EXIT);
	stop_at_getppid(h[2], UT_SYSCALL_EXIT);
	ut_go(1);
	for (i = 0; i < 3; i += 2) {
		WAIT_ARG(-1, UT_STOPPED, EV(SYSCALL_EXIT));
		EXPECT_EQ(1, r->arg[2]);
		EXPECT_EQ(h[i], r->handle);
		EXPECT_EQ(1, r->arg[1]);
	}
	ASSERT_EQ(0, ut_wait_examine(h[0]));
	ASSERT_EQ(0, ut_control(h[0], UTRACE_RESUME));
	/* h[2] still holds the task: no new stop, no second call */
	ASSERT_EQ(0, ut_wait_examine(h[2]));
	ASSERT_EQ(0, ut_control(h[2], UTRACE_RESUME));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(1, ut_count(h[0], UT_STOPPED));
	EXPECT_EQ(0, ut_count(h[1], UT_STOPPED));
	EXPECT_EQ(1, ut_count(h[2], UT_STOPPED));
}

/* The callback may resume the task: the task does not sleep. */
UT_TEST(lets_go_when_told)
{
	pid_t pid = ut_child(calls);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, h = ut_attach_ops(pid, UT_OPS_STOPPED, EV_SYSCALLS));
	stop_at_getppid(h, UT_SYSCALL_EXIT);
	ut_rule(h, UT_STOPPED, OPS(OP(CONTROL, -1, UTRACE_RESUME)));
	ut_go(1);
	WAIT_OP(h, CONTROL);
	EXPECT_EQ(0, (int64_t)r->arg[1]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/*
 * If the process is exiting already, SIGKILL does not end a stop that an engine
 * with report_stopped holds.  It ends one that only other engines hold.
 */
UT_TEST(late_kill)
{
	pid_t pid = ut_child(calls);
	struct ut_rec *r;
	int told, other;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, told = hold_at_exit(pid, UT_OPS_STOPPED));
	ASSERT_LE(0, other = hold_at_exit(pid, UT_OPS_A));
	ut_go(2);
	WAIT_ARG(told, UT_STOPPED, EV(EXIT));
	kill(pid, SIGKILL);
	ASSERT_EQ(0, ut_wait_examine(told));
	EXPECT_EQ(0, ut_control(told, UTRACE_RESUME));
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(1, ut_count(other, UT_EXIT));
}

UT_TEST(late_kill_of_the_others)
{
	pid_t pid = ut_child(calls);
	struct ut_rec *r;
	int told, other;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, told = hold_at_exit(pid, UT_OPS_STOPPED));
	ASSERT_LE(0, other = hold_at_exit(pid, UT_OPS_A));
	ut_go(2);
	WAIT_ARG(told, UT_STOPPED, EV(EXIT));
	ASSERT_EQ(0, ut_wait_examine(told));
	EXPECT_EQ(0, ut_control(told, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_examine(other));
	kill(pid, SIGKILL);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* SIGKILL after the task has stopped, before the tracer is notified. */
UT_TEST(late_kill_before_tracer_knows)
{
	pid_t pid = ut_child(calls);
	struct ut_rec *r;
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	/* attached first, so called before ptrace's engine */
	ASSERT_LE(0, h = hold_at_exit(pid, UT_OPS_STOPPED));
	/* the record of CONTROL is logged before SPIN, which delays ptrace */
	ut_rule(h, UT_STOPPED, OPS(OP(CONTROL, -1, UTRACE_RESUME),
				   OP(SPIN, 1)));
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT));
	ut_go(2);
	WAIT_OP(h, CONTROL);
	kill(pid, SIGKILL);
	ut_gate(1, true);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	EXPECT_EQ(PTRACE_EVENT_EXIT, EVENT_OF(status));
	EXPECT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	EXPECT_EQ(7 << 8, ut_reap(pid));
}
