// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of several engines: what each is told of the ones before, and what
 * the task does in the end.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define MAX_ENGINES	5

static void on_trap(int sig)
{
}

/* One getppid for each round; go is the number of rounds allowed */
static int getppid_rounds(void)
{
	int n;

	signal(SIGTRAP, on_trap);
	for (n = 1;; n++) {
		ut_step(n);
		if (ut_shm->flag[0])
			return 0;
		ut_shm->val[0] = ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	}
}

static int min(int a, int b)
{
	return a < b ? a : b;
}

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS;
}

/*
 * One round: the engines answer these at system call exit.  Returns NULL, or
 * what was wrong.
 */
static const char *round_of(pid_t pid, int round, const int *answer, int n)
{
	int h[MAX_ENGINES], i, best = UTRACE_RESUME, stops = 0;
	struct ut_rec *r;

	if (ut_wait_at(round))
		return "the child did not come";
	for (i = 0; i < n; i++) {
		h[i] = ut_attach(pid, EV(QUIESCE) | EV(SYSCALL_EXIT));
		if (h[i] < 0)
			return "attach";
		ut_rule(h[i], UT_SYSCALL_EXIT, .match = __NR_getppid, NTH(1),
			ANSWER(answer[i]));
	}
	ut_go(round);
	/* each engine in turn, told the smallest answer so far */
	for (i = 0; i < n; i++) {
		r = ut_wait_arg(-1, UT_SYSCALL_EXIT, __NR_getppid);
		if (!r)
			return "no callback";
		if (r->handle != h[i])
			return "wrong order";
		if ((r->action & UTRACE_RESUME_MASK) != best)
			return "wrong action";
		best = min(best, answer[i]);
		stops += answer[i] == UTRACE_STOP;
	}
	/* held as long as one of those that said STOP holds it */
	if (stops && ut_wait_state(pid, 't'))
		return "not stopped";
	for (i = 0; i < n; i++) {
		if (answer[i] == UTRACE_STOP || answer[i] == UTRACE_DETACH)
			continue;
		if (stops && ut_control(h[i], UTRACE_RESUME))
			return "resume of one that does not hold it";
	}
	for (i = 0; i < n && stops; i++) {
		if (answer[i] != UTRACE_STOP)
			continue;
		if (ut_state(pid) != 't')
			return "went on with a stop vote held";
		if (ut_control(h[i], UTRACE_RESUME))
			return "resume";
		stops--;
	}
	if (ut_wait_at(round + 1))
		return "did not go on";
	for (i = 0; i < n; i++) {
		int flags = ut_flags(h[i]), gone;

		gone = answer[i] == UTRACE_DETACH;
		if (gone != !flags)
			return "detach";
		if (best == UTRACE_REPORT && flags &&
		    ut_count(h[i], UT_QUIESCE) != 2)
			return "no quiesce report before user mode";
		if (best == UTRACE_INTERRUPT && flags &&
		    ut_count(h[i], UT_SIGNAL) != 1)
			return "no signal report before user mode";
		if (best >= UTRACE_RESUME && ut_count(h[i], UT_SIGNAL))
			return "a signal report nobody asked for";
		if (flags && !ok_or_running(ut_control(h[i], UTRACE_DETACH)))
			return "detach at the end";
	}
	for (i = 0; i < n; i++) {
		ut_barrier(h[i]);
		ut_put(h[i]);
	}
	if (ut_released(0))
		return "not all released";
	ut_drain(-1, -1);
	return NULL;
}

static const int answers[] = {
	UTRACE_STOP, UTRACE_INTERRUPT, UTRACE_REPORT, UTRACE_SINGLESTEP,
	UTRACE_BLOCKSTEP, UTRACE_RESUME, UTRACE_DETACH,
};

UT_TEST(one_engine)
{
	pid_t pid = ut_child(getppid_rounds);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		const char *wrong = round_of(pid, i + 1, &answers[i], 1);

		ASSERT_EQ(NULL, wrong) {
			TH_LOG("%s: answer %d", wrong, answers[i]);
		}
	}
}

UT_LONG_TEST(two_engines)
{
	pid_t pid = ut_child(getppid_rounds);
	unsigned int i, j, round = 0;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		for (j = 0; j < ARRAY_SIZE(answers); j++) {
			int two[] = { answers[i], answers[j] };
			const char *wrong = round_of(pid, ++round, two, 2);

			ASSERT_EQ(NULL, wrong) {
				TH_LOG("%s: answers %d %d", wrong, two[0],
				       two[1]);
			}
		}
	}
}

/* The n-th order of five things */
static void permute(const int *from, int *to, int n)
{
	int left[MAX_ENGINES], i, k, m = MAX_ENGINES;

	memcpy(left, from, sizeof(left));
	for (i = 0; i < MAX_ENGINES; i++, m--) {
		k = n % m;
		n /= m;
		to[i] = left[k];
		left[k] = left[m - 1];
	}
}

