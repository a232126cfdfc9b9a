// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own ptrace and engines on one task: each sees its own, neither
 * loses a wake-up.
 */
#define _GNU_SOURCE
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define SEIZE		0x4206
#define INTERRUPT	0x4207
#define LISTEN		0x4208
#define EVENT_STOP	(128 << 16 | 0x7f)

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

static int goes_on(void)
{
	int n = ut_shm->flag[2];
	long start = 0;

	while (ut_shm->flag[2] == n)
		if (ut_expired(&start))
			return -ETIME;
	return 0;
}

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS;
}

static pid_t start(void)
{
	pid_t pid = ut_child(busy);

	if (ut_wait_at(1))
		return -1;
	ut_go(1);
	return pid;
}

/* Both trace the calls of one task */
UT_TEST(both_see_the_calls)
{
	pid_t pid = start();
	int h, i, status;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SYSCALLS);
	ut_mute(h, ~0UL);
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD));
	ASSERT_EQ(0, ptrace(INTERRUPT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, ptrace(PTRACE_SYSCALL, pid, 0, 0));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSTOPPED(status));
		ASSERT_EQ(SIGTRAP | 0x80, WSTOPSIG(status));
	}
	EXPECT_LE(49, ut_count(h, UT_SYSCALL_ENTRY));
	/* the engine goes, the tracer goes on; then the other way */
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	ASSERT_EQ(0, ptrace(PTRACE_SYSCALL, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(SIGTRAP | 0x80, WSTOPSIG(status));
	ATTACH(h, pid, EV_SYSCALLS);
	ut_mute(h, ~0UL);
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
	/* the call it stood in, then a whole one */
	EXPECT_EQ(0, goes_on());
	EXPECT_EQ(0, goes_on());
	EXPECT_LT(0, ut_count(h, UT_SYSCALL_ENTRY));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

static int filtered(void)
{
	ut_filter(__NR_getppid, SECCOMP_RET_TRACE);
	return busy();
}

/* An event that is reported again after a stop goes to the same engines. */
UT_TEST(again_after_tracers_stop)
{
	pid_t pid = start();
	int h, i, status, sig;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(EXEC));
	ut_mute(h, ~0UL);
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD));
	ASSERT_EQ(0, ptrace(INTERRUPT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	for (i = 0; i < 20; i++) {
		/* A signal that is sent to the task makes it report again. */
		sig = WSTOPSIG(status) == (SIGTRAP | 0x80) ? SIGUSR1 : 0;
		ASSERT_EQ(0, ptrace(PTRACE_SYSCALL, pid, 0, sig));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSTOPPED(status));
	}
	EXPECT_EQ(0, ut_count(h, UT_SYSCALL_ENTRY));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

UT_TEST(seccomp_again_after_tracers_stop)
{
	pid_t pid = ut_child(filtered);
	int h, other, i, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ut_go(1);
	ATTACH(h, pid, EV(EXEC));
	ATTACH(other, pid, EV(QUIESCE));
	ut_mute(h, ~0UL);
	ut_mute(other, ~0UL);
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, PTRACE_O_TRACESECCOMP));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(SIGTRAP | PTRACE_EVENT_SECCOMP << 8, status >> 8);
		EXPECT_EQ(0, ut_control(other, UTRACE_REPORT));
		ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	}
	EXPECT_EQ(0, ut_count(h, UT_SECCOMP));
	ut_go(2);
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status))
		ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	EXPECT_EQ(7 << 8, status);
}

/* A tracer that attaches during a callback in a stopped task sees the stop. */
UT_TEST(seize_in_the_trap)
{
	pid_t pid = start();
	struct ut_rec *r;
	int h, status;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SIGNAL) | EV(QUIESCE));
	ut_rule(h, UT_SIGNAL, OPS(OP(BLOCK, 1)));
	kill(pid, SIGSTOP);
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	ASSERT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, 0));
	ut_gate(1, true);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(SIGSTOP | PTRACE_EVENT_STOP << 8, status >> 8);
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

