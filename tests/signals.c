// SPDX-License-Identifier: GPL-2.0-only
/*
 * What engines can do to signals.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define DELIVER	UTRACE_SIGNAL_DELIVER
#define IGN	UTRACE_SIGNAL_IGN
#define HOLD	UTRACE_SIGNAL_HOLD

/* Rule members: only for such calls of report_signal */
#define REAL		.kind_mask = 0
#define ON(action)	.kind_mask = UTRACE_SIGNAL_MASK, .kind = (action)

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS;
}

static void handler(int sig, siginfo_t *info, void *uc)
{
	ut_shm->flag[sig == SIGUSR1 ? 1 : sig == SIGUSR2 ? 2 : 3]++;
	ut_shm->val[1] = info->si_code;
	ut_shm->val[2] = (long)info->si_value.sival_ptr;
	ut_shm->val[3] = (long)info->si_addr;
	ut_shm->val[4] = sig;
}

static void catch(int sig)
{
	struct sigaction sa = { .sa_sigaction = handler,
				.sa_flags = SA_SIGINFO };

	sigaction(sig, &sa, NULL);
}

static int waiting(void)
{
	catch(SIGUSR1);
	catch(SIGUSR2);
	ut_step(1);
	ut_step(2);
	return 7;
}

static int queue(pid_t pid, int sig, long value)
{
	union sigval v = { .sival_ptr = (void *)value };

	return sigqueue(pid, sig, v);
}

UT_TEST(ignored)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, ANSWER_ALL(IGN | UTRACE_RESUME));
	kill(pid, SIGTERM);
	WAIT_ARG(h, UT_SIGNAL, SIGTERM);
	kill(pid, SIGSEGV);
	WAIT_ARG(h, UT_SIGNAL, SIGSEGV);
	kill(pid, SIGSTOP);
	WAIT_ARG(h, UT_SIGNAL, SIGSTOP);
	kill(pid, SIGUSR1);
	WAIT_ARG(h, UT_SIGNAL, SIGUSR1);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(0, ut_shm->flag[1]);
}

/* A signal changed: the new one's own action is taken */
UT_TEST(changed)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1), OPS(OP(SETSIGNO, SIGUSR2)));
	queue(pid, SIGUSR1, 4711);
	WAIT(h, UT_SIGNAL);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[2], 1));
	EXPECT_EQ(0, ut_shm->flag[1]);
	EXPECT_EQ(4711, ut_shm->val[2]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

UT_TEST(changed_into_fatal)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1), OPS(OP(SETSIGNO, SIGTERM)));
	kill(pid, SIGUSR1);
	EXPECT_EQ(SIGTERM, ut_reap(pid));
}

/* The action in return_ka: ignored here, though the program has a handler */
UT_TEST(action_changed)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1), OPS(OP(SETKA, (long)SIG_IGN)));
	kill(pid, SIGUSR1);
	WAIT(h, UT_SIGNAL);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(0, ut_shm->flag[1]);
}

static void other_handler(int sig)
{
	ut_shm->flag[4]++;
}

static int waiting_once(void)
{
	struct sigaction sa = { .sa_sigaction = handler,
				.sa_flags = SA_SIGINFO | SA_RESETHAND };

	sigaction(SIGUSR1, &sa, NULL);
	ut_step(1);
	ut_step(2);
	return 7;
}

/* Changed, too, it is for one signal, and it is the handler that runs */
UT_TEST(action_changed_with_resethand)
{
	pid_t pid = ut_child(waiting_once);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1), OPS(OP(SETKA, (long)other_handler)));
	kill(pid, SIGUSR1);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[4], 1));
	EXPECT_EQ(0, ut_shm->flag[1]);
	/* the program's own is as it was */
	kill(pid, SIGUSR1);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* A HANDLER round and INTERRUPT are due at once: both come */
UT_TEST(interrupt_and_handler)
{
	pid_t pid = ut_child(waiting);
	int h, other;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ATTACH(other, pid, EV(QUIESCE));
	ut_rule(h, UT_SIGNAL, NTH(1),
		OPS(OP(CONTROL, other, UTRACE_INTERRUPT)));
	kill(pid, SIGUSR1);
	EXPECT_EQ(1, ut_count_is(other, UT_SIGNAL, 1));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	/* the signal, and its handler */
	EXPECT_EQ(2, ut_count(h, UT_SIGNAL));
}

