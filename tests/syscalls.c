// SPDX-License-Identifier: GPL-2.0-only
/*
 * What engines can do to system calls.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

#ifdef __x86_64__
#define REG_ARG1	UT_DI
#define REG_ARG2	UT_SI
#define REG_ARG3	UT_DX
#else
#define REG_ARG1	UT_BX
#define REG_ARG2	UT_CX
#define REG_ARG3	UT_DX
#endif

#define ABORT	UTRACE_SYSCALL_ABORT
#define RUN	UTRACE_SYSCALL_RUN

static int fds[2];

static void on_usr1(int sig)
{
	ut_shm->flag[1]++;
}

/* Writes "abc" into the pipe once for each step */
static int writer(void)
{
	int n;

	signal(SIGUSR1, on_usr1);
	for (n = 1;; n++) {
		ut_step(n);
		if (ut_shm->flag[0])
			return 7;
		ut_shm->val[n & 15] = ut_syscall(__NR_write, fds[1],
						 (long)"abc", 3, 0, 0, 0);
	}
}

static pid_t start(void)
{
	pid_t pid;

	if (pipe(fds))
		return -1;
	pid = ut_child(writer);
	close(fds[1]);
	return ut_wait_at(1) ? -1 : pid;
}

/* What is in the pipe now */
static int written(void)
{
	char buf[64];
	int n = 0;

	if (ioctl(fds[0], 0x541b /* FIONREAD */, &n) || !n)
		return 0;
	return read(fds[0], buf, sizeof(buf));
}

static long proc_syscall(pid_t pid)
{
	char path[64];
	long nr = -1;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	return ut_read_int(path, &nr) ? -2 : nr;
}

UT_TEST(abort)
{
	pid_t pid = start();
	struct ut_rec *r;
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SYSCALLS);
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1),
		ANSWER_ALL(ABORT | UTRACE_RESUME));
	ut_go(1);
	WAIT(h, UT_SYSCALL_ENTRY);
	/* its exit is reported all the same */
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_SYSCALL_EXIT, r->cb);
	EXPECT_EQ(-ENOSYS, (int)r->arg[1]);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(-ENOSYS, ut_shm->val[1]);
	EXPECT_EQ(0, written());
	ut_go(2);
	ASSERT_EQ(0, ut_wait_at(3));
	EXPECT_EQ(3, ut_shm->val[2]);
	EXPECT_EQ(3, written());
}

UT_TEST(abort_with_result)
{
	pid_t pid = start();
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_ENTRY));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1),
		ANSWER_ALL(ABORT | UTRACE_RESUME),
		OPS(OP(SETREG, UT_AX, 4711)));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(4711, ut_shm->val[1]);
	EXPECT_EQ(0, written());
}

/* Newest first; the oldest has the last word */
UT_TEST(abort_overruled)
{
	pid_t pid = start();
	struct ut_rec *r;
	int h, h2;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_ENTRY));
	ATTACH(h2, pid, EV(SYSCALL_ENTRY));
	ut_rule(h2, UT_SYSCALL_ENTRY, ANSWER_ALL(ABORT | UTRACE_RESUME));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER_ALL(RUN | UTRACE_RESUME));
	ut_go(1);
	WAIT(h2, UT_SYSCALL_ENTRY);
	EXPECT_EQ(RUN, r->action & UTRACE_SYSCALL_MASK);
	WAIT(h, UT_SYSCALL_ENTRY);
	EXPECT_EQ(ABORT, r->action & UTRACE_SYSCALL_MASK);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(3, ut_shm->val[1]);
	EXPECT_EQ(3, written());
	/* who passes it on, keeps it */
	ut_go(2);
	ASSERT_EQ(0, ut_wait_at(3));
	EXPECT_EQ(-ENOSYS, ut_shm->val[2]);
	EXPECT_EQ(0, written());
}

UT_TEST(number_changed)
{
	pid_t pid = start();
	struct ut_rec *r;
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SYSCALLS);
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1),
		OPS(OP(SETREG, UT_ORIG_AX, __NR_getppid)));
	ut_go(1);
	WAIT(h, UT_SYSCALL_EXIT);
	EXPECT_EQ(__NR_getppid, r->arg[0]);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(getpid(), ut_shm->val[1]);
	EXPECT_EQ(0, written());
}

