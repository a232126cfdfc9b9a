// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cgroup freezer, system suspend, and stops of engines.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define GROUP	"/sys/fs/cgroup/utrace_test"
#define COUNTER	ut_shm->flag[5]

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS;
}

static int freeze(int on)
{
	return ut_write_str(GROUP "/cgroup.freeze", on ? "1" : "0");
}

static int frozen(void)
{
	char buf[256] = "";
	FILE *f = fopen(GROUP "/cgroup.events", "r");
	int ret = -1;

	while (f && fgets(buf, sizeof(buf), f))
		sscanf(buf, "frozen %d", &ret);
	if (f)
		fclose(f);
	return ret;
}

static int wait_frozen(int want)
{
	long start = 0;

	while (frozen() != want)
		if (ut_expired(&start)) {
			fprintf(stderr, "# frozen is %d, not %d\n", frozen(),
				want);
			return -ETIME;
		}
	return 0;
}

/* The counter stands still: looked at until the freezer or a stop says so */
static int counting(void)
{
	ut_step(1);
	while (ut_shm->go < 2)
		COUNTER++;
	return 7;
}

static int runs(void)
{
	int count = COUNTER;
	long start = 0;

	while (COUNTER == count)
		if (ut_expired(&start))
			return -ETIME;
	return 0;
}

FIXTURE(freezer) {
	pid_t pid;
	int h;
};

FIXTURE_SETUP(freezer)
{
	char buf[16];

	ASSERT_EQ(0, ut_setup());
	mkdir(GROUP, 0755);
	ASSERT_EQ(0, freeze(0));
	self->pid = ut_child(counting);
	snprintf(buf, sizeof(buf), "%d", self->pid);
	ASSERT_EQ(0, ut_write_str(GROUP "/cgroup.procs", buf));
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(self->h, self->pid, EV(QUIESCE) | EV_SIGNALS);
	ut_go(1);
}

FIXTURE_TEARDOWN(freezer)
{
	const char *complaint = ut_complaint();

	EXPECT_EQ(NULL, complaint) {
		TH_LOG("%s", complaint);
	}
	freeze(0);
	ut_teardown();
	rmdir(GROUP);
}

#define FREEZER_TEST(name)	TEST_F_TIMEOUT(freezer, name, 45)

/* Frozen first: the stop takes hold when it is thawed, before it runs */
FREEZER_TEST(frozen_then_stopped)
{
	int count;

	ASSERT_EQ(0, freeze(1));
	ASSERT_EQ(0, wait_frozen(1));
	count = COUNTER;
	ut_rule(self->h, UT_QUIESCE, NTH(1), ANSWER(UTRACE_STOP));
	EXPECT_TRUE(ok_or_running(ut_control(self->h, UTRACE_STOP)));
	ASSERT_EQ(0, wait_frozen(1));
	EXPECT_EQ(count, COUNTER);
	ASSERT_EQ(0, freeze(0));
	ASSERT_EQ(0, ut_wait_state(self->pid, 't'));
	EXPECT_EQ(count, COUNTER);
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	EXPECT_EQ(0, runs());
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(self->pid));
}

