// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lifetime of an engine beside others: release is called after the last
 * put, whatever the other engines do.  Engines are called in the order of
 * attachment.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define MANY	20

static int one_call(void)
{
	ut_step(1);
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_step(2);
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_shm->flag[1] = 1;
	ut_step(3);
	return 7;
}

static pid_t start(void)
{
	pid_t pid;

	ut_restart();
	ut_shm->flag[1] = 0;
	pid = ut_child(one_call);
	return ut_wait_at(1) ? -1 : pid;
}

/* Put a detached engine: release must be called while others are attached. */
static void expect_released(struct __test_metadata *_metadata, int h,
			    int live, const char *when)
{
	int ret = ut_barrier(h);

	EXPECT_EQ(-ESRCH, ret) {
		TH_LOG("%s: the barrier", when);
	}
	ut_put(h);
	EXPECT_EQ(0, ut_released(live)) {
		TH_LOG("%s: no release", when);
	}
}

static void finish(struct __test_metadata *_metadata, pid_t pid)
{
	ut_go(3);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Another engine's stop ----------------------------------------------------- */

enum stop_by { BY_ENTRY, BY_EXIT, BY_QUIESCE, BY_CONTROL, BY_SIGNAL, STOPS };

static const char *const stop_names[] = {
	"entry", "exit", "quiesce", "control", "signal",
};

/* Make engine h stop the task. */
static int stop_by(enum stop_by by, int h, pid_t pid)
{
	int ret = 0;

	switch (by) {
	case BY_ENTRY:
		ut_events(h, EV(SYSCALL_ENTRY));
		ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_STOP));
		ut_go(2);
		break;
	case BY_EXIT:
		ut_events(h, EV(SYSCALL_EXIT));
		ut_rule(h, UT_SYSCALL_EXIT, NTH(1), ANSWER(UTRACE_STOP));
		ut_go(2);
		break;
	case BY_QUIESCE:
		ut_events(h, EV(QUIESCE));
		ut_rule(h, UT_QUIESCE, NTH(1), ANSWER(UTRACE_STOP));
		ret = ut_control(h, UTRACE_REPORT);
		break;
	case BY_CONTROL:
		ret = ut_control(h, UTRACE_STOP);
		break;
	default:
		ut_events(h, EV(SIGNAL_IGN));
		ut_rule(h, UT_SIGNAL, NTH(1), ANSWER(UTRACE_STOP));
		kill(pid, SIGCHLD);
	}
	return ret && ret != -EINPROGRESS ? ret : ut_wait_state(pid, 't');
}

/*
 * Detach the engine that stopped the task while another engine holds the task.
 * before, after: numbers of idle engines attached before and after it
 */
static void detach_held(struct __test_metadata *_metadata, enum stop_by by,
			int before, int after)
{
	int h, other, idle, i, ret;
	char when[64];
	pid_t pid = start();

	snprintf(when, sizeof(when), "%s, %d before, %d after", stop_names[by],
		 before, after);
	ASSERT_LT(0, pid);
	for (i = 0; i < before; i++)
		ATTACH(idle, pid, 0);
	ATTACH(h, pid, 0);
	for (i = 0; i < after; i++)
		ATTACH(idle, pid, 0);
	ASSERT_EQ(0, stop_by(by, h, pid));
	ATTACH(other, pid, 0);
	ASSERT_EQ(0, ut_control(other, UTRACE_STOP));
	ret = ut_control(h, UTRACE_DETACH);
	EXPECT_TRUE(!ret || ret == -EINPROGRESS);
	expect_released(_metadata, h, before + after + 1, when);
	EXPECT_EQ('t', ut_state(pid));
	EXPECT_EQ(0, ut_control(other, UTRACE_RESUME));
	finish(_metadata, pid);
	for (idle = 0; idle <= other; idle++)
		if (idle != h)
			ut_put(idle);
	EXPECT_EQ(0, ut_released(0));
	ut_teardown();
	ASSERT_EQ(0, ut_setup());
}

UT_TEST(detach_while_other_holds)
{
	int by;

	for (by = 0; by < STOPS; by++) {
		detach_held(_metadata, by, 0, 0);
		detach_held(_metadata, by, 1, 0);
		detach_held(_metadata, by, 0, 1);
	}
}

/* Another engine's callback ------------------------------------------------- */

enum leave_by { FROM_OUTSIDE, BY_ANSWER, BY_CALL, LEAVES };

