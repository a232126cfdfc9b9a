// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kind of stop: how it is left, and what signals do to it.
 */
#define _GNU_SOURCE
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

enum kind {
	AT_QUIESCE, AT_ENTRY, AT_EXIT, AT_SIGNAL, AT_HANDLER, AT_CLONE,
	AT_VFORK_DONE, AT_EXEC, AT_DO_EXIT, AT_INTERRUPT, AT_SECCOMP,
	AT_GROUP_STOP, AT_JCTL,
};

/* Flags of the child: 14 do it in a thread, 13 what the leader then does */
#define IN_THREAD	ut_shm->flag[14]
#define LEADER_DOES	ut_shm->flag[13]
#define KIND		ut_shm->flag[15]
#define COUNTER		ut_shm->flag[5]

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS;
}

static void on_usr1(int sig)
{
	ut_shm->flag[1]++;
}

static void do_it(void)
{
	char *argv[] = { "sh", "-c", "exit 7", NULL };
	pid_t pid = 1;

	switch (KIND) {
	case AT_QUIESCE:
	case AT_GROUP_STOP:
	case AT_JCTL:
		while (ut_shm->go < 2)
			COUNTER++;
		break;
	case AT_ENTRY:
	case AT_EXIT:
		ut_shm->val[2] = ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
		break;
	case AT_SIGNAL:
	case AT_HANDLER:
		ut_syscall(__NR_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1,
			   0, 0, 0);
		break;
	case AT_CLONE:
		pid = fork();
		break;
	case AT_VFORK_DONE:
		pid = vfork();
		break;
	case AT_EXEC:
		execv("/bin/sh", argv);
		break;
	case AT_DO_EXIT:
		if (IN_THREAD)
			syscall(SYS_exit, 7);
		syscall(SYS_exit_group, 7);
		break;
	case AT_INTERRUPT:
		while (ut_shm->go < 2) {
			struct timespec ts = { .tv_nsec = 20000000 };

			nanosleep(&ts, NULL);
		}
		break;
	case AT_SECCOMP:
		ut_syscall(__NR_getpgrp, 0, 0, 0, 0, 0, 0);
		break;
	}
	if (!pid)
		_exit(0);
}

static void *in_thread(void *arg)
{
	ut_shm->val[1] = syscall(SYS_gettid);
	ut_step(1);
	do_it();
	ut_step(2);
	ut_step(3);
	return NULL;
}

static int child(void)
{
	char *argv[] = { "sh", "-c", "exit 9", NULL };
	pthread_t t;

	signal(SIGUSR1, on_usr1);
	if (KIND == AT_SECCOMP)
		ut_filter(__NR_getpgrp, SECCOMP_RET_TRACE | 42);
	if (!IN_THREAD) {
		ut_shm->val[1] = getpid();
		in_thread(NULL);
		return 7;
	}
	pthread_create(&t, NULL, in_thread, NULL);
	while (!LEADER_DOES)
		__builtin_ia32_pause();
	if (LEADER_DOES == 2)
		execv("/bin/sh", argv);
	syscall(SYS_exit_group, 9);
	return 0;
}

struct stop {
	pid_t pid, tid;
	int h;
};

struct stop_kind {
	enum kind kind;
	uint64_t events;
	int cb;
	uint32_t mask, what;	/* of the action, where cb is not enough */
};

/* A child that is brought into a stop: of every kind */
FIXTURE(stop) {
	struct stop stop;
};

FIXTURE_VARIANT(stop) {
	struct stop_kind kind;
};

/* Of those kinds in which a thread stops while its leader runs */
FIXTURE(thread_stop) {
	struct stop stop;
};

FIXTURE_VARIANT(thread_stop) {
	struct stop_kind kind;
};

/* Of those that can be entered again and again */
FIXTURE(repeated_stop) {
	struct stop stop;
};

FIXTURE_VARIANT(repeated_stop) {
	struct stop_kind kind;
};

#define VARIANT(f, n, k, e, ...)					\
	FIXTURE_VARIANT_ADD(f, n) {					\
		.kind = { .kind = k, .events = e, __VA_ARGS__ },	\
	}

VARIANT(stop, quiesce, AT_QUIESCE, EV(QUIESCE), .cb = UT_QUIESCE);
VARIANT(stop, bare, AT_QUIESCE, 0, .cb = UT_QUIESCE);
VARIANT(stop, syscall_entry, AT_ENTRY, EV(SYSCALL_ENTRY),
	.cb = UT_SYSCALL_ENTRY);
