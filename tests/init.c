// SPDX-License-Identifier: GPL-2.0-only
/*
 * The init of a pid namespace ignores fatal signals from inside its namespace,
 * as it does without engines: while an engine or a tracer is attached to it,
 * and afterwards.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define ROUNDS	(ut_shm->flag[2])	/* counts the loops of the init */
#define SEND	(ut_shm->flag[3])	/* signal to send from inside; then 0 */
#define FAULT	(ut_shm->flag[4])	/* 1: the init reads an unmapped address */
#define TRAP	2			/* it makes a call that a filter traps */
#define TO_TID	(ut_shm->flag[5])	/* thread to send to; 0: the process */
#define DEAD	(ut_shm->flag[6])
#define INIT	(ut_shm->val[0])
#define STATUS	(ut_shm->val[1])
#define THREAD	(ut_shm->val[2])

#define DELIVER	UTRACE_SIGNAL_DELIVER
#define IGN	UTRACE_SIGNAL_IGN
#define REPORT	UTRACE_SIGNAL_REPORT
#define ON(a)	.kind_mask = UTRACE_SIGNAL_MASK, .kind = (a)

static void spin(void)
{
	for (;;) {
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
		ROUNDS++;
		if (FAULT == TRAP)
			ut_syscall(__NR_getpgrp, 0, 0, 0, 0, 0, 0);
		else if (FAULT)
			asm volatile("movb (%0), %%cl" : : "a" (0L) :
				     "rcx", "memory");
	}
}

static void *sleeper(void *arg)
{
	THREAD = syscall(SYS_gettid);
	ut_shm->at = 1;
	for (;;)
		pause();
	return NULL;
}

/* A process in the namespace that sends the signals of SEND to the init */
static void insider(void)
{
	for (;;) {
		if (!SEND) {
			sched_yield();
			continue;
		}
		if (TO_TID)
			syscall(SYS_tgkill, 1, TO_TID, SEND);
		else
			kill(1, SEND);
		SEND = 0;
	}
}

static bool leader_blocks;

static int in_namespace(bool thread)
{
	pthread_t id;
	sigset_t set;
	int status;
	pid_t pid;

	if (unshare(CLONE_NEWPID))
		return 1;
	pid = fork();
	if (!pid) {
		/* the death of the init kills all in its namespace */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (!INIT)
			sched_yield();
		if (thread)
			pthread_create(&id, NULL, sleeper, NULL);
		else
			ut_shm->at = 1;
		sigemptyset(&set);
		sigaddset(&set, SIGTERM);
		if (leader_blocks)
			sigprocmask(SIG_BLOCK, &set, NULL);
		spin();
	}
	INIT = pid;
	if (!fork())
		insider();
	/* the init exits after all in its namespace are reaped */
	while (waitpid(-1, &status, 0) != pid)
		;
	STATUS = status;
	DEAD = 1;
	for (;;)
		pause();
}

static int one_thread(void)
{
	return in_namespace(false);
}

static int two_threads(void)
{
	return in_namespace(true);
}

static int two_threads_one_blocks(void)
{
	leader_blocks = true;
	return in_namespace(true);
}

static int filtered(void)
{
	ut_filter(__NR_getpgrp, SECCOMP_RET_TRAP);
	return in_namespace(false);
}

/* Start an init in a new pid namespace.  Returns its pid, or -1. */
static pid_t start_init(int (*main)(void))
{
	memset((void *)ut_shm, 0, sizeof(*ut_shm));
	if (ut_child(main) < 0 || ut_wait_at(1))
		return -1;
	return INIT;
}

/* Wait until the init has handled all signals sent so far.  -ESRCH: it died. */
static int lives(void)
{
	int n = ROUNDS;
	long start = 0;

	while (ROUNDS < n + 3) {
		if (DEAD) {
			fprintf(stderr, "# the init ended with %#lx\n", STATUS);
			return -ESRCH;
		}
		if (ut_expired(&start))
			return -ETIME;
	}
	return 0;
}

