// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each allocation of an operation fails once: the n-th, for n = 1, 2, 3...
 * The operation then returns an errno, has changed nothing, and leaves nothing.
 * Only the caches that tests/vm/vm.sh marks take part: if an allocation of
 * kmemleak fails, it finds no leaks any more.
 * Needs CONFIG_FAILSLAB (VARIANT=debug); tests/run.sh leaves it out elsewhere.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define MOST		400	/* allocations of one operation */
#define CAME		(ut_shm->flag[0])
#define FORKED		(ut_shm->flag[1])
#define LEFT		(ut_shm->val[0])	/* 0: the n-th has failed */
#define NTH_ONE		(ut_shm->val[1])

static int nth_fd = -1;

static void nth_open(void)
{
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
}

/* The n-th allocation of the caller from now on fails */
static void nth_arm(int n)
{
	char buf[16];

	if (pwrite(nth_fd, buf, snprintf(buf, sizeof(buf), "%d", n), 0) < 0)
		_exit(99);
}

/* Ends that.  Returns 0 if one has failed. */
static int nth_disarm(void)
{
	char buf[16] = "";

	if (pread(nth_fd, buf, sizeof(buf) - 1, 0) <= 0)
		_exit(99);
	nth_arm(0);
	return atoi(buf);
}

static bool nth_setup(void)
{
	ut_write_str("/sys/kernel/debug/failslab/cache-filter", "Y");
	/* Let GFP_KERNEL allocations fail, too, and do not log it. */
	ut_write_str("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	ut_write_str("/sys/kernel/debug/failslab/verbose", "0");
	nth_open();
	return nth_fd >= 0;
}

/* What the caller does to @pid, whose engines it has attached before */
struct operation {
	const char *name;
	int engines;
	int (*run)(pid_t pid);
};

static int attach(pid_t pid)
{
	int h = ut_attach(pid, EV(QUIESCE));

	return h < 0 ? h : 0;
}

static int seize(pid_t pid)
{
	return ptrace(PTRACE_SEIZE, pid, 0, 0) ? -errno : 0;
}

static int pt_attach(pid_t pid)
{
	return ptrace(PTRACE_ATTACH, pid, 0, 0) ? -errno : 0;
}

static const struct operation operations[] = {
	{ "attach the 1st engine", 0, attach },
	{ "attach the 2nd engine", 1, attach },
	{ "attach the 5th engine", 4, attach },
	{ "attach the 9th engine", 8, attach },
	{ "SEIZE", 0, seize },
	{ "SEIZE beside engines", 4, seize },
	{ "ATTACH", 0, pt_attach },
};

static int quiet(void)
{
	ut_step(1);
	return 7;
}

/*
 * Returns whether an allocation failed.  The operation may still succeed: other
 * code allocates from the kmalloc caches, and some of it tolerates a failure.
 */
static bool fails(struct __test_metadata *_metadata,
		  const struct operation *op, int n, int *errors)
{
	pid_t pid = ut_child(quiet);
	int i, ret;
	bool failed;

	EXPECT_EQ(0, ut_wait_at(1));
	for (i = 0; i < op->engines; i++)
		EXPECT_EQ(0, attach(pid));
	nth_arm(n);
	ret = op->run(pid);
	failed = !nth_disarm();
	*errors += ret == -ENOMEM;
	EXPECT_TRUE(!ret || (failed && ret == -ENOMEM)) {
		TH_LOG("%s, allocation %d: %d", op->name, n, ret);
	}
	EXPECT_EQ(op->engines + !ret,
		  atoi(ut_status(pid, "Utrace") ?: "-1")) {
		TH_LOG("%s, allocation %d", op->name, n);
	}
	/* it works afterwards */
	if (ret)
		EXPECT_EQ(0, op->run(pid));
	kill(pid, SIGKILL);
	/* ATTACH's SIGSTOP may come first */
	while (waitpid(pid, &ret, __WALL) == pid && WIFSTOPPED(ret))
		;
	ut_forget(pid);
	return failed;
}

UT_LONG_TEST(operations)
{
	const struct operation *op;
	long before;
	int n, errors;
	size_t i;

	ASSERT_TRUE(nth_setup());
	before = ut_steady_objects();
	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		op = &operations[i];
		errors = 0;
		for (n = 1; n < MOST && fails(_metadata, op, n, &errors); n++)
			ut_restart();
		ut_restart();
		EXPECT_LT(0, errors) {
			TH_LOG("%s", op->name);
		}
		EXPECT_GT(MOST, n);
	}
	/* the engines' handles keep them */
	ut_teardown();
	EXPECT_GE(before, ut_settled_objects(before));
	ASSERT_EQ(0, ut_setup());
}

static int traced_by_parent(void)
{
	int ret;

	nth_open();
	nth_arm(NTH_ONE);
	ret = ptrace(PTRACE_TRACEME, 0, 0, 0) ? errno : 0;
	LEFT = nth_disarm();
	if (ret == ENOMEM && ptrace(PTRACE_TRACEME, 0, 0, 0))
		return 1;
	raise(SIGSTOP);
	return ret;
}