/* Told of SIGCONT though the task stops where it is reported */
UT_TEST(parent_told_before_jctl_stop)
{
	struct timespec limit = { .tv_sec = 10L * ut_slow };
	pid_t pid = ut_child(waiting);
	siginfo_t info;
	sigset_t set;
	int h, status;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(JCTL));
	ut_rule(h, UT_JCTL, .match = CLD_CONTINUED, ANSWER(UTRACE_STOP));
	kill(pid, SIGSTOP);
	ASSERT_EQ(SIGCHLD, sigtimedwait(&set, &info, &limit));
	EXPECT_EQ(CLD_STOPPED, info.si_code);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	kill(pid, SIGCONT);
	ASSERT_EQ(SIGCHLD, sigtimedwait(&set, &info, &limit));
	EXPECT_EQ(CLD_CONTINUED, info.si_code);
	EXPECT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

#define CORE_SIZE	(8L << 20)

/* This program as core_pattern starts it: says so, waits, reads all of it */
__attribute__((constructor)) static void core_reader(int argc, char **argv)
{
	static char buf[65536];
	long total = 0, n;
	FILE *f;

	if (argc < 2 || strcmp(argv[1], "core-reader"))
		return;
	close(creat("/tmp/core.ready", 0600));
	while (access("/tmp/core.go", F_OK))
		sched_yield();
	while ((n = read(0, buf, sizeof(buf))) > 0)
		total += n;
	f = fopen("/tmp/core.size", "w");
	fprintf(f, "%ld\n", total);
	fclose(f);
	_exit(0);
}

static int dumps_core(void)
{
	struct rlimit lim = { RLIM_INFINITY, RLIM_INFINITY };
	volatile char *big = malloc(CORE_SIZE);
	long i;

	for (i = 0; i < CORE_SIZE; i += 4096)
		big[i] = 1;
	setrlimit(RLIMIT_CORE, &lim);
	ut_step(1);
	*(volatile int *)NULL = big[1];
	return 1;
}

/* A task that dumps core is not disturbed: nothing but SIGKILL may */
UT_TEST(interrupt_during_core_dump)
{
	char old[256] = "", exe[256] = "";
	pid_t pid = ut_child(dumps_core);
	long start = 0, size = 0;
	FILE *f;
	int h;

	ASSERT_LT(0, readlink("/proc/self/exe", exe, sizeof(exe) - 1));
	f = fopen("/proc/sys/kernel/core_pattern", "r+");
	ASSERT_NE(NULL, f);
	ASSERT_NE(NULL, fgets(old, sizeof(old), f));
	rewind(f);
	fprintf(f, "|%s core-reader\n", exe);
	fflush(f);
	unlink("/tmp/core.ready");
	unlink("/tmp/core.go");
	unlink("/tmp/core.size");

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(QUIESCE));
	ut_go(1);
	while (access("/tmp/core.ready", F_OK))
		ASSERT_EQ(false, ut_expired(&start));
	/* the pipe is full: the reader has not begun */
	ASSERT_EQ(0, ut_wait_state(pid, 'S'));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	close(creat("/tmp/core.go", 0600));
	EXPECT_EQ(SIGSEGV | 0x80, ut_reap(pid));
	rewind(f);
	fputs(old, f);
	fclose(f);
	start = 0;
	while (size == 0) {
		ASSERT_EQ(false, ut_expired(&start));
		f = fopen("/tmp/core.size", "r");
		if (f && fscanf(f, "%ld", &size) != 1)
			size = 0;
		if (f)
			fclose(f);
	}
	EXPECT_LT(CORE_SIZE, size);
}

UT_TEST(action_changed_to_default)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1), OPS(OP(SETKA, (long)SIG_DFL)));
	kill(pid, SIGUSR1);
	EXPECT_EQ(SIGUSR1, ut_reap(pid));
}

UT_TEST(turned_into_core)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1),
		ANSWER_ALL(UTRACE_SIGNAL_CORE | UTRACE_RESUME));
	kill(pid, SIGUSR1);
	EXPECT_EQ(SIGUSR1, ut_reap(pid) & 0x7f);
}

static int waiting_in_tmp(void)
{
	struct rlimit lim = { RLIM_INFINITY, RLIM_INFINITY };

	if (chdir("/tmp"))
		return 1;
	setrlimit(RLIMIT_CORE, &lim);
	return waiting();
}

