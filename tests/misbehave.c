// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines that answer what is none: one line in the log, no harm done.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

static void on_usr1(int sig)
{
	ut_shm->flag[1]++;
}

static int busy(void)
{
	signal(SIGUSR1, on_usr1);
	ut_step(1);
	while (ut_shm->go < 2) {
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
		ut_shm->flag[2]++;
	}
	return 7;
}

/* Lines of the kernel's log from now on, in a file of its own */
static int log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	lseek(fd, 0, SEEK_END);
	return fd;
}

static int log_lines(int fd, const char *word)
{
	char line[8192];
	int n = 0, len;

	while ((len = read(fd, line, sizeof(line) - 1)) > 0) {
		line[len] = 0;
		n += !!strstr(line, word);
	}
	return n;
}

static int goes_on(void)
{
	int n = ut_shm->flag[2];
	long start = 0;

	while (ut_shm->flag[2] == n)
		if (ut_expired(&start))
			return -ETIME;
	return 0;
}

/* 7 is no resume action, nor are there others above the known bits */
static const uint32_t wrong[] = {
	7, 0xffffffff, 0x1000 | UTRACE_RESUME, 0x200 | UTRACE_RESUME,
	0xe0 | UTRACE_RESUME, 0x80000000 | UTRACE_RESUME,
};

UT_TEST(unknown_answers)
{
	static const struct {
		int cb;
		uint64_t event;
	} cbs[] = {
		{ UT_QUIESCE, EV(QUIESCE) | EV(SYSCALL_EXIT) },
		{ UT_SYSCALL_ENTRY, EV(SYSCALL_ENTRY) },
		{ UT_SYSCALL_EXIT, EV(SYSCALL_EXIT) },
		{ UT_SIGNAL, EV(SIGNAL) },
	};
	int log = log_open(), h, warned;
	pid_t pid = ut_child(busy);
	unsigned int i, k;
	long start = 0;

	ASSERT_EQ(0, ut_wait_at(1));
	ut_go(1);
	for (i = 0; i < ARRAY_SIZE(cbs); i++) {
		for (k = 0; k < ARRAY_SIZE(wrong); k++) {
			ASSERT_LE(0, h = ut_attach(pid, 0));
			ut_mute(h, ~0UL);
			ut_rule(h, cbs[i].cb, .last = 3, .set = 0xffffffff,
				.answer = wrong[k]);
			EXPECT_EQ(0, ut_events(h, cbs[i].event));
			if (cbs[i].cb == UT_SIGNAL)
				kill(pid, SIGUSR1);
			EXPECT_EQ(0, goes_on());
			/* what would have become of the signal becomes of it */
			while (cbs[i].cb == UT_SIGNAL && ut_shm->flag[1] <= k)
				ASSERT_EQ(false, ut_expired(&start));
			ut_control(h, UTRACE_DETACH);
			EXPECT_EQ(-ESRCH, ut_barrier(h));
		}
	}
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	/* once for each place, not once for each answer */
	warned = log_lines(log, "utrace: ");
	EXPECT_LE(1, warned);
	EXPECT_GE(4, warned);
	close(log);
}

/* A signal number that is none */
UT_TEST(unknown_signals)
{
	static const int numbers[] = { -1, 0, 65, 1000, 0x7fffffff };
	pid_t pid = ut_child(busy);
	unsigned int i;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ut_go(1);
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		ATTACH(h, pid, EV(SIGNAL));
		ut_rule(h, UT_SIGNAL, .last = 1,
			ANSWER_ALL(UTRACE_SIGNAL_DELIVER | UTRACE_RESUME),
			OPS(OP(SETSIGNO, numbers[i])));
		kill(pid, SIGUSR1);
		ASSERT_NE(NULL, ut_wait(h, UT_SIGNAL));
		EXPECT_EQ(0, goes_on());
		ut_control(h, UTRACE_DETACH);
		ut_barrier(h);
	}
	/* and by HOLD: it cannot be queued */
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		ATTACH(h, pid, EV(SIGNAL));
		ut_rule(h, UT_SIGNAL, .last = 1,
			ANSWER_ALL(UTRACE_SIGNAL_IGN | UTRACE_SIGNAL_HOLD |
				   UTRACE_RESUME),
			OPS(OP(SETSIGNO, numbers[i])));
		kill(pid, SIGUSR1);
		ASSERT_NE(NULL, ut_wait(h, UT_SIGNAL));
		EXPECT_EQ(0, goes_on());
		ut_control(h, UTRACE_DETACH);
		ut_barrier(h);
	}
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* SIGKILL made of another signal kills, and nothing worse */
UT_TEST(sigkill_injected)
{
	pid_t pid = ut_child(busy);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ut_go(1);
	ATTACH(h, pid, EV(SIGNAL));
	ut_rule(h, UT_SIGNAL, OPS(OP(SETSIGNO, SIGKILL)));
	kill(pid, SIGUSR1);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

/* Engines that call each other in circles */
UT_TEST(engines_against_each_other)
{
	pid_t pid = ut_child(busy);
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, 0);
	ATTACH(h2, pid, 0);
	ut_mute(h, ~0UL);
	ut_mute(h2, ~0UL);
	/* one stops what the other resumes, for ever */
	ut_rule(h, UT_SYSCALL_ENTRY, OPS(OP(CONTROL, h2, UTRACE_STOP),
					 OP(CONTROL, h2, UTRACE_RESUME)));
	ut_rule(h2, UT_SYSCALL_ENTRY, OPS(OP(CONTROL, h, UTRACE_INTERRUPT),
					  OP(BARRIER, h)));
	EXPECT_EQ(0, ut_events(h, EV(SYSCALL_ENTRY) | EV(QUIESCE)));
	EXPECT_EQ(0, ut_events(h2, EV(SYSCALL_ENTRY) | EV(QUIESCE)));
	ut_go(1);
	EXPECT_EQ(0, goes_on());
	EXPECT_EQ(0, goes_on());
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}