VARIANT(stop, syscall_exit, AT_EXIT, EV(SYSCALL_EXIT), .cb = UT_SYSCALL_EXIT);
VARIANT(stop, signal, AT_SIGNAL, EV(SIGNAL), .cb = UT_SIGNAL,
	.mask = UTRACE_SIGNAL_MASK, .what = UTRACE_SIGNAL_DELIVER);
VARIANT(stop, handler, AT_HANDLER, EV(SIGNAL), .cb = UT_SIGNAL,
	.mask = UTRACE_SIGNAL_MASK, .what = UTRACE_SIGNAL_HANDLER);
VARIANT(stop, frame, AT_HANDLER, EV(HANDLER), .cb = UT_HANDLER);
VARIANT(stop, clone, AT_CLONE, EV(CLONE), .cb = UT_CLONE);
VARIANT(stop, vfork_done, AT_VFORK_DONE, EV(VFORK_DONE), .cb = UT_VFORK_DONE);
VARIANT(stop, exec, AT_EXEC, EV(EXEC), .cb = UT_EXEC);
VARIANT(stop, exit, AT_DO_EXIT, EV(EXIT), .cb = UT_EXIT);
VARIANT(stop, interrupt, AT_INTERRUPT, EV(SIGNAL), .cb = UT_SIGNAL,
	.mask = UTRACE_SIGNAL_MASK, .what = UTRACE_SIGNAL_REPORT);
VARIANT(stop, seccomp, AT_SECCOMP, EV(SECCOMP), .cb = UT_SECCOMP);
VARIANT(stop, group_stop, AT_GROUP_STOP, EV(GROUP_STOP), .cb = UT_GROUP_STOP);
VARIANT(stop, jctl, AT_JCTL, 0, .cb = UT_JCTL);

VARIANT(thread_stop, quiesce, AT_QUIESCE, EV(QUIESCE), .cb = UT_QUIESCE);
VARIANT(thread_stop, syscall_entry, AT_ENTRY, EV(SYSCALL_ENTRY),
	.cb = UT_SYSCALL_ENTRY);
VARIANT(thread_stop, syscall_exit, AT_EXIT, EV(SYSCALL_EXIT),
	.cb = UT_SYSCALL_EXIT);
VARIANT(thread_stop, signal, AT_SIGNAL, EV(SIGNAL), .cb = UT_SIGNAL,
	.mask = UTRACE_SIGNAL_MASK, .what = UTRACE_SIGNAL_DELIVER);
VARIANT(thread_stop, handler, AT_HANDLER, EV(SIGNAL), .cb = UT_SIGNAL,
	.mask = UTRACE_SIGNAL_MASK, .what = UTRACE_SIGNAL_HANDLER);
VARIANT(thread_stop, frame, AT_HANDLER, EV(HANDLER), .cb = UT_HANDLER);
VARIANT(thread_stop, clone, AT_CLONE, EV(CLONE), .cb = UT_CLONE);
VARIANT(thread_stop, vfork_done, AT_VFORK_DONE, EV(VFORK_DONE),
	.cb = UT_VFORK_DONE);
VARIANT(thread_stop, exit, AT_DO_EXIT, EV(EXIT), .cb = UT_EXIT);
VARIANT(thread_stop, interrupt, AT_INTERRUPT, EV(SIGNAL), .cb = UT_SIGNAL,
	.mask = UTRACE_SIGNAL_MASK, .what = UTRACE_SIGNAL_REPORT);
VARIANT(thread_stop, seccomp, AT_SECCOMP, EV(SECCOMP), .cb = UT_SECCOMP);

VARIANT(repeated_stop, quiesce, AT_QUIESCE, EV(QUIESCE), .cb = UT_QUIESCE);
VARIANT(repeated_stop, jctl, AT_JCTL, 0, .cb = UT_JCTL);

static void end(struct __test_metadata *_metadata)
{
	const char *complaint = ut_complaint();

	EXPECT_EQ(NULL, complaint) {
		TH_LOG("%s", complaint);
	}
	ut_teardown();
}

FIXTURE_SETUP(stop)
{
	ASSERT_EQ(0, ut_setup());
}

FIXTURE_TEARDOWN(stop)
{
	end(_metadata);
}

FIXTURE_SETUP(thread_stop)
{
	ASSERT_EQ(0, ut_setup());
}

FIXTURE_TEARDOWN(thread_stop)
{
	end(_metadata);
}