UT_TEST(number_made_invalid)
{
	pid_t pid = start();
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SYSCALLS);
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1),
		OPS(OP(SETREG, UT_ORIG_AX, -1)));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1),
		OPS(OP(SETREG, UT_ORIG_AX, 100000)));
	ut_go(2);
	ASSERT_EQ(0, ut_wait_at(3));
	EXPECT_EQ(-ENOSYS, ut_shm->val[1]);
	EXPECT_EQ(-ENOSYS, ut_shm->val[2]);
	EXPECT_EQ(0, written());
}

UT_TEST(arguments_changed)
{
	pid_t pid = start();
	struct ut_rec *r;
	int h, h2;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SYSCALLS);
	ATTACH(h2, pid, EV_SYSCALLS);
	ut_rule(h2, UT_SYSCALL_ENTRY, NTH(1), OPS(OP(SETREG, REG_ARG3, 2)));
	ut_go(1);
	/* the one asked after it sees the change */
	WAIT(h, UT_SYSCALL_ENTRY);
	EXPECT_EQ(2, r->arg[3]);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(2, ut_shm->val[1]);
	EXPECT_EQ(2, written());
}

UT_TEST(arguments_changed_to_bad)
{
	pid_t pid = start();
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SYSCALLS);
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), OPS(OP(SETREG, REG_ARG1, 999)));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), OPS(OP(SETREG, REG_ARG2, 16)));
	ut_go(2);
	ASSERT_EQ(0, ut_wait_at(3));
	EXPECT_EQ(-EBADF, ut_shm->val[1]);
	EXPECT_EQ(-EFAULT, ut_shm->val[2]);
}

UT_TEST(result_changed)
{
	pid_t pid = start();
	struct ut_rec *r;
	int h, h2;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_EXIT));
	ATTACH(h2, pid, EV(SYSCALL_EXIT));
	ut_rule(h, UT_SYSCALL_EXIT, NTH(1), OPS(OP(SETREG, UT_AX, 815)));
	ut_go(1);
	WAIT(h2, UT_SYSCALL_EXIT);
	EXPECT_EQ(815, r->arg[1]);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(815, ut_shm->val[1]);
	EXPECT_EQ(3, written());
}

/* Changed by registers written while it is parked */
UT_TEST(changed_while_parked)
{
	pid_t pid = start();
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SYSCALLS);
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_STOP));
	ut_rule(h, UT_SYSCALL_EXIT, NTH(1), ANSWER(UTRACE_STOP));
	ut_go(1);
	ASSERT_NE(NULL, ut_wait(h, UT_SYSCALL_ENTRY));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_prepare(h));
	EXPECT_EQ(0, ut_setreg(h, REG_ARG3, 1));
	EXPECT_EQ(0, ut_finish(h));
	EXPECT_EQ(0, written());
	/* others see in which call it stands, too */
	EXPECT_EQ(__NR_write, proc_syscall(pid));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_NE(NULL, ut_wait(h, UT_SYSCALL_EXIT));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(1, written());
	EXPECT_EQ(0, ut_prepare(h));
	EXPECT_EQ(0, ut_setreg(h, UT_AX, 99));
	EXPECT_EQ(0, ut_finish(h));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(99, ut_shm->val[1]);
}