/* ... and the core is written */
UT_TEST(turned_into_core_dumps)
{
	pid_t pid;
	int h;

	ASSERT_EQ(0, ut_write_str("/proc/sys/kernel/core_pattern", "core"));
	pid = ut_child(waiting_in_tmp);
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1),
		ANSWER_ALL(UTRACE_SIGNAL_CORE | UTRACE_RESUME));
	kill(pid, SIGUSR1);
	EXPECT_EQ(SIGUSR1 | 0x80, ut_reap(pid));
	EXPECT_EQ(0, access("/tmp/core", R_OK));
	unlink("/tmp/core");
}

UT_TEST(turned_into_term)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1),
		ANSWER_ALL(UTRACE_SIGNAL_TERM | UTRACE_RESUME));
	kill(pid, SIGUSR2);
	EXPECT_EQ(SIGUSR2, ut_reap(pid));
}

/* A group stop by a signal that is no stop signal is one by SIGSTOP */
UT_TEST(turned_into_stop)
{
	pid_t pid = ut_child(waiting);
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1),
		ANSWER_ALL(UTRACE_SIGNAL_STOP | UTRACE_RESUME));
	kill(pid, SIGUSR1);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	EXPECT_EQ(SIGSTOP, WSTOPSIG(status));
	kill(pid, SIGCONT);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(0, ut_shm->flag[1]);
}

/* DELIVER for a signal without handler does what its default is */
UT_TEST(held_stopped_delivered)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	/* what crash-suspend does */
	ut_rule(h, UT_SIGNAL, .match = SIGUSR1, NTH(1),
		ANSWER_ALL(UTRACE_SIGNAL_STOP | HOLD | UTRACE_RESUME));
	queue(pid, SIGUSR1, 4711);
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(4711, r->arg[3]);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	EXPECT_EQ(0, ut_shm->flag[1]);
	EXPECT_EQ(0, ut_drain(h, UT_SIGNAL));
	kill(pid, SIGCONT);
	/* it comes back as it was, and is let through */
	WAIT_ARG(h, UT_SIGNAL, SIGUSR1);
	EXPECT_EQ(SI_QUEUE, (int)r->arg[1]);
	EXPECT_EQ(4711, r->arg[3]);
	EXPECT_EQ(DELIVER, r->action & UTRACE_SIGNAL_MASK);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	EXPECT_EQ(4711, ut_shm->val[2]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(1, ut_shm->flag[1]);
}

static int segv(void)
{
	catch(SIGUSR1);
	ut_step(1);
	*(volatile int *)(uintptr_t)0x1230 = 1;
	return 7;
}

/* A crash: reported with its address, held, then let kill */
UT_TEST(held_crash)
{
	pid_t pid = ut_child(segv);
	struct ut_rec *r;
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL_CORE));
	ut_rule(h, UT_SIGNAL, .match = SIGSEGV, NTH(1),
		ANSWER_ALL(UTRACE_SIGNAL_STOP | HOLD | UTRACE_RESUME));
	ut_go(1);
	WAIT_ARG(h, UT_SIGNAL, SIGSEGV);
	EXPECT_EQ(0x1230, r->arg[6]);
	EXPECT_EQ(SEGV_MAPERR, (int)r->arg[1]);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	kill(pid, SIGCONT);
	WAIT_ARG(h, UT_SIGNAL, SIGSEGV);
	EXPECT_EQ(0x1230, r->arg[6]);
	EXPECT_EQ(SEGV_MAPERR, (int)r->arg[1]);
	EXPECT_EQ(SIGSEGV, ut_reap(pid) & 0x7f);
}

UT_TEST(held_crash_killed)
{
	pid_t pid = ut_child(segv);
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL_CORE));
	ut_rule(h, UT_SIGNAL, .match = SIGSEGV,
		ANSWER_ALL(UTRACE_SIGNAL_STOP | HOLD | UTRACE_RESUME));
	ut_go(1);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
}

/* Held by an engine that hears of signals no more: it waits all the same */
static void held_by_last(struct __test_metadata *_metadata, bool detach)
{
	pid_t pid = ut_child(waiting);
	int h, status;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, .match = SIGTERM, NTH(1),
		OPS(OP(SETEVENTS, -1, 0)),
		ANSWER_ALL(UTRACE_SIGNAL_STOP | HOLD |
			   (detach ? UTRACE_DETACH : UTRACE_RESUME)));
	kill(pid, SIGTERM);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	EXPECT_EQ(SIGSTOP << 8 | 0x7f, status);
	ASSERT_EQ(0, ut_wait_state(pid, 'T'));
	kill(pid, SIGCONT);
	EXPECT_EQ(SIGTERM, ut_reap(pid));
	EXPECT_EQ(1, ut_count(h, UT_SIGNAL));
}