FIXTURE_SETUP(repeated_stop)
{
	ASSERT_EQ(0, ut_setup());
}

FIXTURE_TEARDOWN(repeated_stop)
{
	end(_metadata);
}

/* Bring the child into the stop */
static int park(struct stop *self, const struct stop_kind *v, bool thread)
{
	bool by_call = v->kind == AT_QUIESCE || v->kind == AT_JCTL;
	int status;

	KIND = v->kind;
	IN_THREAD = thread;
	self->pid = ut_child(child);
	if (ut_wait_at(1))
		return -1;
	self->tid = ut_shm->val[1];
	self->h = ut_attach(self->tid, v->events);
	if (self->h < 0)
		return -2;
	if (!by_call)
		ut_rule(self->h, v->cb, NTH(1), .kind_mask = v->mask,
			.kind = v->what, ANSWER(UTRACE_STOP));
	if (v->kind == AT_QUIESCE)
		ut_rule(self->h, v->cb, ANSWER(UTRACE_STOP));
	ut_go(1);
	if (v->kind == AT_GROUP_STOP || v->kind == AT_JCTL) {
		kill(self->pid, SIGSTOP);
		if (waitpid(self->pid, &status, WUNTRACED) != self->pid ||
		    !WIFSTOPPED(status) || WSTOPSIG(status) != SIGSTOP)
			return -3;
	}
	if (by_call && !ok_or_running(ut_control(self->h, UTRACE_STOP)))
		return -4;
	if (v->kind == AT_INTERRUPT && ut_control(self->h, UTRACE_INTERRUPT))
		return -5;
	/* job control holds it already: it may stay where it is */
	if (v->kind == AT_JCTL ? ut_wait_examine(self->h) :
				 ut_wait_state(self->tid, 't'))
		return -6;
	/* the parent is not told of it */
	return waitpid(self->pid, &status, WNOHANG | WUNTRACED | WCONTINUED);
}

/* Let go, it ends as if nothing had been */
static int ends_well(struct stop *self, const struct stop_kind *v)
{
	int status;

	ut_go(3);
	status = ut_reap(self->pid);
	if (status != 7 << 8)
		return status ?: -1;
	switch (v->kind) {
	case AT_ENTRY:
	case AT_EXIT:
		return ut_shm->val[2] == getpid() ? 0 : -2;
	case AT_SIGNAL:
	case AT_HANDLER:
		return ut_shm->flag[1] == 1 ? 0 : -3;
	default:
		return 0;
	}
}

/* It is held: by the engine, or beneath job control */
static bool held(struct stop *self, const struct stop_kind *v)
{
	char state = ut_state(self->tid);

	return state == 't' || (v->kind == AT_JCTL && state == 'T');
}

static bool in_group_stop(const struct stop_kind *v)
{
	return v->kind == AT_GROUP_STOP || v->kind == AT_JCTL;
}

/* Each test sees the stop as self, and its kind as variant */
#define STOP_TEST_OF(fixture, name)					\
	static void do_##name(struct __test_metadata *_metadata,	\
			      struct stop *self,			\
			      const struct stop_kind *variant);		\
	TEST_F_TIMEOUT(fixture, name, 30)				\
	{								\
		do_##name(_metadata, &self->stop, &variant->kind);	\
	}								\
	static void do_##name(struct __test_metadata *_metadata,	\
			      struct stop *self,			\
			      const struct stop_kind *variant)

#define STOP_TEST(name)	STOP_TEST_OF(stop, name)

STOP_TEST(resume)
{
	ASSERT_EQ(0, park(self, variant, false));
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	if (in_group_stop(variant)) {
		if (variant->kind == AT_JCTL)
			EXPECT_EQ(0, ut_wait_state(self->pid, 'T'));
		kill(self->pid, SIGCONT);
	}
	EXPECT_EQ(0, ends_well(self, variant));
}

STOP_TEST(detach)
{
	ASSERT_EQ(0, park(self, variant, false));
	EXPECT_TRUE(ok_or_running(ut_control(self->h, UTRACE_DETACH)));
	EXPECT_EQ(-ESRCH, ut_barrier(self->h));
	if (in_group_stop(variant)) {
		EXPECT_EQ(0, ut_wait_state(self->pid, 'T'));
		kill(self->pid, SIGCONT);
	}
	EXPECT_EQ(0, ends_well(self, variant));
}