/* Asked again only where REPORT or INTERRUPT asked for it */
UT_TEST(entry_again_after_report)
{
	pid_t pid = start();
	struct ut_rec *r;
	int h, h2, i;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_ENTRY) | EV(QUIESCE));
	ATTACH(h2, pid, EV(SYSCALL_ENTRY));
	ut_mute(h, 1 << UT_QUIESCE);
	ut_rule(h, UT_SYSCALL_ENTRY, .first = 1, .last = 2,
		ANSWER(UTRACE_STOP));
	ut_go(1);
	WAIT(h2, UT_SYSCALL_ENTRY);
	EXPECT_EQ(0, r->action & UTRACE_SYSCALL_RESUMED);
	WAIT(h, UT_SYSCALL_ENTRY);
	EXPECT_EQ(0, r->action & UTRACE_SYSCALL_RESUMED);
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, ut_wait_state(pid, 't'));
		EXPECT_EQ(NULL, ut_poll());
		EXPECT_EQ(0, written());
		EXPECT_EQ(0, ut_control(h, i ? UTRACE_INTERRUPT :
					       UTRACE_REPORT));
		WAIT(h2, UT_SYSCALL_ENTRY);
		EXPECT_NE(0, r->action & UTRACE_SYSCALL_RESUMED);
		WAIT(h, UT_SYSCALL_ENTRY);
		EXPECT_NE(0, r->action & UTRACE_SYSCALL_RESUMED);
	}
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(3, ut_shm->val[1]);
	EXPECT_EQ(3, written());
	EXPECT_EQ(3, ut_count(h, UT_SYSCALL_ENTRY));
}

UT_TEST(entry_not_again_after_resume)
{
	pid_t pid = start();
	int h, h2;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_ENTRY) | EV(QUIESCE));
	ATTACH(h2, pid, EV(SYSCALL_ENTRY));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_STOP));
	ut_go(1);
	ASSERT_NE(NULL, ut_wait(h, UT_SYSCALL_ENTRY));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(3, written());
	EXPECT_EQ(1, ut_count(h, UT_SYSCALL_ENTRY));
	EXPECT_EQ(1, ut_count(h2, UT_SYSCALL_ENTRY));
}

/* The second answer decides */
UT_TEST(entry_again_and_abort)
{
	pid_t pid = start();
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_ENTRY) | EV(QUIESCE));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_STOP));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1),
		.kind_mask = UTRACE_SYSCALL_RESUMED,
		.kind = UTRACE_SYSCALL_RESUMED,
		ANSWER_ALL(ABORT | UTRACE_RESUME));
	ut_go(1);
	ASSERT_NE(NULL, ut_wait(h, UT_SYSCALL_ENTRY));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_REPORT));
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(-ENOSYS, ut_shm->val[1]);
	EXPECT_EQ(0, written());
}

/* ABORT together with STOP: held, then skipped */
UT_TEST(abort_and_stop)
{
	pid_t pid = start();
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_ENTRY));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER_ALL(ABORT | UTRACE_STOP));
	ut_go(1);
	ASSERT_NE(NULL, ut_wait(h, UT_SYSCALL_ENTRY));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(-ENOSYS, ut_shm->val[1]);
	EXPECT_EQ(0, written());
}

/* A signal while held before the call: the call is made, then the handler */
UT_TEST(signal_while_held)
{
	pid_t pid = start();
	int h;

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV(SYSCALL_ENTRY));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_STOP));
	ut_go(1);
	ASSERT_NE(NULL, ut_wait(h, UT_SYSCALL_ENTRY));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	kill(pid, SIGUSR1);
	EXPECT_EQ('t', ut_state(pid));
	EXPECT_EQ(0, ut_shm->flag[1]);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(1, ut_shm->flag[1]);
	EXPECT_EQ(3, written());
}

static int sleeper(void)
{
	struct timespec ts = { .tv_sec = 600 };
	char c;

	signal(SIGUSR1, on_usr1);
	ut_shm->at = 1;
	switch (ut_shm->flag[2]) {
	case 0:
		ut_shm->val[0] = ut_syscall(__NR_pause, 0, 0, 0, 0, 0, 0);
		break;
	case 1:
		ut_shm->val[0] = ut_syscall(__NR_read, fds[0], (long)&c, 1, 0,
					    0, 0);
		break;
	case 2:
		/* restarts by restart_syscall */
		ut_shm->val[0] = nanosleep(&ts, NULL) ? -errno : 0;
		break;
	}
	ut_shm->at = 2;
	return 7;
}