static int send_inside(int sig)
{
	SEND = sig;
	return ut_wait_val(&SEND, 0);
}

static int immune_to(int sig)
{
	return send_inside(sig) ?: lives();
}

static int immune(void)
{
	int ret = immune_to(SIGTERM) ?: immune_to(SIGUSR1) ?:
		immune_to(SIGQUIT) ?: immune_to(SIGRTMIN) ?:
		immune_to(SIGKILL) ?: immune_to(SIGSTOP);

	return ret ?: kill(INIT, SIGTERM) ?: lives();
}

static const uint64_t masks[] = {
	EV(SIGNAL_IGN), EV(SIGNAL_IGN) | EV(SIGNAL_TERM), EV_SIGNALS,
	EV(SIGNAL_TERM) | EV(SIGNAL_CORE), EV(QUIESCE) | EV(SIGNAL_IGN),
};

/* Engines of each table and mask that pass on the action */
UT_TEST(watched)
{
	static const int tables[] = {
		UT_OPS_A, UT_OPS_LEAVES_FATAL, UT_OPS_STOPPED, UT_OPS_QUIESCE,
	};
	pid_t pid = start_init(one_thread);
	unsigned int i, k;
	int h;

	ASSERT_LT(0, pid);
	EXPECT_EQ(0, immune());
	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		for (k = 0; k < ARRAY_SIZE(masks); k++) {
			ASSERT_LE(0, h = ut_attach_as(pid, UTRACE_ATTACH_CREATE,
						      tables[i], UT_HOW_TASK));
			EXPECT_EQ(0, ut_events(h, masks[k]));
			ASSERT_EQ(0, immune()) {
				TH_LOG("table %d, mask %#lx", tables[i],
				       (long)masks[k]);
			}
			ut_control(h, UTRACE_DETACH);
			ut_barrier(h);
			ASSERT_EQ(0, immune());
		}
	}
}

/* An ignored signal is reported, with UTRACE_SIGNAL_IGN as the action. */
UT_TEST(watched_as_ignored)
{
	pid_t pid = start_init(one_thread);
	struct ut_rec *r;
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SIGNAL_IGN));
	ASSERT_EQ(0, immune_to(SIGTERM));
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(SIGTERM, r->arg[0]);
	EXPECT_EQ(IGN, r->action & UTRACE_SIGNAL_MASK);
}

/* Returns the tid of the init's other thread in the test's namespace. */
static pid_t other_thread(pid_t pid)
{
	char path[64];
	struct dirent *d;
	pid_t tid = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (d = readdir(dir)))
		if (atoi(d->d_name) > 0 && atoi(d->d_name) != pid)
			tid = atoi(d->d_name);
	closedir(dir);
	return tid;
}

/* The engine is attached to one of two threads; signals to any or to both. */
UT_TEST(watched_in_threads)
{
	pid_t pid = start_init(two_threads), on;
	int h, i;

	ASSERT_LT(0, pid);
	for (i = 0; i < 12; i++) {
		on = i % 2 ? pid : other_thread(pid);
		TO_TID = i / 2 % 3 == 0 ? 0 : i / 2 % 3 == 1 ? 1 : THREAD;
		ATTACH(h, on, i < 6 ? EV(SIGNAL_IGN) : EV_SIGNALS);
		ASSERT_EQ(0, immune_to(SIGTERM));
		ASSERT_EQ(0, immune_to(SIGUSR1));
		ut_control(h, UTRACE_DETACH);
		ut_barrier(h);
		ASSERT_EQ(0, immune_to(SIGTERM));
	}
}