/* A thread, not the leader */
STOP_TEST_OF(thread_stop, resume_thread)
{
	ASSERT_EQ(0, park(self, variant, true));
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	ut_go(2);
	if (variant->kind != AT_DO_EXIT)
		EXPECT_EQ(0, ut_wait_at(2));
	LEADER_DOES = 1;
	EXPECT_EQ(9 << 8, ut_reap(self->pid));
}

STOP_TEST(two_hold_it)
{
	int h2;

	ASSERT_EQ(0, park(self, variant, false));
	ATTACH(h2, self->pid, 0);
	EXPECT_EQ(0, ut_control(h2, UTRACE_STOP));
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	EXPECT_TRUE(held(self, variant));
	EXPECT_EQ(0, ut_prepare(h2));
	EXPECT_EQ(0, ut_finish(h2));
	EXPECT_EQ(0, ut_control(h2, UTRACE_RESUME));
	if (in_group_stop(variant))
		kill(self->pid, SIGCONT);
	EXPECT_EQ(0, ends_well(self, variant));
}

STOP_TEST(examine)
{
	uint64_t regs[UT_NREGS];

	ASSERT_EQ(0, park(self, variant, false));
	EXPECT_EQ(0, ut_prepare(self->h));
	EXPECT_EQ(0, ut_regs(self->h, regs));
	EXPECT_EQ(0, ut_finish(self->h));
	EXPECT_NE(0, regs[UT_IP]);
	if (variant->kind == AT_ENTRY || variant->kind == AT_EXIT)
		EXPECT_EQ(__NR_getppid, regs[UT_ORIG_AX]);
	if (variant->kind == AT_EXIT)
		EXPECT_EQ(getpid(), regs[UT_AX]);
	if (variant->kind == AT_ENTRY)
		EXPECT_EQ((uint32_t)-ENOSYS, (uint32_t)regs[UT_AX]);
}

STOP_TEST(sigkill)
{
	ASSERT_EQ(0, park(self, variant, false));
	EXPECT_EQ(0, kill(self->pid, SIGKILL));
	/* where it is about to exit, that is what it does */
	EXPECT_EQ(variant->kind == AT_DO_EXIT ? 7 << 8 : SIGKILL,
		  ut_reap(self->pid));
}

STOP_TEST(sigkill_with_two_holders)
{
	int h2;

	ASSERT_EQ(0, park(self, variant, false));
	ATTACH(h2, self->pid, 0);
	EXPECT_EQ(0, ut_control(h2, UTRACE_STOP));
	EXPECT_EQ(0, kill(self->pid, SIGKILL));
	EXPECT_EQ(variant->kind == AT_DO_EXIT ? 7 << 8 : SIGKILL,
		  ut_reap(self->pid));
}

/* A stop signal waits until the engine lets go, then stops the process */
STOP_TEST(sigstop)
{
	int status, ret;

	ASSERT_EQ(0, park(self, variant, false));
	kill(self->pid, SIGSTOP);
	EXPECT_TRUE(held(self, variant));
	EXPECT_EQ(0, waitpid(self->pid, &status, WNOHANG | WUNTRACED));
	/* let go by RESUME it would run beneath its group stop */
	ret = ut_control(self->h, variant->kind == AT_GROUP_STOP ?
				  UTRACE_DETACH : UTRACE_RESUME);
	EXPECT_TRUE(ok_or_running(ret));
	if (variant->kind == AT_DO_EXIT) {
		EXPECT_EQ(0, ends_well(self, variant));
		return;
	}
	if (!in_group_stop(variant)) {
		ASSERT_EQ(self->pid, waitpid(self->pid, &status, WUNTRACED));
		ASSERT_TRUE(WIFSTOPPED(status));
		EXPECT_EQ(SIGSTOP, WSTOPSIG(status));
	}
	EXPECT_EQ(0, ut_wait_state(self->pid, 'T'));
	kill(self->pid, SIGCONT);
	ASSERT_EQ(self->pid, waitpid(self->pid, &status, WCONTINUED));
	EXPECT_TRUE(WIFCONTINUED(status));
	EXPECT_EQ(0, ends_well(self, variant));
}

/* Taken back by SIGCONT before that, it never stops; the engine holds on */
STOP_TEST(sigstop_sigcont)
{
	int status, count;

	ASSERT_EQ(0, park(self, variant, false));
	count = COUNTER;
	kill(self->pid, SIGSTOP);
	kill(self->pid, SIGCONT);
	ASSERT_EQ(0, ut_wait_state(self->pid, 't'));
	EXPECT_EQ(0, ut_prepare(self->h));
	EXPECT_EQ(0, ut_finish(self->h));
	EXPECT_EQ(count, COUNTER);
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	EXPECT_EQ(0, ends_well(self, variant));
	EXPECT_EQ(-1, waitpid(self->pid, &status, WNOHANG | WUNTRACED));
}