/* Is the engine asked before a fatal signal ends the process? */
static void fatal_for(struct __test_metadata *_metadata, int ops, int asked)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, h = ut_attach_as(pid, UTRACE_ATTACH_CREATE, ops,
				      UT_HOW_TASK));
	ASSERT_EQ(0, ut_events(h, EV_SIGNALS));
	kill(pid, SIGTERM);
	EXPECT_EQ(SIGTERM, ut_reap(pid));
	EXPECT_EQ(asked, ut_count(h, UT_SIGNAL));
}

UT_TEST(fatal_is_asked_about)
{
	fatal_for(_metadata, UT_OPS_A, 1);
}

UT_TEST(fatal_is_left_alone)
{
	fatal_for(_metadata, UT_OPS_LEAVES_FATAL, 0);
}

UT_TEST(held_by_deaf)
{
	held_by_last(_metadata, false);
}

UT_TEST(held_by_leaving)
{
	held_by_last(_metadata, true);
}

static int waiting_rt(void)
{
	catch(SIGRTMIN + 3);
	ut_step(1);
	ut_step(2);
	return 7;
}

/* No more signals may be queued: then it is delivered, and not lost */
UT_TEST(held_at_limit)
{
	pid_t pid = ut_child(waiting_rt);
	struct rlimit none = { 0, 0 };
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ut_rule(h, UT_SIGNAL, .match = SIGRTMIN + 3, NTH(1),
		OPS(OP(BLOCK, 1)),
		ANSWER_ALL(UTRACE_SIGNAL_STOP | HOLD | UTRACE_RESUME));
	queue(pid, SIGRTMIN + 3, 4711);
	WAIT_ARG(h, UT_SIGNAL, SIGRTMIN + 3);
	ASSERT_EQ(0, prlimit(pid, RLIMIT_SIGPENDING, &none, NULL));
	ut_gate(1, true);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[3], 1));
	EXPECT_EQ(4711, ut_shm->val[2]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(1, ut_shm->flag[3]);
}

/* IGN with HOLD: pending again, seen again */
UT_TEST(held_again_and_again)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ut_rule(h, UT_SIGNAL, .match = SIGUSR1, ON(DELIVER), .first = 1,
		.last = 10, ANSWER_ALL(IGN | HOLD | UTRACE_RESUME));
	queue(pid, SIGUSR1, 4711);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	EXPECT_EQ(4711, ut_shm->val[2]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(1, ut_shm->flag[1]);
	EXPECT_EQ(12, ut_count(h, UT_SIGNAL));	/* 11 and the handler's */
}

/* An INTERRUPT round that injects a signal which nobody sent */
UT_TEST(injected_default)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ut_rule(h, UT_SIGNAL, NTH(1), ON(UTRACE_SIGNAL_REPORT),
		ANSWER_ALL(DELIVER | UTRACE_RESUME),
		OPS(OP(SETSIG, SIGTERM, 0)));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	EXPECT_EQ(SIGTERM, ut_reap(pid));
}

UT_TEST(injected_to_handler)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ut_rule(h, UT_SIGNAL, NTH(1), ON(UTRACE_SIGNAL_REPORT),
		ANSWER_ALL(DELIVER | UTRACE_RESUME),
		OPS(OP(SETSIG, SIGUSR1, 815), OP(OWNKA, SIGUSR1)));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(UTRACE_SIGNAL_REPORT, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ((uint64_t)-1, r->arg[4]);
	EXPECT_EQ((uint64_t)(uintptr_t)SIG_DFL, r->arg[5]);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	EXPECT_EQ(815, ut_shm->val[2]);
	EXPECT_EQ(SI_QUEUE, ut_shm->val[1]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

UT_TEST(injected_ignored)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ut_rule(h, UT_SIGNAL, NTH(1), ON(UTRACE_SIGNAL_REPORT),
		ANSWER_ALL(IGN | UTRACE_RESUME), OPS(OP(SETSIG, SIGTERM, 0)));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	ASSERT_NE(NULL, ut_wait(h, UT_SIGNAL));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Sent by the engine from its callback, as anybody could */
UT_TEST(sent_from_callback)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ut_rule(h, UT_SIGNAL, .match = SIGUSR1, NTH(1), OPS(OP(SENDSIG, SIGUSR2)));
	kill(pid, SIGUSR1);
	/* its handler runs first, on top of the other's frame */
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[2], 1));
	EXPECT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
}