static void every_order(struct __test_metadata *_metadata, const int *five)
{
	pid_t pid = ut_child(getppid_rounds);
	int order[MAX_ENGINES], n;

	for (n = 0; n < 120; n++) {
		const char *wrong;

		permute(five, order, n);
		wrong = round_of(pid, n + 1, order, MAX_ENGINES);
		ASSERT_EQ(NULL, wrong) {
			TH_LOG("%s: answers %d %d %d %d %d", wrong, order[0],
			       order[1], order[2], order[3], order[4]);
		}
	}
}

UT_LONG_TEST(five_with_stop)
{
	static const int five[] = { UTRACE_STOP, UTRACE_INTERRUPT,
				    UTRACE_REPORT, UTRACE_RESUME,
				    UTRACE_DETACH };
	every_order(_metadata, five);
}

UT_LONG_TEST(five_with_interrupt)
{
	static const int five[] = { UTRACE_INTERRUPT, UTRACE_REPORT,
				    UTRACE_SINGLESTEP, UTRACE_RESUME,
				    UTRACE_DETACH };
	every_order(_metadata, five);
}

UT_LONG_TEST(five_with_steps)
{
	static const int five[] = { UTRACE_SINGLESTEP, UTRACE_BLOCKSTEP,
				    UTRACE_RESUME, UTRACE_RESUME,
				    UTRACE_DETACH };
	every_order(_metadata, five);
}

/* Five that all hold it, let go in every order */
UT_LONG_TEST(five_holders)
{
	static const int ids[] = { 0, 1, 2, 3, 4 };
	pid_t pid = ut_child(getppid_rounds);
	int h[MAX_ENGINES], order[MAX_ENGINES], n, i, ret;

	for (n = 0; n < 120; n++) {
		ASSERT_EQ(0, ut_wait_at(1));
		for (i = 0; i < MAX_ENGINES; i++) {
			ATTACH(h[i], pid, 0);
			ASSERT_TRUE(ok_or_running(ut_control(h[i], UTRACE_STOP)));
		}
		ASSERT_EQ(0, ut_wait_state(pid, 't'));
		permute(ids, order, n);
		for (i = 0; i < MAX_ENGINES; i++) {
			ASSERT_EQ('t', ut_state(pid));
			/* by turns: resume, or detach */
			ret = ut_control(h[order[i]], i & 1 ? UTRACE_DETACH :
							      UTRACE_RESUME);
			ASSERT_TRUE(ok_or_running(ret));
		}
		ASSERT_EQ(0, ut_wait_state(pid, 'R'));
		for (i = 0; i < MAX_ENGINES; i++)
			ut_control(h[i], UTRACE_DETACH);
	}
}

/* A later answer other than STOP clears the vote, STOP keeps it */
UT_TEST(vote_is_sticky)
{
	pid_t pid = ut_child(getppid_rounds);
	struct ut_rec *r;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_ENTRY));
	ATTACH(h2, pid, EV(SYSCALL_ENTRY) | EV(SYSCALL_EXIT));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_STOP));
	ut_rule(h2, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_STOP));
	ut_go(1);
	WAIT(h2, UT_SYSCALL_ENTRY);
	WAIT(h, UT_SYSCALL_ENTRY);
	EXPECT_EQ(UTRACE_STOP, r->action & UTRACE_RESUME_MASK);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	EXPECT_EQ('t', ut_state(pid));
	EXPECT_EQ(0, ut_control(h2, UTRACE_RESUME));
	/* not reported again, for nobody asked; and no vote is left over */
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_SYSCALL_EXIT, r->cb);
	EXPECT_EQ(UTRACE_RESUME, r->action & UTRACE_RESUME_MASK);
	ASSERT_EQ(0, ut_wait_at(2));
}

/* Resume actions other than STOP are for one round only */
UT_TEST(report_is_for_one_round)
{
	pid_t pid = ut_child(getppid_rounds);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(QUIESCE) | EV(SYSCALL_ENTRY));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_REPORT));
	ut_go(2);
	WAIT_ARG(h, UT_QUIESCE, 0);
	WAIT(h, UT_SYSCALL_ENTRY);
	ASSERT_EQ(0, ut_wait_at(3));
	while ((r = ut_poll()) != NULL)
		EXPECT_FALSE(r->cb == UT_QUIESCE && r->arg[0] == 0);
}

/* In the round before user mode REPORT would never end: it is none */
UT_TEST(report_does_not_loop)
{
	pid_t pid = ut_child(getppid_rounds);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(QUIESCE));
	ut_rule(h, UT_QUIESCE, ANSWER(UTRACE_REPORT));
	EXPECT_EQ(0, ut_control(h, UTRACE_REPORT));
	WAIT_ARG(h, UT_QUIESCE, 0);
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_GT(20, ut_count(h, UT_QUIESCE));
}

