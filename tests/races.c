// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls against callbacks running on another CPU, storms, memory.
 * UT_SCALE multiplies the rounds.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS;
}

static int syscall_loop(void)
{
	ut_step(1);
	while (ut_shm->go < 2)
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	return 7;
}

/* A helper that makes one call on engine 0 with the test's own file */
static int call_barrier(void)
{
	ut_fd = ut_shm->val[8];
	ut_shm->flag[3] = 1;
	ut_shm->val[3] = ut_barrier(0);
	ut_shm->flag[4] = 1;
	return 0;
}

static pid_t in_callback(struct ut_rec **r)
{
	pid_t pid = ut_child(syscall_loop);

	if (ut_wait_at(1) || ut_attach(pid, EV(SYSCALL_ENTRY)) != 0)
		return -1;
	ut_rule(0, UT_SYSCALL_ENTRY, NTH(1), OPS(OP(BLOCK, 1)));
	ut_mute(0, 0);
	ut_go(1);
	*r = ut_wait(0, UT_SYSCALL_ENTRY);
	return *r ? pid : -1;
}

UT_TEST(barrier_waits_for_callback)
{
	struct ut_rec *r;
	pid_t pid = in_callback(&r), helper;

	ASSERT_LT(0, pid);
	EXPECT_EQ(-EINPROGRESS, ut_control(0, UTRACE_DETACH));
	EXPECT_EQ(0, ut_flags(0));
	ut_shm->val[8] = dup(ut_fd);
	helper = ut_child(call_barrier);
	close(ut_shm->val[8]);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[3], 1));
	ASSERT_EQ(0, ut_wait_state(helper, 'S'));
	EXPECT_EQ(0, ut_shm->flag[4]);
	/* not released before the callback has returned */
	EXPECT_EQ(0, ut_total(UT_RELEASE));
	ut_gate(1, true);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[4], 1));
	EXPECT_EQ(-ESRCH, ut_shm->val[3]);
	EXPECT_EQ(0, ut_total(UT_RELEASE));
	ut_put(0);
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(1, ut_total(UT_RELEASE));
	EXPECT_EQ(1, ut_total(UT_SYSCALL_ENTRY));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* The attached engine's callback is over: 0 */
UT_TEST(barrier_after_set_events)
{
	struct ut_rec *r;
	pid_t pid = in_callback(&r), helper;

	ASSERT_LT(0, pid);
	EXPECT_EQ(-EINPROGRESS, ut_events(0, 0));
	ut_shm->val[8] = dup(ut_fd);
	helper = ut_child(call_barrier);
	close(ut_shm->val[8]);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[3], 1));
	ASSERT_EQ(0, ut_wait_state(helper, 'S'));
	ut_gate(1, true);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[4], 1));
	EXPECT_EQ(0, ut_shm->val[3]);
	EXPECT_EQ(1, ut_count(0, UT_SYSCALL_ENTRY));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* The reference is gone, the callback still runs: release is for later */
UT_TEST(put_during_callback)
{
	struct ut_rec *r;
	pid_t pid = in_callback(&r);

	ASSERT_LT(0, pid);
	EXPECT_EQ(-EINPROGRESS, ut_control(0, UTRACE_DETACH));
	ut_put(0);
	EXPECT_EQ(0, ut_total(UT_RELEASE));
	ut_gate(1, true);
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(1, ut_total(UT_RELEASE));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Another engine's barrier has not to wait */
UT_TEST(barrier_of_another)
{
	struct ut_rec *r;
	pid_t pid = in_callback(&r);
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_EXIT));
	EXPECT_EQ(0, ut_barrier(h));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	EXPECT_EQ(-ESRCH, ut_barrier(h));
	ut_put(h);
	EXPECT_EQ(0, ut_released(1));
	ut_gate(1, true);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