/* SIGCONT alone does not end an engine's stop */
STOP_TEST(sigcont)
{
	ASSERT_EQ(0, park(self, variant, false));
	kill(self->pid, SIGCONT);
	ASSERT_EQ(0, ut_wait_state(self->pid, 't'));
	EXPECT_EQ(0, ut_control(self->h, UTRACE_STOP));
	EXPECT_EQ(0, ut_control(self->h, UTRACE_RESUME));
	EXPECT_EQ(0, ends_well(self, variant));
}

/* The end of the group by another thread ends any stop */
STOP_TEST_OF(thread_stop, group_exit_by_sibling)
{
	ASSERT_EQ(0, park(self, variant, true));
	LEADER_DOES = 1;
	EXPECT_EQ(9 << 8, ut_reap(self->pid));
}

/* ... and a round that is due then is forgotten: nothing is pending on the way out */
STOP_TEST_OF(thread_stop, group_exit_with_round_due)
{
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, park(self, variant, true));
	ATTACH(h, self->tid, EV(EXIT));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	LEADER_DOES = 1;
	/* it is newer than the event where that is the exit */
	if (variant->kind != AT_DO_EXIT) {
		WAIT(h, UT_EXIT);
		EXPECT_EQ(0, r->arg[2]);
	}
	/* asked to, it stops at the exit once more */
	if (variant->kind == AT_QUIESCE)
		EXPECT_TRUE(ok_or_running(ut_control(self->h, UTRACE_DETACH)));
	EXPECT_EQ(9 << 8, ut_reap(self->pid));
}

STOP_TEST_OF(thread_stop, exec_by_sibling)
{
	ASSERT_EQ(0, park(self, variant, true));
	LEADER_DOES = 2;
	EXPECT_EQ(9 << 8, ut_reap(self->pid));
}

/* The engine's owner dies without a word */
STOP_TEST(owner_closes)
{
	ASSERT_EQ(0, park(self, variant, false));
	close(ut_fd);
	ut_fd = ut_open();
	ASSERT_LE(0, ut_fd);
	if (in_group_stop(variant))
		kill(self->pid, SIGCONT);
	EXPECT_EQ(0, ends_well(self, variant));
}

/* Parked and let go many times: nothing is lost, nothing wakes early */
STOP_TEST_OF(repeated_stop, rounds)
{
	int i;

	ASSERT_EQ(0, park(self, variant, false));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, ut_control(self->h, UTRACE_RESUME));
		ASSERT_TRUE(ok_or_running(ut_control(self->h, UTRACE_STOP)));
		if (variant->kind == AT_QUIESCE)
			ASSERT_EQ(0, ut_wait_state(self->pid, 't'));
		ASSERT_EQ(0, ut_wait_examine(self->h));
		ASSERT_EQ(0, ut_control(self->h, UTRACE_STOP));
	}
}

/* --- single cases ------------------------------------------------------- */

static int counting(void)
{
	ut_step(1);
	while (ut_shm->go < 2)
		COUNTER++;
	return 7;
}

/* A vote on a job control stopped task: it does not run, not one instruction */
UT_TEST(vote_on_stopped)
{
	pid_t pid = ut_child(counting);
	int h, status, count;

	ASSERT_EQ(0, ut_wait_at(1));
	/* a GROUP_STOP engine would let it run there */
	ATTACH(h, pid, EV_ALL & ~EV(GROUP_STOP));
	ut_go(1);
	kill(pid, SIGSTOP);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	count = COUNTER;
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_examine(h));
	EXPECT_EQ(0, ut_control(h, UTRACE_STOP));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	EXPECT_EQ(count, COUNTER);
	/* the parent heard of one stop, not of two */
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG | WUNTRACED | WCONTINUED));
	kill(pid, SIGCONT);
	ASSERT_EQ(pid, waitpid(pid, &status, WCONTINUED));
	EXPECT_EQ(0, ut_wait_state(pid, 'R'));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

