// SPDX-License-Identifier: GPL-2.0-only
/*
 * The return values of each call, for tasks in each state.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define CREATE	UTRACE_ATTACH_CREATE
#define EXCL	UTRACE_ATTACH_EXCLUSIVE
#define M_OPS	UTRACE_ATTACH_MATCH_OPS
#define M_DATA	UTRACE_ATTACH_MATCH_DATA
#define ATOMIC	UTRACE_ATTACH_ATOMIC

static int spin(void)
{
	ut_step(1);
	return 0;
}

static int spin_then_exec(void)
{
	char *argv[] = { "true", NULL };

	ut_step(1);
	execv("/bin/true", argv);
	return 1;
}

static int spin_then_fork(void)
{
	pid_t pid;

	ut_step(1);
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	ut_step(2);
	return 0;
}

static int sleep_in_pause(void)
{
	ut_shm->at = 1;
	pause();
	return 0;
}

static int syscall_loop(void)
{
	ut_step(1);
	while (ut_shm->go < 2)
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	return 0;
}

static pid_t zombie(void)
{
	pid_t pid = ut_child(spin);

	ut_wait_at(1);
	ut_go(1);
	ut_wait_state(pid, 'Z');
	return pid;
}

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS;
}

UT_TEST(attach_flags)
{
	pid_t pid = ut_child(spin);
	int bit;

	ASSERT_EQ(0, ut_wait_at(1));
	for (bit = 0; bit < 31; bit++) {
		int flag = 1 << bit;

		if (flag & (CREATE | EXCL | M_OPS | M_DATA | ATOMIC))
			continue;
		EXPECT_EQ(-EINVAL, ut_attach_as(pid, CREATE | flag, UT_OPS_A,
						UT_HOW_TASK)) {
			TH_LOG("flag %#x", flag);
		}
	}
	EXPECT_EQ(-EINVAL, ut_attach_as(pid, CREATE, UT_OPS_NULL, UT_HOW_TASK));
	EXPECT_EQ(-EINVAL, ut_attach_as(pid, CREATE, UT_OPS_NULL, UT_HOW_PID));
	EXPECT_EQ(-EINVAL, ut_attach_as(pid, M_OPS, UT_OPS_NULL, UT_HOW_TASK));
	EXPECT_EQ(0, ut_released(0));
}

/* A module cannot attach an engine with callbacks for built-in engines */
UT_TEST(attach_builtin)
{
	static const int tables[] = { UT_OPS_STOPPED, UT_OPS_LEAVES_FATAL };
	pid_t pid = ut_child(spin);
	unsigned int i;

	ASSERT_EQ(0, ut_wait_at(1));
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		EXPECT_EQ(-EINVAL, ut_attach_as(pid, CREATE, tables[i],
						UT_HOW_EXPORTED));
		EXPECT_EQ(-EINVAL, ut_attach_as(pid, CREATE, tables[i],
						UT_HOW_PID));
		EXPECT_EQ(-EINVAL, ut_attach_as(pid, CREATE | ATOMIC, tables[i],
						UT_HOW_RCU));
		EXPECT_EQ(0, ut_released(0));
		EXPECT_EQ(-ENOENT, ut_attach_as(pid, 0, UT_OPS_A, UT_HOW_TASK));
		EXPECT_STREQ("0", ut_status(pid, "Utrace"));
	}
	/* utrace_attach_builtin() can; a module cannot look up that engine */
	EXPECT_EQ(0, ut_attach_as(pid, CREATE, UT_OPS_STOPPED, UT_HOW_TASK));
	EXPECT_EQ(0, ut_attach_as(pid, M_OPS, UT_OPS_STOPPED, UT_HOW_TASK));
	EXPECT_EQ(-EINVAL, ut_attach_as(pid, M_OPS, UT_OPS_STOPPED,
					UT_HOW_EXPORTED));
	EXPECT_EQ(-EINVAL, ut_attach_as(pid, M_OPS, UT_OPS_STOPPED,
					UT_HOW_PID));
	EXPECT_EQ(-ENOENT, ut_attach_as(pid, 0, UT_OPS_A, UT_HOW_EXPORTED));
	EXPECT_EQ(-ENOENT, ut_attach_as(pid, 0, UT_OPS_A, UT_HOW_PID));
	EXPECT_STREQ("1 ut-stopped", ut_status(pid, "Utrace"));
}