/* The handler's frame is set up: the task is about to run it */
UT_TEST(handler_event)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	kill(pid, SIGUSR1);
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(DELIVER, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ((uint64_t)(uintptr_t)handler, r->arg[4]);
	EXPECT_EQ((uint64_t)(uintptr_t)handler, r->arg[5]);
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(UTRACE_SIGNAL_HANDLER, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ((uint64_t)-1, r->arg[4]);
	EXPECT_EQ((uint64_t)(uintptr_t)handler, r->arg[7]);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
}

/* The same on the spot, before the round of an engine that is older */
UT_TEST(handler_event_at_once)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ATTACH(h2, pid, EV(SIGNAL) | EV(HANDLER));
	kill(pid, SIGUSR1);
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(DELIVER, r->action & UTRACE_SIGNAL_MASK);
	WAIT(h2, UT_SIGNAL);
	EXPECT_EQ(DELIVER, r->action & UTRACE_SIGNAL_MASK);
	WAIT(h2, UT_HANDLER);
	EXPECT_EQ((uint64_t)(uintptr_t)handler, r->arg[0]);
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(UTRACE_SIGNAL_HANDLER, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ((uint64_t)(uintptr_t)handler, r->arg[7]);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(1, ut_count_is(h2, UT_SIGNAL, 1));
}

/* Who comes while the task is held there has no round for that handler */
UT_TEST(handler_event_and_newer)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h, h2, h3;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ATTACH(h2, pid, EV(HANDLER));
	ut_rule(h2, UT_HANDLER, ANSWER(UTRACE_STOP));
	kill(pid, SIGUSR1);
	WAIT(h2, UT_HANDLER);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(1, ut_count(h, UT_SIGNAL));
	ATTACH(h3, pid, EV(SIGNAL));
	/* it had one to come when the frame was made */
	EXPECT_EQ(0, ut_events(h, EV(SIGNAL) | EV(HANDLER)));
	EXPECT_EQ(0, ut_control(h2, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	EXPECT_EQ(2, ut_count(h, UT_SIGNAL));
	EXPECT_EQ(0, ut_count(h, UT_HANDLER));
	EXPECT_EQ(0, ut_count(h3, UT_SIGNAL));
}

/* A mask that is changed as the engine's turn comes: one report, by that mask */
UT_TEST(handler_event_by_the_mask_of_its_turn)
{
	static const struct {
		uint64_t before, after;
		int handler, rounds;
	} turns[] = {
		{ 0, EV(HANDLER), 1, 0 },
		{ EV(HANDLER), 0, 0, 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(turns); i++) {
		uint64_t mask = EV(SIGNAL) | EV(QUIESCE);
		pid_t pid;
		int h, h2;

		ut_restart();
		ut_shm->flag[1] = 0;
		pid = ut_child(waiting);
		ASSERT_EQ(0, ut_wait_at(1));
		ATTACH(h, pid, EV(HANDLER));
		ATTACH(h2, pid, mask | turns[i].before);
		ut_rule(h2, UT_QUIESCE, .match = EV(HANDLER),
			OPS(OP(SETEVENTS, -1, mask | turns[i].after)));
		kill(pid, SIGUSR1);
		ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
		EXPECT_EQ(1, ut_count(h, UT_HANDLER));
		EXPECT_EQ(turns[i].handler, ut_count(h2, UT_HANDLER));
		EXPECT_EQ(1 + turns[i].rounds, ut_count(h2, UT_SIGNAL));
		kill(pid, SIGKILL);
		ut_reap(pid);
	}
}

/* Held by a stop in report_signal; asked again when it goes on */
UT_TEST(stopped_and_passed)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL));
	ut_rule(h, UT_SIGNAL, NTH(1), ANSWER(UTRACE_STOP));
	queue(pid, SIGUSR1, 4711);
	WAIT(h, UT_SIGNAL);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_shm->flag[1]);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(UTRACE_SIGNAL_REPORT, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ((uint64_t)-1, r->arg[4]);
	EXPECT_EQ(SIGUSR1, r->arg[0]);
	EXPECT_EQ(SI_QUEUE, (int)r->arg[1]);
	EXPECT_EQ(4711, r->arg[3]);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	EXPECT_EQ(4711, ut_shm->val[2]);
	EXPECT_EQ(SI_QUEUE, ut_shm->val[1]);
}