/* Occupies CPU 1 until flag 4 is set. */
static int hog(void)
{
	struct sched_param sp = { .sched_priority = 1 };

	if (ut_pin(1) || sched_setscheduler(0, SCHED_FIFO, &sp))
		return 1;
	ut_shm->flag[5] = 1;
	while (!ut_shm->flag[4])
		;
	return 0;
}

static int attacher(void)
{
	ut_shm->val[1] = ptrace(PTRACE_ATTACH, (pid_t)ut_shm->val[0], 0, 0);
	ut_shm->flag[6] = 1;
	pause();
	return 0;
}

/* PTRACE_ATTACH to a stopped task does not wait for an engine's stop. */
UT_TEST(attach_before_an_engines_stop)
{
	cpu_set_t one;
	pid_t pid = start(), tracer;
	struct ut_rec *r;
	int h;

	if (!ut_two_processors())
		SKIP(return, "the task is not to run before SIGCONT");
	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(JCTL));
	ut_rule(h, UT_JCTL, .match = CLD_CONTINUED, ANSWER(UTRACE_STOP));
	CPU_ZERO(&one);
	CPU_SET(1, &one);
	ASSERT_EQ(0, sched_setaffinity(pid, sizeof(one), &one));
	kill(pid, SIGSTOP);
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	ut_child(hog);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[5], 1));
	ut_shm->val[0] = pid;
	tracer = ut_child(attacher);
	ASSERT_EQ(0, ut_wait_state(tracer, 'D'));
	kill(pid, SIGCONT);
	ut_shm->flag[4] = 1;
	WAIT_ARG(h, UT_JCTL, CLD_CONTINUED);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[6], 1));
	EXPECT_EQ(0, ut_shm->val[1]);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	kill(tracer, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(tracer));
}

/* Held by an engine the task reports nothing to its tracer; then it does */
UT_TEST(tracer_waits_for_engine)
{
	pid_t pid = start();
	int h, status;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, 0);
	EXPECT_EQ(-EINPROGRESS, ut_control(h, UTRACE_STOP));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, 0));
	ASSERT_EQ(0, ptrace(INTERRUPT, pid, 0, 0));
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	EXPECT_EQ(-1, ptrace(PTRACE_CONT, pid, 0, 0));
	EXPECT_EQ(ESRCH, errno);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	EXPECT_EQ(0, goes_on());
	ASSERT_EQ(0, ptrace(INTERRUPT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* A vote on a task that its tracer holds: in force when the tracer lets go */
UT_TEST(engine_waits_for_tracer)
{
	pid_t pid = start();
	int h, status, n;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, 0));
	ASSERT_EQ(0, ptrace(INTERRUPT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ATTACH(h, pid, 0);
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	n = ut_shm->flag[2];
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	ASSERT_EQ(0, ut_wait_examine(h));
	EXPECT_GE(n + 1, ut_shm->flag[2]);
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	EXPECT_EQ(0, goes_on());
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

static void *sleeping_thread(void *unused)
{
	ut_shm->val[0] = syscall(__NR_gettid);
	ut_shm->at = 1;
	for (;;)
		pause();
	return NULL;
}

static int two_threads(void)
{
	pthread_t id;

	if (pthread_create(&id, NULL, sleeping_thread, NULL))
		return 1;
	for (;;)
		pause();
	return 0;
}

/* Returns the status of the next stop or of the end, or -ETIME. */
static int next_status(pid_t tid)
{
	long start = 0;
	int status;

	while (waitpid(tid, &status, WNOHANG | __WALL) != tid)
		if (ut_expired(&start))
			return -ETIME;
	return status;
}

/*
 * PTRACE_LISTEN: SIGCONT is a trap also for a task that an engine holds as well,
 * since before the group stop.
 */
UT_TEST(listener_is_told)
{
	pid_t pid = ut_child(two_threads), tid;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	tid = ut_shm->val[0];
	ASSERT_EQ(0, ut_wait_syscall(tid, __NR_pause));
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, 0));
	ASSERT_EQ(0, ptrace(SEIZE, tid, 0, 0));
	ATTACH(h, tid, 0);
	ASSERT_EQ(-EINPROGRESS, ut_control(h, UTRACE_STOP));
	ASSERT_EQ(0, syscall(__NR_tgkill, pid, pid, SIGSTOP));
	ASSERT_EQ(SIGSTOP << 8 | 0x7f, next_status(pid));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, SIGSTOP));
	ASSERT_EQ(EVENT_STOP | SIGSTOP << 8, next_status(pid));
	ASSERT_EQ(EVENT_STOP | SIGSTOP << 8, next_status(tid));
	ASSERT_EQ(0, ptrace(LISTEN, tid, 0, 0));
	ASSERT_EQ(0, syscall(__NR_tgkill, pid, pid, SIGCONT));
	EXPECT_EQ(EVENT_STOP | SIGTRAP << 8, next_status(tid));
	/* PTRACE_CONT ends the ptrace stop; the engine's stop remains */
	EXPECT_EQ(0, ptrace(PTRACE_CONT, tid, 0, 0));
	EXPECT_EQ(0, ut_wait_examine(h));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(SIGKILL, next_status(tid));
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