UT_TEST(attach_lookup)
{
	pid_t pid = ut_child(spin);
	struct ut_call c = { .pid = pid, .flags = M_DATA };
	int a, b;

	ASSERT_EQ(0, ut_wait_at(1));
	EXPECT_EQ(-ENOENT, ut_attach_as(pid, M_OPS, UT_OPS_A, UT_HOW_TASK));
	ASSERT_LE(0, a = ut_attach_as(pid, CREATE, UT_OPS_A, UT_HOW_TASK));
	EXPECT_EQ(-ENOENT, ut_attach_as(pid, M_OPS, UT_OPS_B, UT_HOW_TASK));
	ASSERT_LE(0, b = ut_attach_as(pid, CREATE, UT_OPS_B, UT_HOW_PID));
	EXPECT_NE(a, b);
	EXPECT_EQ(a, ut_attach_as(pid, M_OPS, UT_OPS_A, UT_HOW_TASK));
	EXPECT_EQ(b, ut_attach_as(pid, M_OPS, UT_OPS_B, UT_HOW_PID));
	c.b = b;
	EXPECT_EQ(b, ut_attach_call(&c));
	EXPECT_EQ(1, c.out[1]);
	c.b = a;
	EXPECT_EQ(a, ut_attach_call(&c));
	/* ops and data must match */
	c.flags = M_DATA | M_OPS;
	c.ops = UT_OPS_B;
	EXPECT_EQ(-ENOENT, ut_attach_call(&c));
	c.ops = UT_OPS_A;
	EXPECT_EQ(a, ut_attach_call(&c));
	/* a detached engine is not found */
	EXPECT_TRUE(ok_or_running(ut_control(a, UTRACE_DETACH)));
	EXPECT_EQ(-ENOENT, ut_attach_call(&c));
	EXPECT_EQ(-ENOENT, ut_attach_as(pid, M_OPS, UT_OPS_A, UT_HOW_TASK));
	EXPECT_EQ(b, ut_attach_as(pid, M_OPS, UT_OPS_B, UT_HOW_RCU));
}

UT_TEST(attach_exclusive)
{
	pid_t pid = ut_child(spin);
	struct ut_call c = { .pid = pid };
	int a;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, a = ut_attach_as(pid, CREATE | EXCL, UT_OPS_A,
				      UT_HOW_TASK));
	EXPECT_EQ(-EEXIST, ut_attach_as(pid, CREATE | EXCL, UT_OPS_A,
					UT_HOW_TASK));
	EXPECT_EQ(-EEXIST, ut_attach_as(pid, CREATE | EXCL, UT_OPS_B,
					UT_HOW_PID));
	EXPECT_EQ(-EEXIST, ut_attach_as(pid, CREATE | EXCL | M_OPS, UT_OPS_A,
					UT_HOW_TASK));
	c.flags = CREATE | EXCL | M_DATA;
	c.b = a;
	EXPECT_EQ(-EEXIST, ut_attach_call(&c));
	/* EXCLUSIVE has no effect alone, nor MATCH with CREATE alone */
	EXPECT_EQ(a, ut_attach_as(pid, EXCL | M_OPS, UT_OPS_A, UT_HOW_TASK));
	EXPECT_LT(a, ut_attach_as(pid, CREATE | M_OPS, UT_OPS_A, UT_HOW_TASK));
	/* no engine matches: a new one is created */
	EXPECT_LT(a, ut_attach_as(pid, CREATE | EXCL | M_OPS, UT_OPS_B,
				  UT_HOW_TASK));
	EXPECT_STREQ("3 ut-a ut-a utrace_test", ut_status(pid, "Utrace"));
	/* after the detach, an engine with the same data can be attached */
	EXPECT_TRUE(ok_or_running(ut_control(a, UTRACE_DETACH)));
	c.flags = CREATE | EXCL | M_DATA;
	EXPECT_EQ(a, ut_attach_call(&c));
	EXPECT_EQ(2, c.out[1]);
	EXPECT_EQ(0, ut_events(a, EV(EXIT)));
	EXPECT_EQ(EV(EXIT), ut_flags(a));
}

/* Fail each allocation of an attach in turn, until none is left to fail. */
static void attach_short(struct __test_metadata *_metadata, int flags, int how)
{
	pid_t pid = ut_child(spin);
	struct ut_call c = { .pid = pid, .ops = UT_OPS_A, .how = how };

	ASSERT_EQ(0, ut_wait_at(1));
	for (c.fail = 1; c.fail < 10; c.fail++) {
		c.flags = CREATE | flags;
		c.out[2] = 0;
		ut_attach_call(&c);
		if (!c.out[2])
			break;
		EXPECT_EQ(-ENOMEM, c.res);
		EXPECT_STREQ("0", ut_status(pid, "Utrace"));
		EXPECT_EQ(0, ut_released(0));
	}
	/* two allocations: struct utrace and struct utrace_engine */
	EXPECT_EQ(3, c.fail);
	EXPECT_EQ(0, c.res);
	EXPECT_EQ('1', *ut_status(pid, "Utrace"));
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
}

UT_TEST(attach_without_memory)
{
	attach_short(_metadata, 0, UT_HOW_TASK);
}

UT_TEST(attach_atomic_without_memory)
{
	attach_short(_metadata, ATOMIC, UT_HOW_RCU);
}

UT_TEST(attach_plain_always_makes_one)
{
	pid_t pid = ut_child(spin);
	int i;

	ASSERT_EQ(0, ut_wait_at(1));
	for (i = 0; i < 5; i++)
		EXPECT_EQ(i, ut_attach_as(pid, CREATE, UT_OPS_A, UT_HOW_TASK));
	EXPECT_EQ('5', *ut_status(pid, "Utrace"));
	EXPECT_EQ(0, ut_flags(0));
}