UT_TEST(stop_during_callback)
{
	struct ut_rec *r;
	pid_t pid = in_callback(&r);
	int ret;

	ASSERT_LT(0, pid);
	/* the answer that comes, RESUME, would clear it: so it says */
	EXPECT_EQ(-EINPROGRESS, ut_control(0, UTRACE_STOP));
	ret = ut_prepare(0);
	EXPECT_EQ(-EAGAIN, ret);
	ut_gate(1, true);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Killed in a callback: it ends when the callback returns */
UT_TEST(kill_during_callback)
{
	struct ut_rec *r;
	pid_t pid = in_callback(&r);
	int status;

	ASSERT_LT(0, pid);
	kill(pid, SIGKILL);
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	ut_gate(1, true);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

/* Detached in its death report, the engine stays, and is told of the reaping */
UT_TEST(barrier_in_death)
{
	pid_t pid = ut_child(syscall_loop);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(DEATH) | EV(REAP));
	ut_rule(h, UT_DEATH, OPS(OP(BLOCK, 1)));
	ut_go(2);
	WAIT(h, UT_DEATH);
	EXPECT_EQ(-EALREADY, ut_control(h, UTRACE_DETACH));
	ut_shm->val[8] = dup(ut_fd);
	ASSERT_LT(0, ut_child(call_barrier));
	close(ut_shm->val[8]);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[3], 1));
	EXPECT_EQ(0, ut_shm->flag[4]);
	ut_gate(1, true);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[4], 1));
	EXPECT_EQ(0, ut_shm->val[3]);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(1, ut_count_is(h, UT_REAP, 1));
}

/* --- storms ------------------------------------------------------------- */

struct job {
	int cpu;
	long rounds;
	int flags;
	uint64_t events;
};

static struct job jobs[4];
static int job_nr;
static volatile pid_t *storm_pid;

/* Storms on the task in *storm_pid until its rounds are done */
static int storm(void)
{
	struct job *job = &jobs[job_nr];
	struct ut_call c = {};
	long left = job->rounds;
	int ret;

	ut_fd = ut_open();
	ut_pin(job->cpu);
	while (left > 0) {
		struct ut_call part = {};

		part.pid = *storm_pid;
		part.a = left < 500 ? left : 500;
		part.b = job->events;
		part.flags = job->flags;
		if (ioctl(ut_fd, UT_STORM, &part)) {
			/* between one target and the next */
			if (errno != ESRCH)
				return 1;
			left--;
			continue;
		}
		left -= part.res;
		if (part.out[UT_ST_UNEXPECTED]) {
			fprintf(stderr, "# storm: %llu unexpected, errno %llu\n",
				(unsigned long long)part.out[UT_ST_UNEXPECTED],
				(unsigned long long)part.out[UT_ST_LAST_ERRNO]);
			return 2;
		}
		c.out[UT_ST_ATTACHED] += part.out[UT_ST_ATTACHED];
		__sync_fetch_and_add(&ut_shm->val[10 + job_nr],
				     part.out[UT_ST_ATTACHED]);
	}
	/* what its death must detach goes when it is reaped */
	if (job->flags & UT_STORM_LEAVE)
		return 0;
	ret = ut_released(0);
	if (ret)
		return 3;
	return ut_total(UT_RELEASE) == (int64_t)c.out[UT_ST_ATTACHED] ? 0 : 4;
}

static pid_t start_storm(int nr, long rounds, int flags, uint64_t events)
{
	jobs[nr] = (struct job){ .cpu = nr & 1, .rounds = rounds,
				 .flags = flags, .events = events };
	job_nr = nr;
	return ut_child(storm);
}

static int target_syscalls(void)
{
	ut_step(1);
	while (!ut_shm->flag[0])
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	return 7;
}

static int target_forks(void)
{
	ut_step(1);
	while (!ut_shm->flag[0]) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return 7;
}

static void on_usr1(int sig)
{
	ut_shm->flag[1]++;
}

static int target_signals(void)
{
	signal(SIGUSR1, on_usr1);
	ut_step(1);
	while (!ut_shm->flag[0])
		raise(SIGUSR1);
	return 7;
}

static int target_sleeps(void)
{
	struct timespec ts = { .tv_nsec = 1000000 };

	ut_step(1);
	while (!ut_shm->flag[0])
		nanosleep(&ts, NULL);
	return 7;
}

static int target_spins(void)
{
	ut_step(1);
	while (!ut_shm->flag[0])
		ut_shm->flag[1]++;
	return 7;
}

FIXTURE(storm) {
	int unused;
};

FIXTURE_VARIANT(storm) {
	int (*target)(void);
	int flags[2];
	uint64_t events;
	long rounds;
};

#define BAR	UT_STORM_BARRIER
#define ST	UT_STORM_STOP
#define INT	UT_STORM_INTERRUPT
#define REP	UT_STORM_REPORT
#define RES	UT_STORM_RESUME
#define EXA	UT_STORM_EXAMINE
#define ATO	UT_STORM_ATOMIC

#define STORM(n, t, f1, f2, e)						\
	FIXTURE_VARIANT_ADD(storm, n) {					\
		.target = t, .flags = { f1, f2 }, .events = e,		\
		.rounds = 4000,						\
	}

