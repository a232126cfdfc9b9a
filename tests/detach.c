// SPDX-License-Identifier: GPL-2.0-only
/*
 * An engine detaches in its callback: it returns UTRACE_DETACH, or calls
 * utrace_control().  The event must proceed as without the engine, and must be
 * reported to another engine.  merge.c does this for system calls, clone, exec
 * and exit.
 */
#define _GNU_SOURCE
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define SIGNAL	ut_shm->flag[0]		/* the child sends it to itself */

/* Detach h in callback cb; the variable arguments are members of the rule */
#define LEAVE(h, cb, by_call, ...)					\
	do {								\
		if (by_call)						\
			ut_rule(h, cb, OPS(OP(CONTROL, -1, UTRACE_DETACH)), \
				##__VA_ARGS__);				\
		else							\
			ut_rule(h, cb, ANSWER(UTRACE_DETACH), ##__VA_ARGS__); \
	} while (0)

static void on_usr1(int sig)
{
	ut_shm->flag[1]++;
}

static int raises(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	signal(SIGUSR1, on_usr1);
	ut_step(1);
	if (SIGNAL)
		kill(getpid(), SIGNAL);
	ut_step(2);
	return 7;
}

/* Start a child with two engines.  Returns NULL, or an error message. */
static const char *two_on(int (*fn)(void), uint64_t events, pid_t *pid,
			  int h[2])
{
	int i;

	ut_restart();
	*pid = ut_child(fn);
	if (ut_wait_at(1))
		return "the child does not start";
	for (i = 0; i < 2; i++) {
		/* only a built-in engine can request TRAP */
		h[i] = ut_attach_ops(*pid, events & EV(TRAP) ? UT_OPS_STOPPED :
				     UT_OPS_A, events);
		if (h[i] < 0)
			return "no engine";
	}
	return NULL;
}

/*
 * h[0] must be detached after n callbacks.  Returns the number of callbacks of
 * h[1].
 */
static int seen(struct __test_metadata *_metadata, int h[2], int cb, int n)
{
	EXPECT_EQ(0, ut_flags(h[0]));
	EXPECT_EQ(n, ut_count_is(h[0], cb, n));
	return ut_count_is(h[1], cb, n);
}

UT_TEST(signals)
{
	static const struct {
		int sig;
		uint64_t event;
		uint32_t kind;
		int seen, status;
	} list[] = {
		{ SIGTERM, EV(SIGNAL_TERM), UTRACE_SIGNAL_TERM, 1, SIGTERM },
		{ SIGABRT, EV(SIGNAL_CORE), UTRACE_SIGNAL_CORE, 1, SIGABRT },
		{ SIGUSR1, EV(SIGNAL), UTRACE_SIGNAL_HANDLER, 2, 7 << 8 },
	};
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_SIZE(list); i++) {
		int h[2], n = i / 2;
		pid_t pid;

		ASSERT_EQ(NULL, two_on(raises, list[n].event, &pid, h));
		SIGNAL = list[n].sig;
		LEAVE(h[0], UT_SIGNAL, i & 1, .kind = list[n].kind,
		      .kind_mask = UTRACE_SIGNAL_MASK);
		ut_go(2);
		EXPECT_EQ(list[n].status, ut_reap(pid)) {
			TH_LOG("signal %d", list[n].sig);
		}
		EXPECT_EQ(list[n].seen,
			  seen(_metadata, h, UT_SIGNAL, list[n].seen));
	}
}

UT_TEST(handler)
{
	int h[2], i;

	for (i = 0; i < 2; i++) {
		pid_t pid;

		ASSERT_EQ(NULL, two_on(raises, EV(HANDLER), &pid, h));
		SIGNAL = SIGUSR1;
		LEAVE(h[0], UT_HANDLER, i & 1);
		ut_go(2);
		EXPECT_EQ(7 << 8, ut_reap(pid));
		EXPECT_EQ(1, seen(_metadata, h, UT_HANDLER, 1));
	}
}

UT_TEST(stop_signal_and_continued)
{
	int h[2], i, n, status;

	for (i = 0; i < 4; i++) {
		uint64_t event = i & 2 ? EV(JCTL) : EV(SIGNAL_STOP);
		pid_t pid;

		ASSERT_EQ(NULL, two_on(raises, event, &pid, h));
		SIGNAL = SIGSTOP;
		if (i & 2)
			LEAVE(h[0], UT_JCTL, i & 1, .match = CLD_CONTINUED);
		else
			LEAVE(h[0], UT_SIGNAL, i & 1);
		ut_go(1);
		ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
		EXPECT_EQ(SIGSTOP << 8 | 0x7f, status);
		ASSERT_EQ(0, ut_wait_state(pid, 'T'));
		kill(pid, SIGCONT);
		ASSERT_EQ(0, ut_wait_at(2));
		ut_go(2);
		EXPECT_EQ(7 << 8, ut_reap(pid));
		/* the stop begins and ends; the signal is reported once */
		n = i & 2 ? 2 : 1;
		EXPECT_EQ(n, seen(_metadata, h, i & 2 ? UT_JCTL : UT_SIGNAL, n));
	}
}

UT_TEST(report_round)
{
	int h[2], i;

	for (i = 0; i < 2; i++) {
		struct ut_rec *r;
		pid_t pid;

		ASSERT_EQ(NULL, two_on(raises, EV(QUIESCE), &pid, h));
		LEAVE(h[0], UT_SIGNAL, i & 1);
		EXPECT_EQ(0, ut_control(h[1], UTRACE_INTERRUPT));
		WAIT(h[1], UT_SIGNAL);
		ut_go(2);
		EXPECT_EQ(7 << 8, ut_reap(pid));
		EXPECT_EQ(1, seen(_metadata, h, UT_SIGNAL, 1));
	}
}

/* If all engines of the group stop detach, a job control stop follows. */
UT_TEST(group_stop)
{
	int h[2], i, status;

	for (i = 0; i < 2; i++) {
		pid_t pid;

		ASSERT_EQ(NULL, two_on(raises, EV(GROUP_STOP), &pid, h));
		SIGNAL = SIGSTOP;
		LEAVE(h[0], UT_GROUP_STOP, i & 1);
		LEAVE(h[1], UT_GROUP_STOP, i & 1);
		ut_go(1);
		ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
		ASSERT_EQ(0, ut_wait_state(pid, 'T'));
		EXPECT_EQ(1, seen(_metadata, h, UT_GROUP_STOP, 1));
		kill(pid, SIGCONT);
		ut_go(2);
		EXPECT_EQ(7 << 8, ut_reap(pid));
	}
}

static int filtered(void)
{
	ut_filter(__NR_getppid, SECCOMP_RET_TRACE | 42);
	ut_step(1);
	ut_shm->val[0] = ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	return 7;
}

UT_TEST(seccomp)
{
	int h[2], i;

	for (i = 0; i < 2; i++) {
		pid_t pid;

		ASSERT_EQ(NULL, two_on(filtered, EV(SECCOMP), &pid, h));
		LEAVE(h[0], UT_SECCOMP, i & 1);
		ut_rule(h[1], UT_SECCOMP,
			ANSWER_ALL(UTRACE_SYSCALL_RUN | UTRACE_RESUME));
		ut_go(1);
		EXPECT_EQ(7 << 8, ut_reap(pid));
		EXPECT_EQ(getpid(), ut_shm->val[0]);
		EXPECT_EQ(1, seen(_metadata, h, UT_SECCOMP, 1));
	}
}

/* PTRACE_INTERRUPT calls report_trap of all engines that requested TRAP. */
UT_TEST(trap)
{
	int h[2], i, status;

	for (i = 0; i < 2; i++) {
		pid_t pid;

		ASSERT_EQ(NULL, two_on(raises, EV(TRAP), &pid, h));
		LEAVE(h[0], UT_TRAP, i & 1);
		ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, 0, 0));
		ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, pid, 0, 0));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_EQ(PTRACE_EVENT_STOP << 16 | SIGTRAP << 8 | 0x7f, status);
		EXPECT_EQ(1, seen(_metadata, h, UT_TRAP, 1));
		EXPECT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
		ut_go(2);
		EXPECT_EQ(7 << 8, ut_reap(pid));
	}
}