UT_TEST(stopped_and_dropped)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1), ANSWER(UTRACE_STOP));
	ut_rule(h, UT_SIGNAL, NTH(1), ON(UTRACE_SIGNAL_REPORT),
		ANSWER_ALL(IGN | UTRACE_RESUME));
	kill(pid, SIGTERM);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

UT_TEST(stopped_and_changed)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, .match = SIGTERM, NTH(1), ANSWER(UTRACE_STOP));
	ut_rule(h, UT_SIGNAL, NTH(1), ON(UTRACE_SIGNAL_REPORT),
		ANSWER_ALL(DELIVER | UTRACE_RESUME),
		OPS(OP(SETSIG, SIGUSR2, 99), OP(OWNKA, SIGUSR2)));
	kill(pid, SIGTERM);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[2], 1));
	EXPECT_EQ(99, ut_shm->val[2]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Stopped twice for one signal */
UT_TEST(stopped_again)
{
	pid_t pid = ut_child(waiting);
	int h, i;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1), ON(DELIVER), ANSWER(UTRACE_STOP));
	ut_rule(h, UT_SIGNAL, .first = 1, .last = 3, ON(UTRACE_SIGNAL_REPORT),
		ANSWER(UTRACE_STOP));
	queue(pid, SIGUSR1, 4711);
	for (i = 0; i < 4; i++) {
		struct ut_rec *r;

		WAIT(h, UT_SIGNAL);
		EXPECT_EQ(4711, r->arg[3]);
		ASSERT_EQ(0, ut_wait_state(pid, 't'));
		EXPECT_EQ(NULL, ut_poll());
		EXPECT_EQ(0, ut_shm->flag[1]);
		EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	}
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	EXPECT_EQ(4711, ut_shm->val[2]);
}

static int blocked(void)
{
	sigset_t set;

	catch(SIGUSR1);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ut_step(1);
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_step(2);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	ut_step(3);
	return 7;
}

/* A blocked signal is nobody's business until it is not */
UT_TEST(blocked_until_unblocked)
{
	pid_t pid = ut_child(blocked);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	kill(pid, SIGUSR1);
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(NULL, ut_poll());
	ut_go(2);
	WAIT_ARG(h, UT_SIGNAL, SIGUSR1);
	ASSERT_EQ(0, ut_wait_at(3));
	/* its frame is above the other one: that is run first */
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
}

static int waits_for_it(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ut_step(1);
	sigwait(&set, &sig);
	ut_shm->val[1] = sig;
	ut_step(2);
	return 7;
}

UT_TEST(sigwait_takes_it)
{
	pid_t pid = ut_child(waits_for_it);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_go(1);
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	kill(pid, SIGUSR1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(SIGUSR1, ut_shm->val[1]);
	EXPECT_EQ(0, ut_drain(h, UT_SIGNAL));
}

/* Ignored signals are queued only while an engine wants to see them */
UT_TEST(ignored_seen_only_when_asked)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL) | EV(SIGNAL_TERM));
	kill(pid, SIGCHLD);
	kill(pid, SIGWINCH);
	EXPECT_EQ(0, ut_events(h, EV(SIGNAL_IGN)));
	kill(pid, SIGURG);
	ASSERT_NE(NULL, ut_wait_arg(h, UT_SIGNAL, SIGURG));
	EXPECT_EQ(1, ut_count(h, UT_SIGNAL));
}

/* An ignored signal given a life: made one that has a handler */
UT_TEST(ignored_turned_into_another)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL_IGN));
	ut_rule(h, UT_SIGNAL, ANSWER_ALL(DELIVER | UTRACE_RESUME),
		OPS(OP(SETSIG, SIGUSR1, 7), OP(OWNKA, SIGUSR1)));
	kill(pid, SIGWINCH);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
}