UT_TEST(vote_on_stopped_held_through_sigcont)
{
	pid_t pid = ut_child(counting);
	int h, status, count;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, 0);
	ut_go(1);
	kill(pid, SIGSTOP);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	count = COUNTER;
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_examine(h));
	kill(pid, SIGCONT);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_prepare(h));
	/* and a second stop while it is held */
	kill(pid, SIGSTOP);
	EXPECT_EQ('t', ut_state(pid));
	EXPECT_EQ(0, ut_finish(h));
	EXPECT_EQ(count, COUNTER);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	kill(pid, SIGCONT);
	EXPECT_EQ(0, ut_wait_state(pid, 'R'));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

static int pipe_fds[2];

static int write_pipe(void)
{
	ut_step(1);
	ut_syscall(__NR_write, pipe_fds[1], (long)"x", 1, 0, 0, 0);
	return 0;
}

/* Killed before the call, it is not made */
UT_TEST(kill_at_entry_aborts)
{
	struct ut_rec *r;
	pid_t pid;
	char c;
	int h;

	ASSERT_EQ(0, pipe(pipe_fds));
	pid = ut_child(write_pipe);
	close(pipe_fds[1]);
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_ENTRY));
	ut_rule(h, UT_SYSCALL_ENTRY, ANSWER(UTRACE_STOP));
	ut_go(1);
	WAIT_ARG(h, UT_SYSCALL_ENTRY, __NR_write);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
	EXPECT_EQ(0, read(pipe_fds[0], &c, 1));
}

/* A stop asked for with a fatal signal pending is none */
UT_TEST(no_stop_when_dying)
{
	pid_t pid = ut_child(counting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_ALL);
	ut_rule(h, UT_QUIESCE, ANSWER(UTRACE_STOP));
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

/* ... but for one in report_exit, which the next SIGKILL ends */
UT_TEST(exit_stop_when_dying)
{
	pid_t pid = ut_child(counting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXIT));
	ut_rule(h, UT_EXIT, ANSWER(UTRACE_STOP));
	kill(pid, SIGKILL);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_prepare(h));
	EXPECT_EQ(0, ut_finish(h));
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

/* The stop is in the event: let go by REPORT, it is asked there again */
static const struct {
	const char *name;
	enum kind kind;
	uint64_t event;
	int cb;
} again[] = {
	{ "syscall exit", AT_EXIT, EV(SYSCALL_EXIT), UT_SYSCALL_EXIT },
	{ "clone", AT_CLONE, EV(CLONE), UT_CLONE },
	{ "exec", AT_EXEC, EV(EXEC), UT_EXEC },
	{ "exit", AT_DO_EXIT, EV(EXIT), UT_EXIT },
	{ "vfork done", AT_VFORK_DONE, EV(VFORK_DONE), UT_VFORK_DONE },
	{ "handler", AT_HANDLER, EV(HANDLER), UT_HANDLER },
};

UT_TEST(report_asks_again)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(again); i++) {
		struct ut_rec *r;
		pid_t pid;
		int h;

		TH_LOG("%s", again[i].name);
		ut_restart();
		KIND = again[i].kind;
		pid = ut_child(child);
		ASSERT_EQ(0, ut_wait_at(1));
		ATTACH(h, pid, EV(QUIESCE) | again[i].event);
		ut_rule(h, again[i].cb, ANSWER(UTRACE_STOP));
		/* first: with the event; second: stop again; third: go on */
		ut_rule(h, UT_QUIESCE, .match = again[i].event, NTH(2),
			ANSWER(UTRACE_STOP));
		ut_go(1);
		WAIT(h, again[i].cb);
		ASSERT_EQ(0, ut_wait_state(pid, 't'));
		EXPECT_EQ(NULL, ut_poll());
		EXPECT_EQ(0, ut_control(h, UTRACE_REPORT));
		ASSERT_NE(NULL, r = ut_next());
		EXPECT_EQ(UT_QUIESCE, r->cb);
		EXPECT_EQ(again[i].event, r->arg[0]);
		ASSERT_EQ(0, ut_wait_state(pid, 't'));
		EXPECT_EQ(0, ut_control(h, UTRACE_REPORT));
		ASSERT_NE(NULL, r = ut_next());
		EXPECT_EQ(UT_QUIESCE, r->cb);
		EXPECT_EQ(again[i].event, r->arg[0]);
		ut_go(3);
		EXPECT_EQ(7 << 8, ut_reap(pid));
		EXPECT_EQ(1, ut_count(h, again[i].cb));
		ut_drain(-1, -1);
	}
}

static int sleeping(void)
{
	ut_shm->at = 1;
	while (ut_shm->go < 2) {
		pause();
		COUNTER++;
	}
	return 7;
}

