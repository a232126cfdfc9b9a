// SPDX-License-Identifier: GPL-2.0-only
/*
 * UTRACE_SIGNAL_HOLD: SIGKILL ends a task whose signal is held each time it is
 * reported.  SIGCONT and stop signals discard each other while they are held.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define ROUNDS	(ut_shm->flag[2])
#define CAME(s)	(ut_shm->flag[8 + (s)])	/* 0: USR1, 1: USR2, 2: CONT, 3: RT */

#define IGN	UTRACE_SIGNAL_IGN
#define HOLD	UTRACE_SIGNAL_HOLD
#define REPORT	UTRACE_SIGNAL_REPORT
#define DELIVER	UTRACE_SIGNAL_DELIVER
#define ON(a)	.kind_mask = UTRACE_SIGNAL_MASK, .kind = (a)

static void handler(int sig)
{
	CAME(sig == SIGUSR1 ? 0 : sig == SIGUSR2 ? 1 : sig == SIGCONT ? 2 : 3)++;
}

static int busy(void)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_NODEFER };

	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	sigaction(SIGCONT, &sa, NULL);
	sigaction(SIGRTMIN, &sa, NULL);
	ut_step(1);
	while (ut_shm->go < 2) {
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
		ROUNDS++;
	}
	return 7;
}

static pid_t start(void)
{
	pid_t pid;

	memset((void *)ut_shm, 0, sizeof(*ut_shm));
	pid = ut_child(busy);
	if (ut_wait_at(1))
		return -1;
	ut_go(1);
	return pid;
}

/* Wait until the child has run for ten more rounds in user mode. */
static int goes_on(void)
{
	int n = ROUNDS;
	long begin = 0;

	while (ROUNDS < n + 10)
		if (ut_expired(&begin))
			return -ETIME;
	return 0;
}

static int came(int n, int times)
{
	return ut_wait_val(&CAME(n), times);
}

static const uint32_t holds[] = {
	IGN | HOLD | UTRACE_RESUME, IGN | HOLD | UTRACE_REPORT,
	IGN | HOLD | UTRACE_INTERRUPT, HOLD | REPORT | UTRACE_RESUME,
};

/* SIGKILL ends a task that is in a loop of held signals. */
UT_TEST(killed)
{
	unsigned int i;
	pid_t pid;
	int h;

	for (i = 0; i < ARRAY_SIZE(holds); i++) {
		pid = start();
		ASSERT_LT(0, pid);
		ATTACH(h, pid, EV_SIGNALS);
		ut_mute(h, ~0UL);
		ut_rule(h, UT_SIGNAL, ANSWER_ALL(holds[i]));
		kill(pid, SIGTERM);
		ASSERT_EQ(5, ut_count_is(h, UT_SIGNAL, 5));
		kill(pid, SIGKILL);
		EXPECT_EQ(SIGKILL, ut_reap(pid));
	}
}

/* SIGCONT discards a held stop signal. */
UT_TEST(stop_signal_discarded)
{
	static const int sigs[] = { SIGTSTP, SIGSTOP, SIGTTIN };
	unsigned int i;
	int h, status;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(sigs); i++) {
		pid = start();
		ASSERT_LT(0, pid);
		ATTACH(h, pid, EV(SIGNAL_STOP));
		ut_mute(h, ~0UL);
		ut_rule(h, UT_SIGNAL, .match = sigs[i], NTH(1),
			ANSWER_ALL(IGN | HOLD | UTRACE_STOP));
		kill(pid, sigs[i]);
		ASSERT_EQ(0, ut_wait_state(pid, 't'));
		kill(pid, SIGCONT);
		EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
		EXPECT_EQ(0, came(2, 1));
		EXPECT_EQ(0, goes_on());
		/* the stop signal, and the report after the engine's stop */
		EXPECT_EQ(2, ut_count(h, UT_SIGNAL));
		EXPECT_EQ(0, waitpid(pid, &status, WNOHANG | WUNTRACED));
		ut_go(2);
		EXPECT_EQ(7 << 8, ut_reap(pid));
	}
}

/* Without SIGCONT a held stop signal is reported again. */
UT_TEST(stop_signal_held)
{
	pid_t pid = start();
	int h, status;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SIGNAL_STOP));
	ut_mute(h, ~0UL);
	ut_rule(h, UT_SIGNAL, .match = SIGTSTP, NTH(1),
		ANSWER_ALL(IGN | HOLD | UTRACE_STOP));
	kill(pid, SIGTSTP);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	EXPECT_EQ(SIGTSTP, WSTOPSIG(status));
	kill(pid, SIGCONT);
	EXPECT_EQ(0, came(2, 1));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* A stop signal discards a held SIGCONT, and stops the task. */
UT_TEST(sigcont_discarded)
{
	pid_t pid = start();
	int h, status;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SIGNAL));
	ut_mute(h, ~0UL);
	ut_rule(h, UT_SIGNAL, .match = SIGCONT, NTH(1),
		ANSWER_ALL(IGN | HOLD | UTRACE_STOP));
	kill(pid, SIGCONT);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	kill(pid, SIGSTOP);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED | WNOHANG));
	EXPECT_EQ(SIGSTOP, WSTOPSIG(status));
	EXPECT_EQ(0, CAME(2));
	kill(pid, SIGCONT);
	EXPECT_EQ(0, came(2, 1));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}