/* A stop that broke a system call: it goes on as if nothing had been */
UT_TEST(restart_after_stop)
{
	int i, round, h;
	pid_t pid;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, pipe(fds));
		ut_shm->at = 0;
		ut_shm->flag[1] = 0;
		ut_shm->flag[2] = i;
		pid = ut_child(sleeper);
		ASSERT_EQ(0, ut_wait_at(1));
		ASSERT_EQ(0, ut_wait_syscall(pid, -1));
		ATTACH(h, pid, EV(SIGNAL));
		for (round = 1; round <= 3; round++) {
			struct ut_rec *r;

			ut_rule(h, UT_SIGNAL, NTH(1),
				.kind_mask = UTRACE_SIGNAL_MASK,
				.kind = UTRACE_SIGNAL_REPORT,
				ANSWER(UTRACE_STOP));
			EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
			WAIT(h, UT_SIGNAL);
			ASSERT_EQ(0, ut_wait_state(pid, 't'));
			ut_clear(h);
			EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
			ASSERT_EQ(0, ut_wait_syscall(pid, -1));
			EXPECT_EQ(1, ut_shm->at);
		}
		/* a handler ends it, as ever, where it is not restarted */
		if (i != 1)
			kill(pid, SIGUSR1);
		ASSERT_EQ(1, write(fds[1], "x", 1));
		EXPECT_EQ(7 << 8, ut_reap(pid));
		EXPECT_EQ(i == 1 ? 1 : -EINTR, ut_shm->val[0]);
		EXPECT_EQ(i == 1 ? 0 : 1, ut_shm->flag[1]);
		close(fds[0]);
		close(fds[1]);
		ut_drain(-1, -1);
	}
}

/* At the stop the registers are those before the restart is arranged */
UT_TEST(registers_in_broken_call)
{
	uint64_t regs[UT_NREGS];
	pid_t pid;
	int h;

	ut_shm->flag[2] = 0;
	pid = ut_child(sleeper);
	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_syscall(pid, __NR_pause));
	ATTACH(h, pid, EV(SIGNAL));
	ut_rule(h, UT_SIGNAL, NTH(1), ANSWER(UTRACE_STOP));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(0, ut_prepare(h));
	EXPECT_EQ(0, ut_regs(h, regs));
	EXPECT_EQ(0, ut_finish(h));
	EXPECT_EQ(__NR_pause, regs[UT_ORIG_AX]);
	EXPECT_EQ(-514, (int)regs[UT_AX]);	/* ERESTARTNOHAND */
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_syscall(pid, __NR_pause));
}

/* System call reporting switched on while the task sleeps in one */
UT_TEST(attached_in_the_call)
{
	struct ut_rec *r;
	pid_t pid;
	int h;

	ASSERT_EQ(0, pipe(fds));
	ut_shm->flag[2] = 1;
	pid = ut_child(sleeper);
	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_syscall(pid, __NR_read));
	ATTACH(h, pid, EV_SYSCALLS);
	ASSERT_EQ(1, write(fds[1], "x", 1));
	ASSERT_NE(NULL, r = ut_next());
	EXPECT_EQ(UT_SYSCALL_EXIT, r->cb);
	EXPECT_EQ(__NR_read, r->arg[0]);
	EXPECT_EQ(1, r->arg[1]);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Many calls, two engines that come and go: each call exactly once */
UT_LONG_TEST(counts)
{
	int rounds = ut_slow > 1 ? 200 : 2000, i, h;
	pid_t pid = start();

	ASSERT_LT(0, pid);
	ATTACH(h, pid, EV_SYSCALLS);
	ut_mute(h, ~0UL);
	for (i = 1; i <= rounds; i++) {
		int h2 = i % 3 ? -1 : ut_attach(pid, EV_SYSCALLS);

		ut_go(i);
		ASSERT_EQ(0, ut_wait_at(i + 1));
		if (h2 >= 0) {
			EXPECT_EQ(1, ut_count(h2, UT_SYSCALL_ENTRY));
			EXPECT_EQ(1, ut_count(h2, UT_SYSCALL_EXIT));
			ut_control(h2, UTRACE_DETACH);
			ut_barrier(h2);
			ut_put(h2);
			ut_drain(-1, -1);
		}
		EXPECT_EQ(3, written());
	}
	EXPECT_EQ(rounds, ut_count(h, UT_SYSCALL_ENTRY));
	EXPECT_EQ(rounds, ut_count(h, UT_SYSCALL_EXIT));
}