STORM(plain, target_syscalls, 0, 0, EV_SYSCALLS);
STORM(atomic, target_syscalls, ATO, ATO | BAR, EV_SYSCALLS);
STORM(stop, target_syscalls, ST | EXA | RES, ST, EV_SYSCALLS | EV(QUIESCE));
STORM(interrupt, target_sleeps, INT | BAR, ST | INT | EXA, EV(QUIESCE));
STORM(report, target_spins, REP | BAR, REP | ST, EV(QUIESCE));
STORM(signals, target_signals, INT, ST | EXA, EV_SIGNALS | EV(QUIESCE));
STORM(forks, target_forks, BAR, ST, EV(CLONE) | EV(QUIESCE) | EV_SYSCALLS);
STORM(everything, target_forks, ST | INT | REP | EXA | BAR, RES, EV_ALL);

FIXTURE_SETUP(storm)
{
	ASSERT_EQ(0, ut_setup());
	storm_pid = (volatile pid_t *)&ut_shm->flag[6];
}

FIXTURE_TEARDOWN(storm)
{
	const char *complaint = ut_complaint();

	EXPECT_EQ(NULL, complaint) {
		TH_LOG("%s", complaint);
	}
	ut_teardown();
}

/* From both CPUs at once, against a task that is busy */
TEST_F_TIMEOUT(storm, both_cpus, 120)
{
	long rounds = ut_rounds(variant->rounds);
	pid_t pid, s[2];
	int i;

	pid = ut_child(variant->target);
	ASSERT_EQ(0, ut_wait_at(1));
	*storm_pid = pid;
	ut_go(1);
	for (i = 0; i < 2; i++)
		s[i] = start_storm(i, rounds, variant->flags[i],
				   variant->events);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, ut_reap(s[i]));
		EXPECT_EQ(rounds, ut_shm->val[10 + i]);
	}
	/* and it lives on, unharmed */
	ut_shm->flag[0] = 1;
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

static int short_life(void)
{
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	if (ut_shm->flag[2])
		return 7;
	for (;;)
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
}

/* Against tasks that die, by themselves and by SIGKILL */
TEST_F_TIMEOUT(storm, dying, 120)
{
	long i, rounds = ut_rounds(variant->rounds / 20);
	pid_t s[2];

	*storm_pid = getpid();
	for (i = 0; i < 2; i++)
		s[i] = start_storm(i, rounds * 10, variant->flags[i],
				   variant->events);
	for (i = 0; i < rounds; i++) {
		pid_t pid;
		int status;

		ut_shm->flag[2] = i & 1;
		pid = fork();
		if (!pid)
			_exit(short_life());
		ASSERT_LT(0, pid);
		*storm_pid = pid;
		if (!(i & 1)) {
			/* let the storm see it */
			sched_yield();
			kill(pid, SIGKILL);
		}
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(i & 1 ? 7 << 8 : SIGKILL, status);
	}
	for (i = 0; i < 2; i++) {
		int status;

		kill(s[i], SIGUSR2);	/* break off what is left */
		status = ut_reap(s[i]);
		EXPECT_TRUE(status == 0 || status == SIGUSR2) {
			TH_LOG("storm %ld ended with %#x", i, status);
		}
	}
}

/* Parked, then killed: no stop survives SIGKILL, no child is lost */
UT_LONG_TEST(stop_and_kill)
{
	long i, rounds = ut_rounds(300);

	for (i = 0; i < rounds; i++) {
		pid_t pid = fork();
		int h, status, ret;

		if (!pid) {
			close(ut_fd);
			for (;;)
				getppid();
		}
		ATTACH(h, pid, i & 1 ? EV(QUIESCE) : 0);
		ut_rule(h, UT_QUIESCE, ANSWER(UTRACE_STOP));
		ret = ut_control(h, UTRACE_STOP);
		EXPECT_TRUE(ok_or_running(ret));
		/* sometimes it stands already, sometimes not yet */
		if (i % 3 == 0)
			ASSERT_EQ(0, ut_wait_state(pid, 't'));
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(SIGKILL, status);
		ut_put(h);
		while (ut_poll())
			;
	}
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(rounds, ut_total(UT_RELEASE));
}

/* --- many tasks --------------------------------------------------------- */

static int tree(int depth, int width)
{
	int i, n = 0;

	for (i = 0; i < width && depth; i++) {
		pid_t pid = fork();

		if (!pid) {
			tree(depth - 1, width);
			_exit(0);
		}
		if (pid < 0)
			__sync_fetch_and_add(&ut_shm->val[6], 1);
		else
			n++;
	}
	while (n--)
		wait(NULL);
	__sync_fetch_and_add(&ut_shm->val[5], 1);
	return 7;
}