UT_TEST(attach_atomic_under_rcu)
{
	pid_t pid = ut_child(spin);

	ASSERT_EQ(0, ut_wait_at(1));
	EXPECT_EQ(0, ut_attach_as(pid, CREATE | ATOMIC, UT_OPS_A, UT_HOW_RCU));
	EXPECT_EQ(1, ut_attach_as(pid, CREATE | ATOMIC, UT_OPS_A, UT_HOW_RCU));
	EXPECT_EQ(0, ut_events_as(1, EV(QUIESCE), UT_HOW_RCU));
	EXPECT_EQ(0, ut_control_as(1, UTRACE_REPORT, UT_HOW_RCU));
	EXPECT_NE(NULL, ut_wait(1, UT_QUIESCE));
	EXPECT_TRUE(ok_or_running(ut_control_as(1, UTRACE_DETACH, UT_HOW_RCU)));
}

UT_TEST(attach_kernel_thread)
{
	/* pid 2 is always kthreadd */
	EXPECT_EQ(-EPERM, ut_attach_as(2, CREATE, UT_OPS_A, UT_HOW_TASK));
	EXPECT_EQ(-EPERM, ut_attach_as(2, CREATE, UT_OPS_A, UT_HOW_PID));
	EXPECT_EQ(-EPERM, ut_attach_as(2, CREATE | ATOMIC, UT_OPS_A,
				       UT_HOW_RCU));
	EXPECT_EQ(0, ut_released(0));
}

UT_TEST(attach_reaped)
{
	pid_t pid = zombie();

	ASSERT_EQ(0, ut_hold(pid));
	EXPECT_EQ(0, ut_reap(pid));
	EXPECT_EQ(-ESRCH, ut_attach_as(0, CREATE, UT_OPS_A, UT_HOW_HELD));
	EXPECT_EQ(-ESRCH, ut_attach_as(0, CREATE, UT_OPS_A, UT_HOW_HELDPID));
	EXPECT_EQ(-ESRCH, ut_attach_as(0, CREATE | ATOMIC, UT_OPS_A,
				       UT_HOW_HELD));
}

UT_TEST(attach_zombie)
{
	pid_t pid = zombie();
	struct ut_rec *r;
	int h;

	ASSERT_LE(0, h = ut_attach_as(pid, CREATE, UT_OPS_A, UT_HOW_TASK));
	EXPECT_EQ(-EALREADY, ut_events(h, EV(DEATH)));
	EXPECT_EQ(-EALREADY, ut_events(h, EV(QUIESCE)));
	EXPECT_EQ(0, ut_flags(h));
	EXPECT_EQ(0, ut_events(h, EV(REAP)));
	EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_STOP));
	EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_INTERRUPT));
	EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_RESUME));
	EXPECT_EQ(-ESRCH, ut_control_as(h, UTRACE_RESUME, UT_HOW_PID));
	EXPECT_EQ(0, ut_reap(pid));
	WAIT(h, UT_REAP);
	EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_DETACH));
	EXPECT_EQ(-ESRCH, ut_events(h, 0));
	EXPECT_EQ(-ESRCH, ut_barrier(h));
}

UT_TEST(detach_from_zombie)
{
	pid_t pid = zombie();
	int h;

	ASSERT_LE(0, h = ut_attach_as(pid, CREATE, UT_OPS_A, UT_HOW_TASK));
	EXPECT_EQ(0, ut_events(h, EV(REAP)));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	EXPECT_EQ(-ESRCH, ut_barrier(h));
	EXPECT_EQ(0, ut_reap(pid));
	EXPECT_EQ(0, ut_drain(h, UT_REAP));
	ut_put(h);
	EXPECT_EQ(0, ut_released(0));
}

UT_TEST(set_events_unknown_bits)
{
	pid_t pid = ut_child(spin);
	int h, bit;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT));
	for (bit = _UTRACE_NEVENTS; bit < 64; bit++)
		EXPECT_EQ(-EINVAL, ut_events(h, EV(EXIT) | 1ULL << bit)) {
			TH_LOG("bit %d", bit);
		}
	EXPECT_EQ(EV(EXIT), ut_flags(h));
	/* the mask in ->flags can be set again */
	EXPECT_EQ(0, ut_events(h, EV_ALL));
	EXPECT_EQ(EV_ALL, ut_flags(h));
	EXPECT_EQ(0, ut_events(h, ut_flags(h)));
}

UT_TEST(set_events_trap)
{
	pid_t pid = ut_child(spin);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT));
	EXPECT_EQ(-EINVAL, ut_events(h, EV(EXIT) | EV(TRAP)));
	EXPECT_EQ(-EINVAL, ut_events(h, EV_ALL | EV(TRAP)));
	EXPECT_EQ(-EINVAL, ut_events_as(h, EV(TRAP), UT_HOW_PID));
	EXPECT_EQ(EV(EXIT), ut_flags(h));
	h = ut_attach_ops(pid, UT_OPS_STOPPED, EV_ALL | EV(TRAP));
	ASSERT_LE(0, h);
	EXPECT_EQ(EV_ALL | EV(TRAP), ut_flags(h));
}