/* Detached by the answer, and by a call from inside the callback */
UT_TEST(detach_in_each_callback)
{
	static const struct {
		int cb;
		uint64_t event;
	} cbs[] = {
		{ UT_QUIESCE, EV(QUIESCE) | EV(SYSCALL_ENTRY) },
		{ UT_SYSCALL_ENTRY, EV(SYSCALL_ENTRY) },
		{ UT_SYSCALL_EXIT, EV(SYSCALL_EXIT) },
	};
	pid_t pid = ut_child(getppid_rounds);
	unsigned int i, how;
	int h, h2, round = 0;

	for (i = 0; i < ARRAY_SIZE(cbs); i++) {
		for (how = 0; how < 2; how++) {
			ASSERT_EQ(0, ut_wait_at(++round));
			ATTACH(h, pid, cbs[i].event);
			ATTACH(h2, pid, cbs[i].event);
			if (how)
				ut_rule(h, cbs[i].cb, OPS(OP(CONTROL, -1,
							     UTRACE_DETACH)));
			else
				ut_rule(h, cbs[i].cb, ANSWER(UTRACE_DETACH));
			ut_go(round);
			ASSERT_EQ(0, ut_wait_at(round + 1));
			EXPECT_EQ(0, ut_flags(h));
			EXPECT_EQ(1, ut_count(h, cbs[i].cb));
			EXPECT_LE(1, ut_count(h2, cbs[i].cb));
			EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_DETACH));
			EXPECT_EQ(-ESRCH, ut_barrier(h));
			ut_put(h);
			EXPECT_EQ(0, ut_released(1));
			ut_control(h2, UTRACE_DETACH);
			ut_barrier(h2);
			ut_put(h2);
			EXPECT_EQ(0, ut_released(0));
		}
	}
	EXPECT_EQ(getpid(), ut_shm->val[0]);
}

static void on_usr1(int sig)
{
	ut_shm->flag[1]++;
}

static int life(void)
{
	char *argv[] = { "true", NULL };
	pid_t pid;

	signal(SIGUSR1, on_usr1);
	signal(SIGUSR2, SIG_IGN);
	ut_step(1);
	pid = vfork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR2);
	execv("/bin/true", argv);
	return 1;
}

/* The same where a process ends, forks, execs and gets signals */
UT_TEST(detach_in_each_callback_of_life)
{
	static const struct {
		int cb;
		uint64_t event;
	} cbs[] = {
		{ UT_CLONE, EV(CLONE) }, { UT_VFORK_DONE, EV(VFORK_DONE) },
		{ UT_SIGNAL, EV(SIGNAL) }, { UT_SIGNAL, EV(SIGNAL_IGN) },
		{ UT_HANDLER, EV(HANDLER) },
		{ UT_EXEC, EV(EXEC) }, { UT_EXIT, EV(EXIT) },
		{ UT_DEATH, EV(DEATH) },
	};
	unsigned int i, how;

	for (i = 0; i < ARRAY_SIZE(cbs); i++) {
		for (how = 0; how < 2; how++) {
			int h, h2;
			uint64_t more;
			pid_t pid;

			ut_restart();
			pid = ut_child(life);
			ASSERT_EQ(0, ut_wait_at(1));
			ATTACH(h, pid, cbs[i].event);
			ATTACH(h2, pid, cbs[i].event);
			if (how)
				ut_rule(h, cbs[i].cb, OPS(OP(CONTROL, -1,
							     UTRACE_DETACH)));
			else
				ut_rule(h, cbs[i].cb, ANSWER(UTRACE_DETACH));
			ut_go(1);
			EXPECT_EQ(0, ut_reap(pid));
			/* the handler's event; SIGCHLD, ignored as SIGUSR2 is */
			more = cbs[i].event & (EV(SIGNAL) | EV(SIGNAL_IGN));
			EXPECT_EQ(1, ut_count_is(h, cbs[i].cb, 1)) {
				TH_LOG("callback %d how %d", cbs[i].cb, how);
			}
			EXPECT_EQ(1 + !!more, ut_count_is(h2, cbs[i].cb,
							  1 + !!more));
			ut_put(h);
			ut_put(h2);
			EXPECT_EQ(0, ut_released(0));
		}
	}
}

static int stop_self(void)
{
	ut_step(1);
	raise(SIGSTOP);
	ut_step(2);
	return 0;
}

UT_TEST(detach_in_report_jctl)
{
	pid_t pid = ut_child(stop_self);
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(JCTL));
	ut_rule(h, UT_JCTL, ANSWER(UTRACE_DETACH));
	ut_go(1);
	EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	EXPECT_EQ(0, ut_flags(h));
	EXPECT_EQ(0, ut_wait_state(pid, 'T'));
	kill(pid, SIGCONT);
	ut_go(2);
	EXPECT_EQ(0, ut_reap(pid));
	EXPECT_EQ(1, ut_count(h, UT_JCTL));
}

/* An engine that detaches another one: that one is not called any more */
UT_TEST(detach_the_next_one)
{
	pid_t pid = ut_child(getppid_rounds);
	struct ut_rec *r;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_EXIT));
	ATTACH(h2, pid, EV(SYSCALL_EXIT));
	ut_rule(h, UT_SYSCALL_EXIT, OPS(OP(CONTROL, h2, UTRACE_DETACH)));
	ut_go(1);
	WAIT_OP(h, CONTROL);
	EXPECT_TRUE(ok_or_running((int)r->arg[1]));
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(0, ut_count(h2, UT_SYSCALL_EXIT));
}