static const char *const leave_names[] = { "outside", "answer", "call" };

static void leave_by(enum leave_by by, int h)
{
	switch (by) {
	case BY_ANSWER:
		ut_rule(h, UT_SYSCALL_EXIT, NTH(1), ANSWER(UTRACE_DETACH));
		break;
	case BY_CALL:
		ut_rule(h, UT_SYSCALL_EXIT, NTH(1),
			OPS(OP(CONTROL, -1, UTRACE_DETACH)));
		break;
	default:
		break;
	}
}

/* An engine detaches while the callback of a newer or an older one sleeps. */
static void leave_beside_callback(struct __test_metadata *_metadata,
				  enum leave_by by, bool newer)
{
	int h, other, ret;
	pid_t pid = start();
	struct ut_rec *r;

	ASSERT_LT(0, pid);
	if (newer) {
		ATTACH(h, pid, EV(SYSCALL_EXIT));
		ATTACH(other, pid, EV(SYSCALL_EXIT));
	} else {
		ATTACH(other, pid, EV(SYSCALL_EXIT));
		ATTACH(h, pid, EV(SYSCALL_EXIT));
	}
	ut_gate(1, false);
	ut_rule(other, UT_SYSCALL_EXIT, NTH(1), OPS(OP(BLOCK, 1)));
	leave_by(by, h);
	ut_go(2);
	WAIT(other, UT_SYSCALL_EXIT);
	if (by == FROM_OUTSIDE) {
		ret = ut_control(h, UTRACE_DETACH);
		EXPECT_TRUE(!ret || ret == -EINPROGRESS);
	}
	EXPECT_EQ(0, ut_flags(h));
	expect_released(_metadata, h, 1, leave_names[by]);
	EXPECT_EQ(0, ut_shm->flag[1]);
	ut_gate(1, true);
	finish(_metadata, pid);
	EXPECT_EQ(0, ut_flags(other));
	ut_put(other);
	EXPECT_EQ(0, ut_released(0));
	ut_teardown();
	ASSERT_EQ(0, ut_setup());
}

UT_TEST(leave_while_callback_sleeps)
{
	leave_beside_callback(_metadata, FROM_OUTSIDE, true);
	leave_beside_callback(_metadata, BY_ANSWER, true);
	leave_beside_callback(_metadata, BY_CALL, true);
	/* the engine to be detached has not been called yet */
	leave_beside_callback(_metadata, FROM_OUTSIDE, false);
}

/* The callback of another engine detaches the engine, then sleeps. */
UT_TEST(detach_by_other_callback)
{
	int h, other;
	pid_t pid = start();
	struct ut_rec *r;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_EXIT));
	ATTACH(other, pid, EV(SYSCALL_EXIT));
	ut_rule(other, UT_SYSCALL_EXIT, NTH(1),
		OPS(OP(CONTROL, h, UTRACE_DETACH), OP(BLOCK, 1)));
	ut_go(2);
	WAIT_OP(other, CONTROL);
	EXPECT_EQ(0, (int)r->arg[1]);
	expect_released(_metadata, h, 1, "by another");
	ut_gate(1, true);
	finish(_metadata, pid);
}

/* While report_death sleeps, the dead task keeps its engines. */
UT_TEST(death_while_callback_sleeps)
{
	int h, other, i;
	struct ut_rec *r;

	for (i = 0; i < 2; i++) {
		pid_t pid = start();

		ASSERT_LT(0, pid);
		ATTACH(h, pid, i ? EV(REAP) : 0);
		ATTACH(other, pid, EV(DEATH));
		ut_gate(1, false);
		ut_rule(other, UT_DEATH, OPS(OP(BLOCK, 1)));
		kill(pid, SIGKILL);
		WAIT(other, UT_DEATH);
		EXPECT_EQ(-EALREADY, ut_control(h, UTRACE_DETACH));
		EXPECT_EQ(SIGKILL, ut_reap(pid));
		ut_put(h);
		ut_put(other);
		/* no release yet: report_death has not returned */
		EXPECT_EQ(i, ut_total(UT_RELEASE) / 2);
		ut_gate(1, true);
		EXPECT_EQ(0, ut_released(0));
	}
}

/* Storms -------------------------------------------------------------------- */

struct storm {
	pthread_t id;
	pid_t pid;
	long rounds;
	struct ut_call call;
	int ret;
};