UT_TEST(set_events_lacking_callback)
{
	static const struct {
		int cb;
		uint64_t events;
	} lack[] = {
		{ UT_QUIESCE, EV(QUIESCE) }, { UT_REAP, EV(REAP) },
		{ UT_CLONE, EV(CLONE) }, { UT_EXEC, EV(EXEC) },
		{ UT_EXIT, EV(EXIT) }, { UT_DEATH, EV(DEATH) },
		{ UT_SYSCALL_ENTRY, EV(SYSCALL_ENTRY) },
		{ UT_SYSCALL_EXIT, EV(SYSCALL_EXIT) },
		{ UT_SIGNAL, EV(SIGNAL) }, { UT_SIGNAL, EV(SIGNAL_IGN) },
		{ UT_SIGNAL, EV(SIGNAL_STOP) }, { UT_SIGNAL, EV(SIGNAL_TERM) },
		{ UT_SIGNAL, EV(SIGNAL_CORE) }, { UT_JCTL, EV(JCTL) },
		{ UT_SECCOMP, EV(SECCOMP) }, { UT_VFORK_DONE, EV(VFORK_DONE) },
		{ UT_GROUP_STOP, EV(GROUP_STOP) }, { UT_TRAP, EV(TRAP) },
		{ UT_HANDLER, EV(HANDLER) },
	};
	pid_t pid = ut_child(spin);
	unsigned int i;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	for (i = 0; i < ARRAY_SIZE(lack); i++) {
		uint64_t rest = EV_ALL & ~lack[i].events;

		if (lack[i].cb == UT_SIGNAL)
			rest &= ~(EV_SIGNALS | EV(QUIESCE));
		h = ut_attach_as(pid, CREATE, UT_OPS_LACK + lack[i].cb,
				 UT_HOW_TASK);
		ASSERT_LE(0, h);
		EXPECT_EQ(-EINVAL, ut_events(h, lack[i].events)) {
			TH_LOG("callback %d", lack[i].cb);
		}
		EXPECT_EQ(0, ut_flags(h));
		EXPECT_EQ(0, ut_events(h, rest)) {
			TH_LOG("callback %d", lack[i].cb);
		}
		EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	}
	/* signal events need report_signal or report_quiesce */
	h = ut_attach_as(pid, CREATE, UT_OPS_QUIESCE, UT_HOW_TASK);
	EXPECT_EQ(0, ut_events(h, EV_SIGNALS));
	h = ut_attach_as(pid, CREATE, UT_OPS_SIGNAL, UT_HOW_TASK);
	EXPECT_EQ(0, ut_events(h, EV_SIGNALS));
	EXPECT_EQ(-EINVAL, ut_events(h, EV(QUIESCE)));
	h = ut_attach_as(pid, CREATE, UT_OPS_EMPTY, UT_HOW_TASK);
	EXPECT_EQ(0, ut_events(h, 0));
}

UT_TEST(set_events_add_and_clear)
{
	pid_t pid = ut_child(spin_then_fork);
	struct ut_rec *r;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	ATTACH(h2, pid, EV(CLONE));
	ut_rule(h, UT_CLONE, OPS(OP(BLOCK, 1)));
	ut_go(1);
	WAIT(h, UT_CLONE);
	/* in a callback of h: 0 to set a bit, -EINPROGRESS to clear one */
	EXPECT_EQ(0, ut_events(h, EV(CLONE) | EV(EXIT)));
	EXPECT_EQ(-EINPROGRESS, ut_events(h, EV(EXIT)));
	EXPECT_EQ(EV(EXIT), ut_flags(h));
	/* no callback of h2 is running, but either result is valid */
	EXPECT_TRUE(ok_or_running(ut_events(h2, EV(EXIT))));
	ut_gate(1, true);
	EXPECT_EQ(0, ut_barrier(h));
	EXPECT_EQ(0, ut_barrier(h2));
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(0, ut_count(h2, UT_CLONE));
}