/* A signal is sent during PTRACE_DETACH, after ->ptrace was cleared. */
UT_TEST(tracer_leaves)
{
	const int sigs[] = { SIGTERM, SIGUSR1, SIGQUIT, SIGRTMIN };
	pid_t pid = start_init(one_thread);
	unsigned int i;
	int status;

	if (!ut_two_processors())
		SKIP(return, "the signal is sent from another processor");
	ASSERT_LT(0, pid);
	for (i = 0; i < ARRAY_SIZE(sigs) * 2; i++) {
		/* detach from a signal-delivery-stop, or from a trap stop */
		if (i % 2) {
			ASSERT_EQ(0, ptrace(PTRACE_ATTACH, pid, 0, 0));
		} else {
			ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, 0, 0));
			ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, pid, 0, 0));
		}
		ASSERT_EQ(pid, waitpid(pid, &status, __WALL));
		ASSERT_EQ(0, ut_detach_signal(pid, sigs[i / 2]));
		EXPECT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
		EXPECT_LT(0, ut_detach_signal(0, 0));
		ASSERT_EQ(0, lives()) {
			TH_LOG("signal %d", sigs[i / 2]);
		}
		ASSERT_EQ(0, immune());
	}
}

/*
 * A signal is sent during the exit of the tracer.  The tracee runs or is in a
 * syscall stop.
 */
static int exiting_tracer(void)
{
	int status;

	if (ptrace(PTRACE_SEIZE, INIT, 0, 0))
		return 1;
	if (ut_shm->flag[7]) {
		ptrace(PTRACE_INTERRUPT, INIT, 0, 0);
		waitpid(INIT, &status, __WALL);
		ptrace(PTRACE_SYSCALL, INIT, 0, 0);
		waitpid(INIT, &status, __WALL);
	}
	return 0;
}

UT_TEST(tracer_ends)
{
	pid_t pid = start_init(one_thread), tracer;
	int i, hits = 0;

	if (!ut_two_processors())
		SKIP(return, "the signal is sent from another processor");
	ASSERT_LT(0, pid);
	for (i = 0; i < 2; i++) {
		ut_shm->flag[7] = i;
		ASSERT_EQ(0, ut_detach_signal(pid, SIGTERM));
		tracer = ut_child(exiting_tracer);
		EXPECT_EQ(0, ut_reap(tracer));
		hits += ut_detach_signal(0, 0);
		ASSERT_EQ(0, lives());
		ASSERT_EQ(0, immune());
	}
	EXPECT_LT(0, hits);
}

/* Signals are queued in a stop, from which the tracer or engine detaches. */
UT_TEST(queued_before_the_end)
{
	pid_t pid = start_init(one_thread);
	int h, i, status;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, ptrace(PTRACE_ATTACH, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, __WALL));
	ASSERT_EQ(0, send_inside(SIGTERM));
	ASSERT_EQ(0, send_inside(SIGQUIT));
	EXPECT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
	ASSERT_EQ(0, lives());
	for (i = 0; i < 3; i++) {
		ATTACH(h, pid, EV_SIGNALS);
		ut_control(h, UTRACE_STOP);
		ASSERT_EQ(0, ut_wait_state(pid, 't'));
		ASSERT_EQ(0, send_inside(SIGTERM));
		ASSERT_EQ(0, send_inside(SIGQUIT));
		if (i == 1)
			ut_events(h, EV(SIGNAL_IGN));
		if (i == 2)
			ut_events(h, 0);
		ut_control(h, UTRACE_DETACH);
		ut_barrier(h);
		ASSERT_EQ(0, lives());
	}
	ASSERT_EQ(0, immune());
}