static int tree_of_forks(void)
{
	long i;

	ut_step(1);
	for (i = 0; i < ut_shm->val[7]; i++)
		tree(3, 4);
	return 7;
}

/* One engine follows a storm of forks, and misses none */
UT_LONG_TEST(fork_storm)
{
	pid_t pid = ut_child(tree_of_forks);
	long rounds = ut_rounds(10), tasks = rounds * (4 + 16 + 64) + 1;
	int h;

	ut_shm->val[7] = rounds;
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(CLONE) | EV(EXIT) | EV(DEATH) | EV(REAP) |
		       EV(SYSCALL_ENTRY));
	ut_mute(h, ~0UL);
	ut_rule(h, UT_CLONE,
		OPS(OP(NOLOG), OP(FOLLOW, EV(CLONE) | EV(EXIT) | EV(DEATH) |
				  EV(REAP) | EV(SYSCALL_ENTRY),
				  UT_FOLLOW_NOHANDLE)));
	/* its results would fill the log */
	ut_rule(h, UT_EXIT, OPS(OP(NOLOG)));
	ut_go(1);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		while (ut_poll())
			;
		usleep(2000);
	}
	ut_forget(pid);
	EXPECT_EQ(0, ut_shm->val[6]);
	EXPECT_EQ(tasks - 1, ut_total(UT_CLONE));
	ut_put(h);
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(tasks, ut_total(UT_EXIT));
	EXPECT_EQ(tasks, ut_total(UT_DEATH));
	EXPECT_EQ(tasks, ut_total(UT_REAP));
	EXPECT_EQ(tasks, ut_total(UT_RELEASE));
}

#define THREADS	1000

static pthread_barrier_t all_there;
static pid_t *tids;

static void *idle_thread(void *arg)
{
	tids[(long)arg] = syscall(SYS_gettid);
	pthread_barrier_wait(&all_there);
	while (!ut_shm->flag[0])
		pause();
	return NULL;
}

static int many_threads(void)
{
	pthread_attr_t attr;
	pthread_t t;
	long i;

	pthread_barrier_init(&all_there, NULL, THREADS + 1);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&t, &attr, idle_thread, (void *)i))
			return 1;
	pthread_barrier_wait(&all_there);
	ut_shm->at = 1;
	while (!ut_shm->flag[0])
		pause();
	return 7;
}