UT_TEST(set_events_during_death)
{
	pid_t pid = ut_child(spin);
	struct ut_rec *r;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(DEATH) | EV(QUIESCE) | EV(REAP));
	ATTACH(h2, pid, EV(REAP));
	ut_rule(h, UT_DEATH, OPS(OP(BLOCK, 1)));
	ut_go(1);
	WAIT(h, UT_DEATH);
	EXPECT_EQ(-EALREADY, ut_events(h, EV(REAP)));
	EXPECT_EQ(-EALREADY, ut_events(h, EV(REAP) | EV(QUIESCE)));
	EXPECT_EQ(-EALREADY, ut_events(h, EV(REAP) | EV(DEATH)));
	EXPECT_EQ(EV(DEATH) | EV(QUIESCE) | EV(REAP), ut_flags(h));
	EXPECT_EQ(-EALREADY, ut_events(h2, EV(REAP) | EV(DEATH)));
	EXPECT_EQ(-EALREADY, ut_events(h2, EV(REAP) | EV(QUIESCE)));
	EXPECT_EQ(-EALREADY, ut_control(h, UTRACE_DETACH));
	EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_STOP));
	EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_REPORT));
	EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_INTERRUPT));
	EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_RESUME));
	ut_gate(1, true);
	EXPECT_EQ(0, ut_barrier(h));
	/* DETACH failed: the engine is still attached */
	EXPECT_EQ(0, ut_reap(pid));
	WAIT(h, UT_REAP);
	EXPECT_EQ(1, ut_count_is(h2, UT_REAP, 1));
}

UT_TEST(calls_in_report_reap)
{
	pid_t pid = ut_child(spin);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(REAP));
	ut_rule(h, UT_REAP, OPS(OP(SETEVENTS, -1, 0),
				OP(CONTROL, -1, UTRACE_DETACH),
				OP(CONTROL, -1, UTRACE_STOP)));
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
	WAIT(h, UT_REAP);
	WAIT_OP(h, SETEVENTS);
	EXPECT_EQ(-EALREADY, (int)r->arg[1]);
	WAIT_OP(h, CONTROL);
	EXPECT_EQ(-ESRCH, (int)r->arg[1]);
	WAIT_OP(h, CONTROL);
	EXPECT_EQ(-ESRCH, (int)r->arg[1]);
}

UT_TEST(control_arguments)
{
	pid_t pid = ut_child(spin);
	int h, ret;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT));
	EXPECT_EQ(-EINVAL, ut_control(h, UTRACE_RESUME_MAX));
	EXPECT_EQ(-EINVAL, ut_control(h, -1));
	EXPECT_EQ(-EINVAL, ut_control(h, 0x100));
	EXPECT_EQ(-EINVAL, ut_control(h, UTRACE_REPORT));
	EXPECT_EQ(-EINVAL, ut_control(h, UTRACE_SINGLESTEP));
	ret = ut_control(h, UTRACE_BLOCKSTEP);
	EXPECT_TRUE(ret == -EINVAL || ret == -EOPNOTSUPP);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	EXPECT_EQ(0, ut_control_as(h, UTRACE_RESUME, UT_HOW_PID));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	EXPECT_EQ('R', ut_state(pid));
}

UT_TEST(control_stop)
{
	pid_t pid = ut_child(spin);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(QUIESCE));
	ut_rule(h, UT_QUIESCE, ANSWER(UTRACE_STOP));
	EXPECT_EQ(-EINPROGRESS, ut_control(h, UTRACE_STOP));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_STOP));
	EXPECT_EQ(0, ut_control_as(h, UTRACE_STOP, UT_HOW_PID));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
}

/*
 * The reference keeps the engine's pointer valid.  The task pointer may be
 * stale and is only compared.
 */
UT_TEST(calls_after_detach)
{
	pid_t pid = ut_child(spin);
	int h, i, round;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT) | EV(REAP));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	EXPECT_EQ(0, ut_flags(h));
	for (round = 0; round < 2; round++) {
		for (i = UTRACE_STOP; i < UTRACE_RESUME_MAX; i++) {
			EXPECT_EQ(-ESRCH, ut_control(h, i));
			EXPECT_EQ(-ESRCH, ut_control_as(h, i, UT_HOW_RCU));
			EXPECT_EQ(-ESRCH, ut_control_as(h, i, UT_HOW_PID));
			EXPECT_EQ(-ESRCH, ut_control_as(h, i, UT_HOW_CURRENT));
		}
		EXPECT_EQ(-ESRCH, ut_events(h, 0));
		EXPECT_EQ(-ESRCH, ut_events(h, EV(EXIT)));
		EXPECT_EQ(-ESRCH, ut_events_as(h, 0, UT_HOW_PID));
		EXPECT_EQ(-ESRCH, ut_events_as(h, 0, UT_HOW_CURRENT));
		EXPECT_EQ(-ESRCH, ut_barrier(h));
		EXPECT_EQ(-ESRCH, ut_barrier_as(h, UT_HOW_PID));
		EXPECT_EQ(-ESRCH, ut_barrier_as(h, UT_HOW_CURRENT));
		EXPECT_EQ(-ESRCH, ut_prepare(h));
		EXPECT_EQ(-ESRCH, ut_finish(h));
		if (round)
			break;
		ut_go(1);
		EXPECT_EQ(0, ut_reap(pid));
		/* its task_struct may now be that of another task */
		for (i = 0; i < 20; i++)
			waitpid(fork() ?: (_exit(0), 0), NULL, 0);
	}
	EXPECT_EQ(0, ut_drain(-1, -1));
}