/* A held or injected signal does not kill the init, unless it is SIGKILL. */
UT_TEST(held_and_injected)
{
	static const uint32_t answers[] = {
		DELIVER, UTRACE_SIGNAL_TERM, UTRACE_SIGNAL_CORE,
		UTRACE_SIGNAL_TSTP,
	};
	pid_t pid = start_init(one_thread);
	unsigned int i;
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SIGNALS);
	ut_mute(h, ~0UL);
	ut_rule(h, UT_SIGNAL, NTH(1),
		ANSWER_ALL(IGN | UTRACE_SIGNAL_HOLD | UTRACE_STOP));
	ASSERT_EQ(0, send_inside(SIGTERM));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, lives());
	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		ut_clear(h);
		ut_rule(h, UT_SIGNAL, ANSWER_ALL(answers[i] | UTRACE_RESUME));
		ASSERT_EQ(0, immune_to(SIGTERM));
		ASSERT_EQ(0, immune_to(SIGQUIT));
		ut_clear(h);
		ut_rule(h, UT_SIGNAL, ON(REPORT), NTH(1),
			ANSWER_ALL(answers[i] | UTRACE_RESUME),
			OPS(OP(SETSIG, SIGTERM, 0)));
		EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
		ASSERT_EQ(0, lives());
	}
	ut_clear(h);
	ut_rule(h, UT_SIGNAL, ANSWER_ALL(DELIVER | UTRACE_RESUME),
		OPS(OP(SETSIGNO, SIGKILL)));
	send_inside(SIGTERM);
	ASSERT_EQ(0, ut_wait_val(&DEAD, 1));
	EXPECT_EQ(SIGKILL, STATUS);
}

/* An engine steps the init, drops all traps, and detaches. */
UT_TEST(stepped)
{
	pid_t pid = start_init(one_thread);
	int h, i;

	ASSERT_LT(0, pid);
	for (i = 0; i < 2; i++) {
		ATTACH(h, pid, EV_SIGNALS | EV(QUIESCE));
		ut_mute(h, ~0UL);
		ut_rule(h, UT_QUIESCE, NTH(1), ANSWER(i ? UTRACE_BLOCKSTEP :
							  UTRACE_SINGLESTEP));
		ut_rule(h, UT_SIGNAL, .match = SIGTRAP, .last = 100,
			ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
		ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
			ANSWER_ALL(IGN | UTRACE_RESUME));
		EXPECT_EQ(0, ut_control(h, i ? UTRACE_BLOCKSTEP :
					       UTRACE_SINGLESTEP));
		while (ut_count(h, UT_SIGNAL) < 101)
			ASSERT_EQ(0, lives());
		/* still attached; then detached */
		ASSERT_EQ(0, immune());
		ut_control(h, UTRACE_DETACH);
		ut_barrier(h);
		ASSERT_EQ(0, immune());
	}
}

/* An engine detaches while it steps; its last trap must not kill the init. */
UT_TEST(left_while_stepping)
{
	pid_t pid = start_init(one_thread);
	int h, i;

	ASSERT_LT(0, pid);
	for (i = 0; i < 50; i++) {
		ATTACH(h, pid, EV_SIGNALS | EV(QUIESCE));
		ut_mute(h, ~0UL);
		ut_rule(h, UT_QUIESCE, NTH(1), ANSWER(UTRACE_SINGLESTEP));
		ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
			ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
		EXPECT_EQ(0, ut_control(h, UTRACE_SINGLESTEP));
		while (ut_count(h, UT_SIGNAL) < 3)
			ASSERT_EQ(0, DEAD);
		ut_control(h, UTRACE_DETACH);
		ut_barrier(h);
		ASSERT_EQ(0, lives());
		ASSERT_EQ(0, immune_to(SIGTERM));
	}
}

/* The engine drops the SIGSEGV of a fault and corrects the address. */
UT_TEST(fault_taken)
{
	pid_t pid = start_init(one_thread);
	struct ut_rec *r;
	int h, i;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SIGNAL_CORE));
	ut_rule(h, UT_SIGNAL, .match = SIGSEGV, ANSWER_ALL(IGN | UTRACE_RESUME),
		OPS(OP(SETREG, UT_AX, (long)&ut_shm->val[9])));
	for (i = 0; i < 3; i++) {
		FAULT = 1;
		WAIT(h, UT_SIGNAL);
		EXPECT_EQ(UTRACE_SIGNAL_CORE, r->action & UTRACE_SIGNAL_MASK);
		FAULT = 0;
		ASSERT_EQ(0, immune());
	}
	ut_control(h, UTRACE_DETACH);
	ut_barrier(h);
	ASSERT_EQ(0, immune());
}