/* STOP alone leaves a sleeper asleep; INTERRUPT makes it take hold */
UT_TEST(stop_of_sleeping)
{
	pid_t pid = ut_child(sleeping);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	ATTACH(h, pid, EV(QUIESCE));
	ut_rule(h, UT_SIGNAL, NTH(1), ANSWER(UTRACE_STOP));
	EXPECT_EQ(-EINPROGRESS, ut_control(h, UTRACE_STOP));
	EXPECT_EQ('S', ut_state(pid));
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_STOP));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	/* back in the call, which was restarted unseen */
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	EXPECT_EQ(0, COUNTER);
}

/* A vote before there is a group stop: it is held first, then stops */
UT_TEST(vote_then_group_stop)
{
	pid_t pid = ut_child(sleeping);
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	ATTACH(h, pid, EV(QUIESCE));
	EXPECT_EQ(-EINPROGRESS, ut_control(h, UTRACE_STOP));
	kill(pid, SIGSTOP);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_prepare(h));
	EXPECT_EQ(0, ut_finish(h));
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG | WUNTRACED));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	EXPECT_EQ(SIGSTOP << 8 | 0x7f, status);
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	kill(pid, SIGCONT);
	/* pause() was restarted unseen */
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	EXPECT_EQ(0, COUNTER);
}

/* Both at once, in either order: it is held, whichever comes first */
UT_LONG_TEST(vote_and_group_stop)
{
	int i, h, ret, status, rounds = ut_rounds(200);

	for (i = 0; i < rounds; i++) {
		pid_t pid;

		ut_restart();
		pid = ut_child(counting);
		ASSERT_EQ(0, ut_wait_at(1));
		ATTACH(h, pid, EV(QUIESCE));
		ut_mute(h, ~0UL);
		ut_rule(h, UT_QUIESCE, ANSWER(UTRACE_STOP));
		ut_go(1);
		if (i & 1)
			kill(pid, SIGSTOP);
		ret = ut_control(h, UTRACE_STOP);
		if (!(i & 1))
			kill(pid, SIGSTOP);
		ASSERT_TRUE(ok_or_running(ret));
		ASSERT_EQ(0, ut_wait_examine(h)) {
			TH_LOG("round %d: not held, state %c", i, ut_state(pid));
		}
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ut_forget(pid);
		ut_put(h);
	}
}

static int one_call(void)
{
	signal(SIGUSR1, SIG_IGN);
	ut_step(1);
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_step(2);
	return 7;
}

/* A report asked for in one stop is none for the next, which just ends */
static void asked_before(struct __test_metadata *_metadata, uint64_t event,
			 int cb)
{
	pid_t pid = ut_child(one_call);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(QUIESCE) | EV(SIGNAL) | event);
	ut_rule(h, UT_SIGNAL, NTH(1), ANSWER(UTRACE_STOP));
	ut_rule(h, cb, .match = __NR_getppid, NTH(1), ANSWER(UTRACE_STOP));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_REPORT));
	WAIT_ARG(h, UT_QUIESCE, 0);
	ut_go(1);
	WAIT_ARG(h, cb, __NR_getppid);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_at(2));
	while ((r = ut_poll()) != NULL) {
		EXPECT_FALSE(r->cb == cb && r->arg[0] == __NR_getppid);
		EXPECT_FALSE(r->cb == UT_QUIESCE && r->arg[0] == event &&
			     cb == UT_SYSCALL_EXIT);
	}
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

UT_TEST(report_of_another_stop_at_entry)
{
	asked_before(_metadata, EV(SYSCALL_ENTRY), UT_SYSCALL_ENTRY);
}

UT_TEST(report_of_another_stop_at_exit)
{
	asked_before(_metadata, EV(SYSCALL_EXIT), UT_SYSCALL_EXIT);
}

/* Who came after the stop was over hears nothing of its end */
UT_TEST(continued_before_attach)
{
	pid_t pid = ut_child(counting);
	struct ut_rec *r;
	int keep, h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	/* what the layer knows of the task stays with it */
	ATTACH(keep, pid, EV(QUIESCE));
	ATTACH(h, pid, EV(JCTL));
	ut_go(1);
	kill(pid, SIGSTOP);
	WAIT_ARG(h, UT_JCTL, CLD_STOPPED);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	kill(pid, SIGCONT);
	ASSERT_EQ(pid, waitpid(pid, &status, WCONTINUED));
	/* the parent is told before it is over */
	ut_drain(keep, UT_QUIESCE);
	EXPECT_EQ(0, ut_control(keep, UTRACE_REPORT));
	WAIT_ARG(keep, UT_QUIESCE, 0);
	ATTACH(h, pid, EV(JCTL) | EV(QUIESCE));
	/* one round of get_signal(), and another that comes after it */
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(0, ut_count(h, UT_JCTL));
}