/* The same if the task died with the engine attached */
UT_TEST(calls_after_reap)
{
	pid_t pid = ut_child(spin);
	int h, i;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT));
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
	ASSERT_EQ(0, ut_wait_detached(h));
	for (i = 0; i < 20; i++)
		waitpid(fork() ?: (_exit(0), 0), NULL, 0);
	for (i = UTRACE_STOP; i < UTRACE_RESUME_MAX; i++) {
		EXPECT_EQ(-ESRCH, ut_control(h, i));
		EXPECT_EQ(-ESRCH, ut_control_as(h, i, UT_HOW_PID));
	}
	EXPECT_EQ(-ESRCH, ut_events(h, EV(EXIT)));
	EXPECT_EQ(-ESRCH, ut_barrier(h));
	EXPECT_EQ(-ESRCH, ut_prepare(h));
}

UT_TEST(barrier)
{
	pid_t pid = ut_child(spin);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT));
	EXPECT_EQ(0, ut_barrier(h));
	EXPECT_EQ(0, ut_barrier_as(h, UT_HOW_PID));
	/* stopped by another engine: in no callback */
	ASSERT_LE(0, ut_attach(pid, 0));
	EXPECT_TRUE(ok_or_running(ut_control(1, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_barrier(h));
	EXPECT_EQ(0, ut_barrier(1));
}

UT_TEST(calls_on_itself)
{
	pid_t pid = ut_child(syscall_loop);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_ENTRY) | EV(EXIT));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1),
		OPS(OP(BARRIER, -1), OP(SETEVENTS, -1, EV(SYSCALL_ENTRY)),
		    OP(BARRIER, -1), OP(CONTROL, -1, UTRACE_DETACH),
		    OP(BARRIER, -1)));
	ut_go(1);
	WAIT_OP(h, BARRIER);
	EXPECT_EQ(0, (int)r->arg[1]);
	WAIT_OP(h, SETEVENTS);
	EXPECT_EQ(0, (int)r->arg[1]);
	WAIT_OP(h, BARRIER);
	EXPECT_EQ(0, (int)r->arg[1]);
	WAIT_OP(h, CONTROL);
	EXPECT_EQ(0, (int)r->arg[1]);
	WAIT_OP(h, BARRIER);
	EXPECT_TRUE((int)r->arg[1] == 0 || (int)r->arg[1] == -ESRCH);
	EXPECT_EQ(1, ut_count(h, UT_SYSCALL_ENTRY));
	ut_go(2);
	EXPECT_EQ(0, ut_reap(pid));
	EXPECT_EQ(0, ut_drain(-1, -1));
}

static int barrier_on_0(void)
{
	int fd = ut_fd;

	ut_fd = ut_shm->val[8];
	(void)fd;
	ut_shm->flag[3] = 1;
	ut_shm->val[3] = ut_barrier(0);
	ut_shm->flag[4] = 1;
	return 0;
}

static void on_alarm(int sig)
{
}

/* A signal for the caller interrupts utrace_barrier(). */
UT_TEST(barrier_interrupted)
{
	pid_t pid = ut_child(syscall_loop), waiter;
	struct sigaction sa = { .sa_handler = on_alarm };
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_ENTRY));
	ASSERT_EQ(0, h);
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), OPS(OP(BLOCK, 1)));
	ut_go(1);
	WAIT(h, UT_SYSCALL_ENTRY);
	EXPECT_EQ(-EINPROGRESS, ut_control(h, UTRACE_DETACH));
	sigaction(SIGUSR1, &sa, NULL);
	ut_shm->val[8] = dup(ut_fd);
	waiter = ut_child(barrier_on_0);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[3], 1));
	ASSERT_EQ(0, ut_wait_state(waiter, 'S'));
	EXPECT_EQ(0, ut_shm->flag[4]);
	kill(waiter, SIGUSR1);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[4], 1));
	EXPECT_EQ(-ERESTARTSYS_, ut_shm->val[3]);
	close(ut_shm->val[8]);
	ut_gate(1, true);
	EXPECT_EQ(-ESRCH, ut_barrier(h));
	ut_go(2);
	EXPECT_EQ(0, ut_reap(pid));
}

UT_TEST(examine)
{
	pid_t pid = ut_child(spin);
	uint64_t regs[UT_NREGS];
	int h, h2, ret;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, 0);
	ATTACH(h2, pid, 0);
	EXPECT_EQ(-EINVAL, ut_prepare(h));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	ret = ut_prepare(h);
	EXPECT_TRUE(ret == 0 || ret == -EAGAIN);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	ret = ut_control(h, UTRACE_STOP);
	EXPECT_EQ(0, ret);
	EXPECT_EQ(0, ut_prepare(h));
	EXPECT_EQ(0, ut_regs(h, regs));
	EXPECT_NE(0, regs[UT_IP]);
	EXPECT_EQ(0, ut_finish(h));
	/* stopped, but not by this engine */
	EXPECT_EQ(-EINVAL, ut_prepare(h2));
	/* the task wakes between prepare and finish */
	EXPECT_EQ(0, ut_prepare(h));
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
	ret = ut_finish(h);
	EXPECT_TRUE(ret == -EAGAIN || ret == -ESRCH);
	EXPECT_EQ(-ESRCH, ut_prepare(h));
}

