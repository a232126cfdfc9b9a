// SPDX-License-Identifier: GPL-2.0-only
/*
 * A task that stops for an engine and wakes its owner, which runs on the same
 * CPU with a higher priority, must not be preempted before it sleeps.
 * Otherwise wait_task_inactive() in the owner finds the task on the run queue,
 * and sleeps for a tick.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "fixture.h"

#define STOPS	200

static int calls(void)
{
	ut_step(1);
	for (;;)
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	return 0;
}

/* Start a child on this CPU.  The test is SCHED_FIFO: its wake-ups preempt. */
static pid_t child_here(void)
{
	struct sched_param sp = { .sched_priority = 1 };

	ut_pin(0);
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &sp))
		return -1;
	return ut_child(calls);
}

static long preempted(pid_t pid)
{
	const char *n = ut_status(pid, "nonvoluntary_ctxt_switches");

	return n ? atol(n) : -1;
}

/* Attach an engine that stops the child at each getppid, and log the stops. */
static int attach_told(pid_t pid, int cb, uint64_t event)
{
	int h = ut_attach_as(pid, UTRACE_ATTACH_CREATE, UT_OPS_STOPPED,
			     UT_HOW_TASK);

	if (h < 0)
		return h;
	ut_mute(h, ~(1UL << UT_STOPPED));
	ut_rule(h, cb, .match = __NR_getppid, ANSWER(UTRACE_STOP));
	return ut_events(h, event) ?: h;
}

/*
 * Returns how often the child was preempted in STOPS stops.  The owner waits in
 * utrace_prepare_examine(), with @barrier first in utrace_barrier().
 */
static long count_preempted(pid_t pid, const int *h, int n, bool barrier)
{
	long before = preempted(pid);
	int i, k;

	for (i = 0; i < STOPS; i++) {
		for (k = 0; k < n; k++)
			if (!ut_wait(-1, UT_STOPPED))
				return -1;
		for (k = 0; k < n; k++)
			if ((barrier && ut_barrier(h[k])) ||
			    ut_wait_examine(h[k]))
				return -1;
		for (k = 0; k < n; k++)
			if (ut_control(h[k], UTRACE_RESUME))
				return -1;
	}
	return preempted(pid) - before;
}

UT_LONG_TEST(owner_of_only_engine)
{
	pid_t pid = child_here();
	long n;
	int h;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, h = attach_told(pid, UT_SYSCALL_ENTRY, EV(SYSCALL_ENTRY)));
	ut_go(1);
	n = count_preempted(pid, &h, 1, false);
	EXPECT_LE(0, n);
	/* other tasks on this CPU may preempt the child as well */
	EXPECT_GT(STOPS / 2, n);
}

UT_LONG_TEST(owner_in_barrier)
{
	pid_t pid = child_here();
	long n;
	int h;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, h = attach_told(pid, UT_SYSCALL_EXIT, EV(SYSCALL_EXIT)));
	ut_go(1);
	n = count_preempted(pid, &h, 1, true);
	EXPECT_LE(0, n);
	EXPECT_GT(STOPS / 2, n);
}

UT_LONG_TEST(owner_of_two_engines)
{
	pid_t pid = child_here();
	int h[2], i;
	long n;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, ut_wait_at(1));
	for (i = 0; i < 2; i++)
		ASSERT_LE(0, h[i] = attach_told(pid, UT_SYSCALL_EXIT,
						EV(SYSCALL_EXIT)));
	ut_go(1);
	n = count_preempted(pid, h, 2, true);
	EXPECT_LE(0, n);
	EXPECT_GT(STOPS / 2, n);
}