/*
 * report_group_stop: trapped in place of the job control stop, the engine may
 * let the task run beneath it, and hears of its end.
 */
UT_TEST(group_stop_trap)
{
	pid_t pid = ut_child(counting);
	int h, status, count;
	struct ut_rec *r;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(GROUP_STOP));
	ut_go(1);
	ut_rule(h, UT_GROUP_STOP, NTH(1), ANSWER(UTRACE_STOP));
	kill(pid, SIGTSTP);
	WAIT(h, UT_GROUP_STOP);
	EXPECT_EQ(SIGTSTP, r->arg[0]);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	EXPECT_EQ(SIGTSTP, WSTOPSIG(status));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	count = COUNTER;
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	/* it runs, the group stop in effect */
	ASSERT_EQ(0, ut_wait_state(pid, 'R'));
	while (COUNTER == count)
		usleep(500);
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG | WUNTRACED | WCONTINUED));
	kill(pid, SIGCONT);
	WAIT(h, UT_GROUP_STOP);
	EXPECT_EQ(0, r->arg[0]);
	ASSERT_EQ(pid, waitpid(pid, &status, WCONTINUED));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(0, ut_drain(-1, -1));
}

/* Held there through SIGCONT, told of it once let go */
UT_TEST(group_stop_trap_held)
{
	pid_t pid = ut_child(counting);
	struct ut_rec *r;
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(GROUP_STOP));
	ut_go(1);
	ut_rule(h, UT_GROUP_STOP, NTH(1), ANSWER(UTRACE_STOP));
	kill(pid, SIGSTOP);
	WAIT(h, UT_GROUP_STOP);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	kill(pid, SIGCONT);
	EXPECT_EQ('t', ut_state(pid));
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	WAIT(h, UT_GROUP_STOP);
	EXPECT_EQ(0, r->arg[0]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* The last such engine lets go: back into the job control stop */
UT_TEST(group_stop_trap_given_up)
{
	pid_t pid = ut_child(counting);
	struct ut_rec *r;
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(GROUP_STOP));
	ut_go(1);
	kill(pid, SIGSTOP);
	WAIT(h, UT_GROUP_STOP);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_EQ(0, ut_wait_state(pid, 'R'));
	EXPECT_TRUE(ok_or_running(ut_events(h, 0)));
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	kill(pid, SIGCONT);
	ASSERT_EQ(0, ut_wait_state(pid, 'R'));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* A child that is held in report_jctl */
static pid_t held_in_report_jctl(int *h)
{
	pid_t pid = ut_child(counting);

	if (ut_wait_at(1))
		return -1;
	*h = ut_attach(pid, EV(JCTL));
	ut_go(1);
	ut_rule(*h, UT_JCTL, .match = CLD_STOPPED, NTH(1), ANSWER(UTRACE_STOP));
	kill(pid, SIGSTOP);
	return ut_wait(*h, UT_JCTL) && !ut_wait_state(pid, 't') ? pid : -1;
}

UT_TEST(stop_in_report_jctl_killed)
{
	int h;
	pid_t pid = held_in_report_jctl(&h);

	ASSERT_LT(0, pid);
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

/* SIGCONT ends the group stop before the task takes part: it runs on */
UT_TEST(stop_in_report_jctl_continued)
{
	int h, count;
	pid_t pid = held_in_report_jctl(&h);

	ASSERT_LT(0, pid);
	count = COUNTER;
	kill(pid, SIGCONT);
	EXPECT_EQ(0, ut_prepare(h));
	EXPECT_EQ(0, ut_finish(h));
	EXPECT_EQ(count, COUNTER);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_state(pid, 'R'));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* A stop in report_jctl is before the task takes part in the other */
UT_TEST(stop_in_report_jctl)
{
	int h, status;
	pid_t pid = held_in_report_jctl(&h);
	struct ut_rec *r;

	ASSERT_LT(0, pid);
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG | WUNTRACED));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	kill(pid, SIGCONT);
	WAIT(h, UT_JCTL);
	EXPECT_EQ(CLD_CONTINUED, r->arg[0]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}