/* The SIGSEGV of a fault is fatal if all engines pass it on. */
UT_TEST(fault_passed_on)
{
	static const uint64_t events[] = {
		0, EV(SIGNAL_IGN), EV(SIGNAL_CORE), EV_SIGNALS, EV(QUIESCE),
		EV_SYSCALLS,
	};
	unsigned int i, stop;
	pid_t pid;
	int h;

	for (i = 0; i < ARRAY_SIZE(events); i++) {
		for (stop = 0; stop < 2; stop++) {
			pid = start_init(one_thread);
			ASSERT_LT(0, pid);
			ATTACH(h, pid, events[i]);
			ut_mute(h, ~0UL);
			if (stop)
				ut_rule(h, UT_SIGNAL, NTH(1),
					ANSWER(UTRACE_STOP));
			FAULT = 1;
			if (stop && (events[i] & EV(SIGNAL_CORE))) {
				ASSERT_EQ(0, ut_wait_state(pid, 't'));
				ASSERT_EQ(0, send_inside(SIGTERM));
				EXPECT_EQ(0, DEAD);
				EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
			}
			ASSERT_EQ(0, ut_wait_val(&DEAD, 1)) {
				TH_LOG("mask %#lx", (long)events[i]);
			}
			EXPECT_EQ(SIGSEGV, STATUS & 0x7f);
		}
	}
}

/* The last engine leaves between the fault and get_signal(). */
UT_TEST(fault_after_the_last_engine)
{
	pid_t pid = start_init(filtered);
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_ENTRY) | EV(SIGNAL_CORE) | EV(QUIESCE));
	ut_mute(h, ~0UL);
	/* The REPORT round precedes the SIGSYS that the filter sends. */
	ut_rule(h, UT_SYSCALL_ENTRY, .match = __NR_getpgrp,
		ANSWER(UTRACE_INTERRUPT));
	ut_rule(h, UT_SIGNAL, ON(REPORT), ANSWER(UTRACE_DETACH));
	FAULT = TRAP;
	ASSERT_EQ(0, ut_wait_val(&DEAD, 1));
	EXPECT_EQ(SIGSYS, STATUS & 0x7f);
}

/* A signal that the leader blocks is fatal to an init, with engines or not. */
UT_TEST(blocked_by_the_leader)
{
	pid_t pid;
	int i, h;

	for (i = 0; i < 2; i++) {
		pid = start_init(two_threads_one_blocks);
		ASSERT_LT(0, pid);
		ASSERT_EQ(0, lives());
		if (i) {
			ATTACH(h, other_thread(pid), EV(SIGNAL_TERM));
			ut_mute(h, ~0UL);
		}
		SEND = SIGTERM;
		ASSERT_EQ(0, ut_wait_val(&DEAD, 1)) {
			TH_LOG("%d engines", i);
		}
		EXPECT_EQ(SIGTERM, STATUS & 0x7f);
	}
}

/* The init of the guest: the kernel panics if it dies. */
UT_TEST(the_first_process)
{
	unsigned int k;
	int h;

	for (k = 0; k < ARRAY_SIZE(masks); k++) {
		ATTACH(h, 1, masks[k]);
		ut_mute(h, ~0UL);
		EXPECT_EQ(0, kill(1, SIGUSR2));
		EXPECT_EQ(0, kill(1, SIGSTOP));
		EXPECT_EQ(0, kill(1, SIGKILL));
		if (masks[k] & EV(SIGNAL_IGN))
			EXPECT_EQ(1, ut_count_is(h, UT_SIGNAL, 1));
		ut_control(h, UTRACE_DETACH);
		ut_barrier(h);
		EXPECT_EQ(0, kill(1, SIGUSR2));
	}
}