UT_TEST(traceme)
{
	long before = ut_steady_objects();
	int n, status, errors = 0;
	pid_t pid;

	ASSERT_TRUE(nth_setup());
	for (n = 1; n < MOST; n++) {
		NTH_ONE = n;
		pid = ut_child(traced_by_parent);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSTOPPED(status));
		ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
		status = ut_reap(pid);
		ASSERT_TRUE(!status || (!LEFT && status == ENOMEM << 8));
		errors += !!status;
		if (LEFT)
			break;
	}
	EXPECT_LT(0, errors);
	EXPECT_GE(before, ut_settled_objects(before));
}

/* Start a child that lets its n-th allocation fail.  Returns its pid, or -1. */
static pid_t start_nth(int (*fn)(void), int n)
{
	pid_t pid;

	memset((void *)ut_shm, 0, sizeof(*ut_shm));
	NTH_ONE = n;
	pid = ut_child(fn);
	return ut_wait_at(1) ? -1 : pid;
}

/* Forks once, as the engines and the tracer of the parent follow */
static int forks(void)
{
	pid_t pid;

	nth_open();
	ut_step(1);
	nth_arm(NTH_ONE);
	pid = fork();
	if (!pid)
		_exit(3);
	LEFT = nth_disarm();
	FORKED = pid > 0;
	if (pid < 0)
		return errno == ENOMEM || errno == EAGAIN ? 0 : 1;
	return waitpid(pid, NULL, 0) == pid ? 0 : 2;
}

/* Each traced child comes to its first stop, and each event has a child */
static int follow(pid_t pid)
{
	int status, events = 0, children = 0;
	pid_t got;

	while ((got = waitpid(-1, &status, __WALL)) > 0) {
		if (got == pid && !WIFSTOPPED(status))
			break;
		if (!WIFSTOPPED(status))
			continue;
		if (status >> 16 == PTRACE_EVENT_FORK)
			events++;
		else if (status >> 16 == PTRACE_EVENT_STOP)
			children++;
		ptrace(PTRACE_CONT, got, 0, 0);
	}
	return got == pid && events == children && events == FORKED ?
		status : -1;
}

UT_LONG_TEST(traced_fork)
{
	long before = ut_steady_objects();
	pid_t pid;
	int n;

	ASSERT_TRUE(nth_setup());
	for (n = 1; n < MOST; n++) {
		ASSERT_LT(0, pid = start_nth(forks, n));
		ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEFORK));
		ut_go(1);
		EXPECT_EQ(0, follow(pid)) {
			TH_LOG("allocation %d", n);
		}
		ut_forget(pid);
		if (LEFT)
			break;
	}
	EXPECT_LT(1, n);
	EXPECT_GT(MOST, n);
	EXPECT_GE(before, ut_settled_objects(before));
}

UT_LONG_TEST(followed_fork)
{
	long before = ut_steady_objects();
	pid_t pid;
	int n, h;

	ASSERT_TRUE(nth_setup());
	for (n = 1; n < MOST; n++) {
		ASSERT_LT(0, pid = start_nth(forks, n));
		ATTACH(h, pid, EV(CLONE));
		ut_rule(h, UT_CLONE, OPS(OP(FOLLOW, EV(CLONE))));
		ut_go(1);
		/* Without memory the child has no engine, but fork() succeeds. */
		EXPECT_EQ(0, ut_reap(pid)) {
			TH_LOG("allocation %d", n);
		}
		ut_put(h);
		if (LEFT)
			break;
	}
	EXPECT_LT(1, n);
	EXPECT_GT(MOST, n);
	ut_teardown();
	EXPECT_GE(before, ut_settled_objects(before));
	ASSERT_EQ(0, ut_setup());
}

static void on_signal(int sig)
{
	CAME++;
}

/* sigqueue() may fail; a signal that was sent comes, held or not */
static int queues(void)
{
	union sigval value = { .sival_int = 1 };
	int ret;

	nth_open();
	signal(SIGRTMIN, on_signal);
	ut_step(1);
	nth_arm(NTH_ONE);
	ret = sigqueue(getpid(), SIGRTMIN, value) ? errno : 0;
	LEFT = nth_disarm();
	return ret == EAGAIN ? !!CAME : ret || CAME != 1;
}

UT_TEST(held_signal)
{
	pid_t pid;
	int n, h;

	ASSERT_TRUE(nth_setup());
	for (n = 1; n < MOST; n++) {
		ASSERT_LT(0, pid = start_nth(queues, n));
		ATTACH(h, pid, EV_SIGNALS);
		ut_rule(h, UT_SIGNAL, .match = SIGRTMIN, NTH(1),
			ANSWER_ALL(UTRACE_SIGNAL_IGN | UTRACE_SIGNAL_HOLD |
				   UTRACE_RESUME));
		ut_go(1);
		EXPECT_EQ(0, ut_reap(pid)) {
			TH_LOG("allocation %d", n);
		}
		ut_put(h);
		if (LEFT)
			break;
	}
	/* the first failed in sigqueue(), the second in the hold */
	EXPECT_LT(2, n);
	EXPECT_GT(MOST, n);
}