/* Signals pass both; the tracer's is the last word */
UT_TEST(signals_pass_both)
{
	pid_t pid = start();
	int h, status;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SIGNALS);
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, 0));
	kill(pid, SIGUSR1);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	EXPECT_EQ(SIGUSR1, WSTOPSIG(status));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, SIGUSR1));
	ASSERT_NE(NULL, ut_wait_arg(h, UT_SIGNAL, SIGUSR1));
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	kill(pid, SIGUSR1);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	EXPECT_EQ(0, goes_on());
	EXPECT_EQ(1, ut_shm->flag[1]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

static int tracer_of(void)
{
	pid_t pid = ut_shm->val[0];
	int status;

	if (ptrace(SEIZE, pid, 0, 0) || ptrace(INTERRUPT, pid, 0, 0))
		return 1;
	if (waitpid(pid, &status, __WALL) != pid)
		return 2;
	ut_shm->flag[3] = 1;
	pause();
	return 0;
}

/* The tracer dies with the task in its stop and an engine's vote on it */
UT_TEST(tracer_dies)
{
	pid_t pid = start(), tracer;
	int h;

	ASSERT_LT(0, pid);
	ut_shm->val[0] = pid;
	tracer = ut_child(tracer_of);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[3], 1));
	ATTACH(h, pid, 0);
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	kill(tracer, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(tracer));
	ASSERT_EQ(0, ut_wait_examine(h));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	EXPECT_EQ(0, goes_on());
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

UT_TEST(killed_in_both_stops)
{
	pid_t pid = start();
	int h, status;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, 0));
	ASSERT_EQ(0, ptrace(INTERRUPT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ATTACH(h, pid, 0);
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

/* Many rounds of INTERRUPT and CONT with an engine that stops and resumes */
UT_LONG_TEST(no_wakeup_is_lost)
{
	long i, rounds = ut_rounds(300);
	pid_t pid = start();
	int h, status;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_ENTRY) | EV(QUIESCE));
	ut_mute(h, ~0UL);
	ASSERT_EQ(0, ptrace(SEIZE, pid, 0, 0));
	for (i = 0; i < rounds; i++) {
		ASSERT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
		ASSERT_EQ(0, ptrace(INTERRUPT, pid, 0, 0));
		ASSERT_EQ(0, ut_control(h, i & 1 ? UTRACE_RESUME :
						   UTRACE_INTERRUPT));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_TRUE(WIFSTOPPED(status));
		ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
		ASSERT_EQ(0, goes_on());
	}
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}