static void *run_storm(void *arg)
{
	struct storm *s = arg;

	s->ret = ut_storm(&s->call, s->pid, s->rounds, 0, EV(SYSCALL_EXIT));
	return NULL;
}

/* Two threads attach and detach: each round must attach an engine. */
static void storms(struct __test_metadata *_metadata, pid_t pid, long rounds)
{
	struct storm s[2] = { };
	int i;

	for (i = 0; i < 2; i++) {
		s[i].pid = pid;
		s[i].rounds = rounds;
		ASSERT_EQ(0, pthread_create(&s[i].id, NULL, run_storm, &s[i]));
	}
	for (i = 0; i < 2; i++) {
		pthread_join(s[i].id, NULL);
		EXPECT_EQ(rounds, s[i].ret);
		EXPECT_EQ(rounds, s[i].call.out[UT_ST_ATTACHED]);
		EXPECT_EQ(0, s[i].call.out[UT_ST_UNEXPECTED]);
	}
}

/*
 * While a callback sleeps, detached engines must be freed, and new ones must
 * not be called for the event.
 */
UT_LONG_TEST(storm_while_callback_sleeps)
{
	int old[MANY], h, i;
	long objects;
	struct ut_rec *r;
	pid_t pid = start();

	ASSERT_LT(0, pid);
	for (i = 0; i < MANY; i++)
		ATTACH(old[i], pid, EV(SYSCALL_EXIT));
	ut_rule(old[0], UT_SYSCALL_EXIT, NTH(1), OPS(OP(BLOCK, 1)));
	ut_go(2);
	WAIT(old[0], UT_SYSCALL_EXIT);
	objects = ut_objects();
	storms(_metadata, pid, ut_rounds(2000));
	/* make holes between the slots of the old engines */
	for (i = 1; i < MANY; i += 2) {
		EXPECT_EQ(0, ut_control(old[i], UTRACE_DETACH));
		ut_put(old[i]);
	}
	storms(_metadata, pid, ut_rounds(2000));
	EXPECT_EQ(0, ut_released(MANY / 2));
	EXPECT_GE(objects, ut_settled_objects(objects));
	ATTACH(h, pid, EV(SYSCALL_EXIT));
	ut_gate(1, true);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	/*
	 * Both calls were reported to the remaining engines, the second one to
	 * the new engine, none to the storms' engines.
	 */
	EXPECT_EQ(MANY / 2 * 2 + 1, ut_total(UT_SYSCALL_EXIT));
	EXPECT_EQ(1, ut_count(h, UT_SYSCALL_EXIT));
	finish(_metadata, pid);
}

static int busy(void)
{
	ut_step(1);
	while (!ut_shm->flag[0])
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	return 7;
}

/* Attach and detach while events are reported: each engine is released. */
UT_LONG_TEST(storm_beside_walks)
{
	int h, i;
	pid_t pid;

	for (i = 0; i < 3; i++) {
		ut_restart();
		ut_shm->flag[0] = 0;
		pid = ut_child(busy);
		ASSERT_EQ(0, ut_wait_at(1));
		ATTACH(h, pid, EV_SYSCALLS);
		ut_mute(h, ~0ul);
		ut_go(1);
		storms(_metadata, pid, ut_rounds(20000));
		EXPECT_EQ(0, ut_released(1)) {
			TH_LOG("engines are left after a storm");
		}
		ut_shm->flag[0] = 1;
		EXPECT_EQ(7 << 8, ut_reap(pid));
		ut_put(h);
		EXPECT_EQ(0, ut_released(0));
	}
}

/* Order --------------------------------------------------------------------- */

/*
 * Get the handles of the engines that were called, in order.  Returns their
 * number.  born: an engine that a callback attached
 */
static int called(int cb, int *order, int *born)
{
	struct ut_rec *r;
	int n = 0;

	while ((r = ut_poll())) {
		if (r->cb == cb && n < 2 * MANY)
			order[n++] = r->handle;
		if (r->cb == UT_OPRES && r->arg[0] == UT_OP_ATTACH)
			*born = r->arg[1];
	}
	return n;
}

static void check_order(struct __test_metadata *_metadata, const int *seen,
			const int *want, int n, bool reverse)
{
	int i;

	for (i = 0; i < n; i++) {
		int w = want[reverse ? n - 1 - i : i];

		EXPECT_EQ(w, seen[i]) {
			TH_LOG("place %d of %d", i, n);
		}
	}
}

