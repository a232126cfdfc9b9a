// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals that are held: without a stop the task goes on all the same, and one
 * that job control discards is discarded while it is held, too.  And answers
 * that ask for the next report in each: they keep no task from its end.
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

/* Through user mode some times more */
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

/* Lines of the kernel's log from now on */
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

/*
 * Held whenever it is seen: the program runs on, takes other signals, greater
 * and smaller ones, and takes this one when it is not held any more.
 */
UT_TEST(held_for_ever)
{
	const int sigs[] = { SIGUSR1, SIGTERM, SIGUSR2, SIGRTMIN };
	unsigned int i, k;
	int h, log = log_open(), warned;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(holds); i++) {
		for (k = 0; k < ARRAY_SIZE(sigs); k++) {
			pid = start();
			ASSERT_LT(0, pid);
			ATTACH(h, pid, EV_SIGNALS);
			ut_mute(h, ~0UL);
			ut_rule(h, UT_SIGNAL, .match = sigs[k],
				ANSWER_ALL(holds[i]));
			kill(pid, sigs[k]);
			ASSERT_EQ(0, goes_on()) {
				TH_LOG("signal %d, answer %#x", sigs[k],
				       holds[i]);
			}
			EXPECT_LE(1, ut_count(h, UT_SIGNAL));
			kill(pid, sigs[k] == SIGUSR1 ? SIGUSR2 : SIGUSR1);
			ASSERT_EQ(0, came(sigs[k] == SIGUSR1, 1));
			ASSERT_EQ(0, goes_on());
			ut_clear(h);
			if (sigs[k] == SIGTERM) {
				EXPECT_EQ(SIGTERM, ut_reap(pid));
				continue;
			}
			ASSERT_EQ(0, came(k == 0 ? 0 : k == 2 ? 1 : 3, 1));
			ut_go(2);
			EXPECT_EQ(7 << 8, ut_reap(pid));
		}
	}
	/* once, if not in another test before */
	warned = log_lines(log, "is held again and again");
	EXPECT_GE(1, warned);
	close(log);
}

/* No busy waiting either: a few reports a tick */
UT_TEST(few_reports)
{
	pid_t pid = start();
	long begin, ticks;
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SIGNALS);
	ut_mute(h, ~0UL);
	ut_rule(h, UT_SIGNAL, .match = SIGUSR1, ANSWER_ALL(IGN | HOLD));
	kill(pid, SIGUSR1);
	begin = ut_now_ms();
	ASSERT_EQ(0, goes_on());
	while (ut_count(h, UT_SIGNAL) < 20)
		ASSERT_EQ(0, goes_on());
	/* with a tick of 1 ms at least */
	ticks = ut_now_ms() - begin + 2;
	EXPECT_GE(ticks * 3 + 2, ut_count(h, UT_SIGNAL));
	ut_control(h, UTRACE_DETACH);
	/* now it takes its course */
	EXPECT_EQ(0, came(0, 1));
}

/* It sleeps, and is woken by nothing but the signal that is held */
static int sleeping(void)
{
	struct sigaction sa = { .sa_handler = handler };

	sigaction(SIGUSR1, &sa, NULL);
	ut_step(1);
	ut_shm->flag[1] = 1;
	while (!CAME(0))
		pause();
	return 7;
}

UT_TEST(held_in_a_sleep)
{
	pid_t pid = ut_child(sleeping);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_mute(h, ~0UL);
	ut_rule(h, UT_SIGNAL, .match = SIGUSR1, .last = 20,
		ANSWER_ALL(IGN | HOLD));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	kill(pid, SIGUSR1);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Two engines, two signals */
UT_TEST(held_by_two)
{
	pid_t pid = start();
	int h, h2;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SIGNALS);
	ATTACH(h2, pid, EV_SIGNALS);
	ut_mute(h, ~0UL);
	ut_mute(h2, ~0UL);
	ut_rule(h2, UT_SIGNAL, .match = SIGUSR1, ANSWER_ALL(IGN | HOLD));
	ut_rule(h2, UT_SIGNAL, .match = SIGUSR2, ANSWER_ALL(IGN | HOLD));
	kill(pid, SIGUSR1);
	kill(pid, SIGUSR2);
	ASSERT_EQ(0, goes_on());
	kill(pid, SIGRTMIN);
	ASSERT_EQ(0, came(3, 1));
	EXPECT_EQ(0, CAME(0) + CAME(1));
	ut_control(h2, UTRACE_DETACH);
	EXPECT_EQ(0, came(0, 1));
	EXPECT_EQ(0, came(1, 1));
}

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
		while (ut_count(h, UT_SIGNAL) < 2)
			ASSERT_EQ(0, goes_on());
		kill(pid, SIGKILL);
		EXPECT_EQ(SIGKILL, ut_reap(pid));
	}
}

/* Each callback asks for one more, or sends one more: no end but SIGKILL */
UT_TEST(asked_for_ever)
{
	static const struct {
		int cb;
		uint64_t events;
		struct ut_op op;
	} loops[] = {
		{ UT_SIGNAL, EV_SIGNALS, OP(CONTROL, -1, UTRACE_INTERRUPT) },
		{ UT_SIGNAL, EV_SIGNALS, OP(SENDSIG, SIGUSR1) },
		{ UT_SIGNAL, EV_SIGNALS | EV(QUIESCE),
		  OP(CONTROL, -1, UTRACE_REPORT) },
		{ UT_QUIESCE, EV(QUIESCE), OP(CONTROL, -1, UTRACE_REPORT) },
		{ UT_QUIESCE, EV(QUIESCE), OP(CONTROL, -1, UTRACE_INTERRUPT) },
	};
	unsigned int i;
	pid_t pid;
	int h;

	for (i = 0; i < ARRAY_SIZE(loops); i++) {
		pid = start();
		ASSERT_LT(0, pid);
		ATTACH(h, pid, 0);
		ut_mute(h, ~0UL);
		ut_rule(h, loops[i].cb,
			OPS(loops[i].op, OP(NOLOG)));
		EXPECT_EQ(0, ut_events(h, loops[i].events));
		EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
		kill(pid, SIGUSR1);
		while (ut_count(h, loops[i].cb) < 1000)
			;
		kill(pid, SIGKILL);
		EXPECT_EQ(SIGKILL, ut_reap(pid));
	}
}

/* A stop signal is held, SIGCONT comes, then the task goes on */
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
		/* the report, and that after the stop */
		EXPECT_EQ(2, ut_count(h, UT_SIGNAL));
		EXPECT_EQ(0, waitpid(pid, &status, WNOHANG | WUNTRACED));
		ut_go(2);
		EXPECT_EQ(7 << 8, ut_reap(pid));
	}
}

/* Without SIGCONT it comes back */
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

/* SIGCONT is held, a stop signal comes: that one is to stop the task */
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