static pid_t start_threads(void)
{
	pid_t pid;

	tids = mmap(NULL, THREADS * sizeof(*tids), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid = ut_child(many_threads);
	return ut_wait_at(1) ? -1 : pid;
}

UT_LONG_TEST(thousand_threads_detached)
{
	pid_t pid = start_threads();
	int i;

	ASSERT_LT(0, pid);
	for (i = 0; i < THREADS; i++)
		ASSERT_EQ(i, ut_attach(tids[i], EV_ALL));
	for (i = 0; i < THREADS; i++)
		ut_mute(i, ~0UL);
	for (i = 0; i < THREADS; i++)
		ASSERT_EQ(0, ut_control(i, UTRACE_INTERRUPT));
	for (i = 0; i < THREADS; i++) {
		ASSERT_TRUE(ok_or_running(ut_control(i, UTRACE_DETACH)));
		ASSERT_EQ(-ESRCH, ut_barrier(i));
		ut_put(i);
		ut_drain(-1, -1);
	}
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(THREADS, ut_total(UT_RELEASE));
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

UT_LONG_TEST(thousand_threads_killed)
{
	pid_t pid = start_threads();
	int i;

	ASSERT_LT(0, pid);
	for (i = 0; i < THREADS; i++)
		ASSERT_EQ(i, ut_attach(tids[i], EV(DEATH) | EV(REAP)));
	/* every third one held by a stop */
	for (i = 0; i < THREADS; i += 3) {
		ut_events(i, EV(DEATH) | EV(REAP) | EV(QUIESCE));
		ut_rule(i, UT_SIGNAL, ANSWER(UTRACE_STOP));
		ASSERT_EQ(0, ut_control(i, UTRACE_INTERRUPT));
	}
	for (i = 0; i < THREADS; i += 3)
		ASSERT_EQ(0, ut_wait_state(tids[i], 't'));
	for (i = 0; i < THREADS; i++)
		ut_mute(i, ~0UL);
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
	for (i = 0; i < THREADS; i++) {
		ASSERT_EQ(0, ut_wait_detached(i));
		EXPECT_EQ(-ESRCH, ut_control(i, UTRACE_DETACH));
		ut_put(i);
		ut_drain(-1, -1);
	}
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(THREADS, ut_total(UT_DEATH));
	EXPECT_EQ(THREADS, ut_total(UT_REAP));
	EXPECT_EQ(THREADS, ut_total(UT_RELEASE));
}

/* A thousand engines on one task, which dies with them */
UT_LONG_TEST(thousand_engines_left)
{
	pid_t pid = ut_child(target_sleeps);
	struct ut_call c = {};

	ASSERT_EQ(0, ut_wait_at(1));
	ut_go(1);
	EXPECT_EQ(1000, ut_storm(&c, pid, 1000, UT_STORM_LEAVE,
				 EV(DEATH) | EV(REAP) | EV_SYSCALLS));
	EXPECT_EQ(0, c.out[UT_ST_UNEXPECTED]);
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(1000, ut_total(UT_DEATH));
	EXPECT_EQ(1000, ut_total(UT_REAP));
	EXPECT_EQ(1000, ut_total(UT_RELEASE));
}

/* --- memory ------------------------------------------------------------- */

UT_LONG_TEST(memory_comes_back)
{
	long rounds = ut_rounds(10000) > 100000 ? 100000 : ut_rounds(10000);
	long before, after;
	pid_t pid = ut_child(target_sleeps);
	struct ut_call c = {};

	ASSERT_EQ(0, ut_wait_at(1));
	ut_go(1);
	before = ut_objects();
	if (before < 0)
		SKIP(return, "no slab cache of the layer's own is shown");
	/* what the first attach makes stays with the task */
	EXPECT_EQ(1, ut_storm(&c, pid, 1, 0, EV_SYSCALLS));
	EXPECT_EQ(0, ut_released(0));
	EXPECT_EQ(rounds, ut_storm(&c, pid, rounds, UT_STORM_BARRIER,
				   EV_SYSCALLS));
	EXPECT_EQ(0, ut_released(0));
	ut_shm->flag[0] = 1;
	EXPECT_EQ(7 << 8, ut_reap(pid));
	after = ut_settled_objects(before);
	EXPECT_GE(before, after);
}

/* The task's own engine hears of its death, whoever attaches meanwhile */
UT_LONG_TEST(death_under_storm)
{
	long i, rounds = ut_rounds(300);
	pid_t s;

	storm_pid = (volatile pid_t *)&ut_shm->flag[6];
	*storm_pid = getpid();
	s = start_storm(1, 100000000, 0, 0);
	for (i = 1; i <= rounds; i++) {
		pid_t pid = fork();
		int h, status;

		if (!pid) {
			while (ut_shm->flag[7] < i)
				sched_yield();
			_exit(7);
		}
		ATTACH(h, pid, EV(DEATH) | EV(REAP));
		ut_mute(h, ~0UL);
		*storm_pid = pid;
		ut_shm->flag[7] = i;
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(7 << 8, status);
		ASSERT_EQ(1, ut_count_is(h, UT_REAP, 1));
		ASSERT_EQ(1, ut_count(h, UT_DEATH));
		ut_put(h);
	}
	kill(s, SIGKILL);
	ut_reap(s);
}

/* Shows its child, and ends it when the test has done with it */
static int shows_children(void)
{
	long i;

	for (i = 1; !ut_shm->flag[0]; i++) {
		pid_t pid = fork();
		int status;

		if (!pid)
			for (;;)
				pause();
		ut_shm->val[4] = pid;
		ut_shm->flag[7] = i;
		while (ut_shm->flag[8] < i)
			sched_yield();
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	return 7;
}

/* An engine that wants CLONE goes in the middle of a fork */
UT_LONG_TEST(children_under_storm)
{
	long i, rounds = ut_rounds(400);
	pid_t pid = ut_child(shows_children), s;

	storm_pid = (volatile pid_t *)&ut_shm->flag[6];
	*storm_pid = pid;
	s = start_storm(1, 100000000, 0, EV(CLONE));
	for (i = 1; i <= rounds; i++) {
		int h;

		while (ut_shm->flag[7] < i)
			sched_yield();
		/* would wait for ever for a report_clone that is not to come */
		ATTACH(h, ut_shm->val[4], 0);
		ut_put(h);
		ut_shm->flag[0] = i == rounds;
		ut_shm->flag[8] = i;
	}
	EXPECT_EQ(7 << 8, ut_reap(pid));
	kill(s, SIGKILL);
	ut_reap(s);
}