/* Stopped first: counts as frozen, and stays put in either's hold */
FREEZER_TEST(stopped_then_frozen)
{
	int count;

	ut_rule(self->h, UT_QUIESCE, NTH(1), ANSWER(UTRACE_STOP));
	EXPECT_TRUE(ok_or_running(ut_control(self->h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(self->pid, 't'));
	count = COUNTER;
	ASSERT_EQ(0, freeze(1));
	ASSERT_EQ(0, wait_frozen(1));
	/* the engine lets go: it is frozen still */
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	ASSERT_EQ(0, wait_frozen(1));
	EXPECT_EQ(count, COUNTER);
	ASSERT_EQ(0, freeze(0));
	EXPECT_EQ(0, runs());
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(self->pid));
}

FREEZER_TEST(stopped_frozen_thawed)
{
	int count;

	ut_rule(self->h, UT_QUIESCE, NTH(1), ANSWER(UTRACE_STOP));
	EXPECT_TRUE(ok_or_running(ut_control(self->h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(self->pid, 't'));
	count = COUNTER;
	ASSERT_EQ(0, freeze(1));
	ASSERT_EQ(0, wait_frozen(1));
	ASSERT_EQ(0, freeze(0));
	ASSERT_EQ(0, wait_frozen(0));
	/* thawed: in the engine's hold still */
	EXPECT_EQ('t', ut_state(self->pid));
	EXPECT_EQ(0, ut_control(self->h, UTRACE_STOP));
	EXPECT_EQ(0, ut_prepare(self->h));
	EXPECT_EQ(0, ut_finish(self->h));
	EXPECT_EQ(count, COUNTER);
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	EXPECT_EQ(0, runs());
}

FREEZER_TEST(killed_frozen_and_stopped)
{
	ut_rule(self->h, UT_QUIESCE, NTH(1), ANSWER(UTRACE_STOP));
	EXPECT_TRUE(ok_or_running(ut_control(self->h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(self->pid, 't'));
	ASSERT_EQ(0, freeze(1));
	ASSERT_EQ(0, wait_frozen(1));
	kill(self->pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(self->pid));
}

FREEZER_TEST(killed_frozen_with_vote)
{
	ASSERT_EQ(0, freeze(1));
	ASSERT_EQ(0, wait_frozen(1));
	EXPECT_TRUE(ok_or_running(ut_control(self->h, UTRACE_STOP)));
	kill(self->pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(self->pid));
}

/* Group stop, freezer and engine together, let go one after another */
FREEZER_TEST(three_holds)
{
	int status, count;

	kill(self->pid, SIGSTOP);
	ASSERT_EQ(self->pid, waitpid(self->pid, &status, WUNTRACED));
	ASSERT_EQ(0, ut_wait_state(self->pid, 'T'));
	count = COUNTER;
	ASSERT_EQ(0, freeze(1));
	ASSERT_EQ(0, wait_frozen(1));
	EXPECT_TRUE(ok_or_running(ut_control(self->h, UTRACE_STOP)));
	ASSERT_EQ(0, wait_frozen(1));
	kill(self->pid, SIGCONT);
	ASSERT_EQ(0, wait_frozen(1));
	EXPECT_EQ(count, COUNTER);
	ASSERT_EQ(0, freeze(0));
	/* SIGCONT itself may have been answered by report_signal, RESUME */
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	EXPECT_EQ(0, runs());
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(self->pid));
}

/* Attach and detach do not wake what is frozen */
FREEZER_TEST(attach_to_frozen)
{
	int i, h, count;

	ASSERT_EQ(0, freeze(1));
	ASSERT_EQ(0, wait_frozen(1));
	count = COUNTER;
	for (i = 0; i < 10; i++) {
		ATTACH(h, self->pid, EV_ALL);
		EXPECT_EQ(0, ut_barrier(h));
		EXPECT_EQ(0, ut_control(h, UTRACE_REPORT));
		EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
		EXPECT_EQ(-ESRCH, ut_barrier(h));
	}
	EXPECT_EQ(1, frozen());
	EXPECT_EQ(count, COUNTER);
	ASSERT_EQ(0, freeze(0));
	EXPECT_EQ(0, runs());
}

/* INTERRUPT of a frozen task: asked now or at the thaw, and frozen between */
FREEZER_TEST(interrupt_of_frozen)
{
	ASSERT_EQ(0, freeze(1));
	ASSERT_EQ(0, wait_frozen(1));
	EXPECT_EQ(0, ut_control(self->h, UTRACE_INTERRUPT));
	ASSERT_EQ(0, wait_frozen(1));
	ASSERT_EQ(0, freeze(0));
	ASSERT_NE(NULL, ut_wait(self->h, UT_SIGNAL));
	EXPECT_EQ(0, runs());
}

static int suspend(void)
{
	int ret = 0;

	if (access("/sys/power/pm_test", W_OK))
		return -ENOENT;
	ut_write_str("/sys/module/suspend/parameters/pm_test_delay", "1");
	ret = ut_write_str("/sys/power/pm_test", "freezer");
	if (!ret)
		ret = ut_write_str("/sys/power/state", "freeze");
	ut_write_str("/sys/power/pm_test", "none");
	return ret;
}

/* The whole system is frozen and thawed: what was parked stays so */
FREEZER_TEST(suspend_while_parked)
{
	int count, ret;

	ut_rule(self->h, UT_QUIESCE, NTH(1), ANSWER(UTRACE_STOP));
	EXPECT_TRUE(ok_or_running(ut_control(self->h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(self->pid, 't'));
	count = COUNTER;
	ret = suspend();
	if (ret == -ENOENT)
		SKIP(return, "no /sys/power/pm_test");
	EXPECT_EQ(0, ret);
	EXPECT_EQ('t', ut_state(self->pid));
	EXPECT_EQ(0, ut_control(self->h, UTRACE_STOP));
	EXPECT_EQ(count, COUNTER);
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	EXPECT_EQ(0, runs());
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(self->pid));
}

/* --- parked over fork --------------------------------------------------- */

static int fork_one(void)
{
	pid_t pid;

	ut_step(1);
	pid = fork();
	if (!pid) {
		COUNTER = 1;
		_exit(3);
	}
	ut_shm->val[0] = pid;
	ut_shm->at = 2;
	waitpid(pid, (int *)&ut_shm->flag[6], 0);
	return 7;
}

/*
 * The parent is held at its fork, the child before its first instruction:
 * each goes when it is let go, in both orders, and a suspend in between
 */
static void over_fork(struct __test_metadata *_metadata, bool child_first,
		      bool suspended)
{
	pid_t pid = ut_child(fork_one), child;
	struct ut_rec *r;
	int h, hc;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	/* the child's engine gets the next handle */
	hc = h + 1;
	ut_rule(h, UT_CLONE, ANSWER(UTRACE_STOP),
		OPS(OP(ATTACHCHILD, 0), OP(CONTROL, hc, UTRACE_STOP)));
	ut_go(1);
	WAIT(h, UT_CLONE);
	child = r->arg[1];
	WAIT_OP(h, ATTACHCHILD);
	ASSERT_EQ(hc, r->arg[1]);
	WAIT_OP(h, CONTROL);
	EXPECT_TRUE(ok_or_running((int)r->arg[1]));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	ASSERT_EQ(0, ut_wait_state(child, 't'));
	if (suspended && suspend() == -ENOENT)
		SKIP(return, "no /sys/power/pm_test");
	EXPECT_EQ('t', ut_state(pid));
	EXPECT_EQ('t', ut_state(child));
	EXPECT_EQ(0, COUNTER);
	EXPECT_EQ(1, ut_shm->at);
	if (child_first) {
		EXPECT_EQ(0, ut_control(hc, UTRACE_RESUME));
		ASSERT_EQ(0, ut_wait_state(child, 'Z'));
		EXPECT_EQ(1, COUNTER);
		EXPECT_EQ(1, ut_shm->at);
		EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	} else {
		EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
		ASSERT_EQ(0, ut_wait_at(2));
		EXPECT_EQ(child, ut_shm->val[0]);
		EXPECT_EQ('t', ut_state(child));
		EXPECT_EQ(0, COUNTER);
		EXPECT_EQ(0, ut_control(hc, UTRACE_RESUME));
	}
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(3 << 8, ut_shm->flag[6]);
}

UT_TEST(over_fork_child_first)
{
	over_fork(_metadata, true, false);
}

UT_TEST(over_fork_parent_first)
{
	over_fork(_metadata, false, false);
}

UT_TEST(over_fork_suspended)
{
	over_fork(_metadata, true, true);
}

/* Killed where it is held before its first instruction */
UT_TEST(over_fork_killed)
{
	pid_t pid = ut_child(fork_one), child;
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	ut_rule(h, UT_CLONE,
		OPS(OP(ATTACHCHILD, 0), OP(CONTROL, h + 1, UTRACE_STOP)));
	ut_go(1);
	WAIT(h, UT_CLONE);
	child = r->arg[1];
	ASSERT_EQ(0, ut_wait_state(child, 't'));
	kill(child, SIGKILL);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(SIGKILL, ut_shm->flag[6]);
	EXPECT_EQ(0, COUNTER);
}