/* SIGKILL between prepare and finish: -EAGAIN while the task is dying. */
UT_TEST(examine_killed)
{
	pid_t pid = ut_child(spin);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT));
	ut_rule(h, UT_EXIT, OPS(OP(BLOCK, 1)));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_prepare(h));
	kill(pid, SIGKILL);
	WAIT(h, UT_EXIT);
	EXPECT_EQ(-EAGAIN, ut_finish(h));
	ut_gate(1, true);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

UT_TEST(examine_woken_and_stopped_again)
{
	pid_t pid = ut_child(spin);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, 0);
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_prepare(h));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_state(pid, 'R'));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(-EAGAIN, ut_finish(h));
}

static int attach_to_shm(void)
{
	struct ut_call c = {
		.pid = ut_shm->val[0], .flags = CREATE, .a = EV(EXIT),
	};

	ut_fd = ut_shm->val[8];
	ut_shm->flag[3] = 1;
	ut_shm->val[3] = ut_attach_call(&c);
	ut_shm->flag[4] = 1;
	return 0;
}

/* Attaching to a child waits until report_clone in its parent has returned. */
UT_TEST(attach_during_clone)
{
	pid_t pid = ut_child(spin_then_fork), child, helper;
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	ut_rule(h, UT_CLONE, OPS(OP(BLOCK, 1)));
	ut_go(1);
	WAIT(h, UT_CLONE);
	child = r->arg[1];
	EXPECT_EQ(-ERESTARTNOINTR_, ut_attach_as(child, CREATE | ATOMIC,
						 UT_OPS_A, UT_HOW_RCU));
	EXPECT_EQ(-ERESTARTNOINTR_, ut_attach_as(child, CREATE | ATOMIC,
						 UT_OPS_A, UT_HOW_TASK));
	ut_shm->val[0] = child;
	ut_shm->val[8] = dup(ut_fd);
	helper = ut_child(attach_to_shm);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[3], 1));
	ASSERT_EQ(0, ut_wait_state(helper, 'S'));
	EXPECT_EQ(0, ut_shm->flag[4]);
	ut_gate(1, true);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[4], 1));
	/* the child may have exited before the attach */
	EXPECT_TRUE(ut_shm->val[3] > h || ut_shm->val[3] == -ESRCH);
	close(ut_shm->val[8]);
	ASSERT_EQ(0, ut_wait_at(2));
}

UT_TEST(attach_during_clone_interrupted)
{
	pid_t pid = ut_child(spin_then_fork), child, helper;
	struct sigaction sa = { .sa_handler = on_alarm };
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE));
	ut_rule(h, UT_CLONE, OPS(OP(BLOCK, 1)));
	ut_go(1);
	WAIT(h, UT_CLONE);
	child = r->arg[1];
	ut_shm->val[0] = child;
	ut_shm->val[8] = dup(ut_fd);
	sigaction(SIGUSR1, &sa, NULL);
	helper = ut_child(attach_to_shm);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[3], 1));
	ASSERT_EQ(0, ut_wait_state(helper, 'S'));
	kill(helper, SIGUSR1);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[4], 1));
	EXPECT_EQ(-ERESTARTNOINTR_, ut_shm->val[3]);
	close(ut_shm->val[8]);
	ut_gate(1, true);
	ASSERT_EQ(0, ut_wait_at(2));
}

/* Attach during each of these events: the new engine is not called for it. */
static const struct {
	int cb;
	uint64_t event;
	int (*fn)(void);
} middles[] = {
	{ UT_EXEC, EV(EXEC), spin_then_exec },
	{ UT_EXIT, EV(EXIT), spin },
	{ UT_SYSCALL_ENTRY, EV(SYSCALL_ENTRY), syscall_loop },
	{ UT_SYSCALL_EXIT, EV(SYSCALL_EXIT), syscall_loop },
	{ UT_CLONE, EV(CLONE), spin_then_fork },
};

UT_TEST(attach_in_the_middle)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(middles); i++) {
		struct ut_rec *r;
		pid_t pid;
		int h, h2;

		ut_restart();
		pid = ut_child(middles[i].fn);
		ASSERT_EQ(0, ut_wait_at(1));
		ATTACH(h, pid, middles[i].event);
		ut_gate(1, false);
		ut_rule(h, middles[i].cb, NTH(1), OPS(OP(BLOCK, 1)));
		ut_go(1);
		WAIT(h, middles[i].cb);
		ATTACH(h2, pid, middles[i].event | EV(DEATH));
		ut_gate(1, true);
		ut_go(2);
		EXPECT_EQ(0, ut_reap(pid));
		EXPECT_EQ(ut_count(h, middles[i].cb) - 1,
			  ut_count(h2, middles[i].cb)) {
			TH_LOG("callback %d", middles[i].cb);
		}
		EXPECT_EQ(1, ut_count_is(h2, UT_DEATH, 1));
		ut_drain(-1, -1);
	}
}