/* The engine asked last decides */
UT_TEST(last_answer_counts)
{
	pid_t pid = ut_child(waiting);
	struct ut_rec *r;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ATTACH(h2, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, .match = SIGTERM,
		ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_rule(h, UT_SIGNAL, .match = SIGUSR1,
		ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_rule(h2, UT_SIGNAL, .match = SIGUSR1,
		ANSWER_ALL(DELIVER | UTRACE_RESUME));
	kill(pid, SIGUSR1);
	WAIT(h2, UT_SIGNAL);
	EXPECT_EQ(IGN, r->action & UTRACE_SIGNAL_MASK);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	/* who passes on what it got keeps it */
	kill(pid, SIGTERM);
	WAIT_ARG(h2, UT_SIGNAL, SIGTERM);
	EXPECT_EQ(IGN, r->action & UTRACE_SIGNAL_MASK);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* In report_signal REPORT and INTERRUPT count as RESUME */
UT_TEST(report_counts_as_resume)
{
	pid_t pid = ut_child(waiting);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SIGNAL) | EV(QUIESCE));
	ut_rule(h, UT_SIGNAL, NTH(1), ANSWER(UTRACE_REPORT));
	ut_rule(h, UT_SIGNAL, NTH(2), ANSWER(UTRACE_INTERRUPT));
	kill(pid, SIGUSR1);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	kill(pid, SIGUSR2);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[2], 1));
	EXPECT_EQ(4, ut_count(h, UT_SIGNAL));
}

static void *waiting_thread(void *arg)
{
	ut_shm->val[10] = syscall(SYS_gettid);
	ut_step(1);
	ut_step(2);
	return NULL;
}

static int with_thread(void)
{
	pthread_t t;

	pthread_create(&t, NULL, waiting_thread, NULL);
	pthread_join(t, NULL);
	return 7;
}

/*
 * A fatal signal to a process one of whose threads has an engine: the one
 * that gets it is asked, before anything dies
 */
UT_TEST(fatal_signal_of_thread)
{
	pid_t pid = ut_child(with_thread), tid;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	tid = ut_shm->val[10];
	ATTACH(h, pid, EV_SIGNALS);
	ATTACH(h2, tid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_rule(h2, UT_SIGNAL, ANSWER_ALL(IGN | UTRACE_RESUME));
	kill(pid, SIGTERM);
	ASSERT_NE(NULL, ut_wait_arg(-1, UT_SIGNAL, SIGTERM));
	syscall(SYS_tgkill, pid, tid, SIGTERM);
	ASSERT_NE(NULL, ut_wait_arg(h2, UT_SIGNAL, SIGTERM));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* The core is dumped with every thread stopped or not */
UT_TEST(core_with_thread_parked)
{
	pid_t pid = ut_child(with_thread), tid;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	tid = ut_shm->val[10];
	ATTACH(h, tid, 0);
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(tid, 't'));
	syscall(SYS_tgkill, pid, pid, SIGQUIT);
	EXPECT_EQ(SIGQUIT, ut_reap(pid) & 0x7f);
}

static int in_nanosleep(void)
{
	struct timespec ts = { .tv_sec = 600 };

	catch(SIGUSR1);
	ut_shm->at = 1;
	ut_shm->val[5] = nanosleep(&ts, NULL) ? errno : 0;
	ut_shm->at = 2;
	return 7;
}

/* A signal that an engine swallows does not end a sleep */
UT_TEST(swallowed_in_sleep)
{
	pid_t pid = ut_child(in_nanosleep);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, NTH(1), ANSWER_ALL(IGN | UTRACE_RESUME));
	kill(pid, SIGUSR1);
	ASSERT_NE(NULL, ut_wait(h, UT_SIGNAL));
	ASSERT_EQ(0, ut_wait_syscall(pid, -1));
	EXPECT_EQ(1, ut_shm->at);
	kill(pid, SIGUSR1);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(EINTR, ut_shm->val[5]);
}

/* SECCOMP_RET_KILL_PROCESS: immutable, and no engine is asked */
static int killed_by_filter(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	ut_filter(__NR_getppid, SECCOMP_RET_KILL_PROCESS);
	ut_step(1);
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	return 7;
}

UT_TEST(immutable_is_not_reported)
{
	pid_t pid = ut_child(killed_by_filter);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ut_rule(h, UT_SIGNAL, ANSWER_ALL(UTRACE_SIGNAL_IGN | UTRACE_RESUME));
	ut_go(1);
	EXPECT_EQ(SIGSYS, ut_reap(pid));
	EXPECT_EQ(0, ut_count(h, UT_SIGNAL));
}