/*
 * n engines are attached, some in the middle are detached, and two more are
 * attached, one of them in a callback.  report_syscall_exit is called in the
 * order of attachment, report_syscall_entry in the reverse order.
 */
static void order_of(struct __test_metadata *_metadata, int n, int cb)
{
	int want[MANY + 2], seen[2 * MANY + 2], h[MANY], nr = 0, i, late,
	    born = -1;
	uint64_t event = cb == UT_SYSCALL_EXIT ? EV(SYSCALL_EXIT) :
						 EV(SYSCALL_ENTRY);
	bool reverse = cb == UT_SYSCALL_ENTRY;
	pid_t pid = start();

	ASSERT_LT(0, pid);
	for (i = 0; i < n; i++)
		ATTACH(h[i], pid, event);
	for (i = 0; i < n; i++) {
		if (i % 3 == 1) {
			EXPECT_EQ(0, ut_control(h[i], UTRACE_DETACH));
			ut_put(h[i]);
		} else {
			want[nr++] = h[i];
		}
	}
	/* attached during the first event, called last for the second */
	ut_rule(want[0], cb, NTH(1), OPS(OP(ATTACH, event)));
	ATTACH(late, pid, event);
	want[nr++] = late;
	called(cb, seen, &born);
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(nr, called(cb, seen, &born));
	check_order(_metadata, seen, want, nr, reverse);
	want[nr++] = born;
	ut_go(3);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_LE(nr, called(cb, seen, &born));
	check_order(_metadata, seen, want, nr, reverse);
	ut_teardown();
	ASSERT_EQ(0, ut_setup());
}

UT_LONG_TEST(order)
{
	int n;

	for (n = 1; n <= MANY; n++) {
		order_of(_metadata, n, UT_SYSCALL_EXIT);
		order_of(_metadata, n, UT_SYSCALL_ENTRY);
	}
}

/* The order of a child's engines, the tracer's included -------------------- */

static int forks(void)
{
	long flags = SIGCHLD | ut_shm->val[0];
	pid_t pid;

	ut_step(1);
	pid = ut_syscall(__NR_clone, flags, 0, 0, 0, 0, 0);
	if (!pid)
		_exit(3);
	waitpid(pid, NULL, __WALL);
	return 7;
}

/* Continue all stops.  Returns the wait status of @pid's end. */
static int trace_to_end(pid_t pid)
{
	int status = 0;
	pid_t got;

	while ((got = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			ptrace(PTRACE_CONT, got, 0, status >> 16 ? 0 :
			       WSTOPSIG(status));
		else if (got == pid)
			break;
	}
	ut_forget(pid);
	return status;
}

/*
 * Engines attached before and after the tracer's follow the child.  The
 * tracer's engine requests a stop at the exit: the action passed to report_exit
 * shows whether that engine was called before.
 */
static void order_of_child(struct __test_metadata *_metadata, long flags,
			   long options)
{
	int h[2], kid[2], i;
	struct ut_rec *r;
	pid_t pid;

	ut_restart();
	ut_shm->val[0] = flags;
	pid = ut_child(forks);
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h[0], pid, EV(CLONE));
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, 0,
			    PTRACE_O_TRACEEXIT | options));
	ATTACH(h[1], pid, EV(CLONE));
	for (i = 0; i < 2; i++)
		ut_rule(h[i], UT_CLONE, OPS(OP(FOLLOW, EV(EXIT), 0)));
	ut_go(1);
	EXPECT_EQ(7 << 8, trace_to_end(pid));
	for (i = 0; i < 2; i++) {
		WAIT_OP(h[i], FOLLOW);
		kid[i] = r->arg[1];
	}
	WAIT(kid[0], UT_EXIT);
	EXPECT_EQ(UTRACE_RESUME, r->action & UTRACE_RESUME_MASK) {
		TH_LOG("the tracer comes before the engine that was first");
	}
	WAIT(kid[1], UT_EXIT);
	EXPECT_EQ(UTRACE_STOP, r->action & UTRACE_RESUME_MASK) {
		TH_LOG("the tracer comes behind the engine that was last");
	}
	ut_teardown();
	ASSERT_EQ(0, ut_setup());
}

UT_TEST(order_of_child)
{
	order_of_child(_metadata, 0, PTRACE_O_TRACEFORK);
	order_of_child(_metadata, CLONE_VFORK, PTRACE_O_TRACEVFORK);
	order_of_child(_metadata, CLONE_PTRACE, 0);
}