UT_TEST(attach_during_death)
{
	pid_t pid = ut_child(spin);
	struct ut_rec *r;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(DEATH));
	ut_rule(h, UT_DEATH, OPS(OP(BLOCK, 1)));
	ut_go(1);
	WAIT(h, UT_DEATH);
	ASSERT_LE(0, h2 = ut_attach_as(pid, CREATE, UT_OPS_A, UT_HOW_TASK));
	EXPECT_EQ(-EALREADY, ut_events(h2, EV(DEATH)));
	EXPECT_EQ(0, ut_events(h2, EV(REAP)));
	ut_gate(1, true);
	EXPECT_EQ(0, ut_reap(pid));
	WAIT(h2, UT_REAP);
	EXPECT_EQ(0, ut_count(h2, UT_DEATH));
}

UT_TEST(attach_sleeping)
{
	pid_t pid = ut_child(sleep_in_pause);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	ATTACH(h, pid, EV_ALL);
	EXPECT_EQ('S', ut_state(pid));
	EXPECT_EQ(0, ut_barrier(h));
	EXPECT_EQ(-EINPROGRESS, ut_control(h, UTRACE_STOP));
	EXPECT_EQ('S', ut_state(pid));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	EXPECT_EQ(-ESRCH, ut_barrier(h));
	EXPECT_EQ('S', ut_state(pid));
	EXPECT_EQ(0, ut_drain(-1, -1));
}

UT_TEST(attach_stopped)
{
	pid_t pid = ut_child(spin);
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	kill(pid, SIGSTOP);
	EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ATTACH(h, pid, EV_ALL);
	EXPECT_EQ('T', ut_state(pid));
	EXPECT_EQ(0, ut_barrier(h));
	EXPECT_EQ(0, ut_drain(-1, -1));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	EXPECT_EQ('T', ut_state(pid));
	kill(pid, SIGCONT);
	EXPECT_EQ(pid, waitpid(pid, &status, WCONTINUED));
	ut_go(1);
	EXPECT_EQ(0, ut_reap(pid));
}

UT_TEST(attach_parked_by_another)
{
	pid_t pid = ut_child(spin);
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, 0);
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	ATTACH(h2, pid, EV_ALL);
	EXPECT_EQ(0, ut_control(h2, UTRACE_STOP));
	EXPECT_EQ(0, ut_prepare(h2));
	EXPECT_EQ(0, ut_finish(h2));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	EXPECT_EQ('t', ut_state(pid));
	EXPECT_TRUE(ok_or_running(ut_control(h2, UTRACE_DETACH)));
	ASSERT_EQ(0, ut_wait_state(pid, 'R'));
}

/* Engines can be attached to the global init. */
UT_TEST(attach_init)
{
	struct ut_rec *r;
	int h;

	ATTACH(h, 1, EV(QUIESCE));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(1, r->tid);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	EXPECT_EQ(-ESRCH, ut_barrier(h));
}

/* A task can attach engines to itself. */
UT_TEST(attach_self)
{
	struct ut_rec *r;
	int h;

	ATTACH(h, getpid(), EV(SYSCALL_ENTRY) | EV(QUIESCE));
	ut_mute(h, 1 << UT_SYSCALL_ENTRY);
	EXPECT_EQ(0, ut_control(h, UTRACE_REPORT));
	EXPECT_EQ(0, ut_barrier(h));
	WAIT_ARG(h, UT_QUIESCE, 0);
	EXPECT_LT(0, ut_count(h, UT_SYSCALL_ENTRY));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
}

/* Engines without release, or with no other callback */
UT_TEST(bare_engines)
{
	pid_t pid = ut_child(syscall_loop);
	int h, i, n[3];

	ASSERT_EQ(0, ut_wait_at(1));
	for (i = 0; i < 3; i++) {
		static const int ops[] = { UT_OPS_NORELEASE, UT_OPS_EMPTY,
					   UT_OPS_SIGNAL };

		n[i] = ut_attach_as(pid, CREATE, ops[i], UT_HOW_TASK);
		ASSERT_LE(0, n[i]);
	}
	EXPECT_EQ(0, ut_events(n[0], EV(SYSCALL_ENTRY)));
	ut_mute(n[0], ~0UL);
	EXPECT_TRUE(ok_or_running(ut_control(n[1], UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(n[1], UTRACE_RESUME));
	EXPECT_EQ(0, ut_control(n[2], UTRACE_INTERRUPT));
	ut_go(2);
	EXPECT_EQ(0, ut_reap(pid));
	EXPECT_LT(0, ut_count(n[0], UT_SYSCALL_ENTRY));
	for (i = 0; i < 3; i++) {
		h = n[i];
		EXPECT_EQ(0, ut_wait_detached(h));
		EXPECT_EQ(-ESRCH, ut_control(h, UTRACE_DETACH));
	}
}
