// SPDX-License-Identifier: GPL-2.0-only
/*
 * Single step and block step.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <unistd.h>

#include "fixture.h"

#define IGN	UTRACE_SIGNAL_IGN
#define NOPS	200
#define STEPS	100

#ifdef __x86_64__
#define SYSCALL_INSN	"syscall\n\t"
#define CLOBBERS	"r11",
#define PTRACE_IP	offsetof(struct user_regs_struct, rip)
#else
#define SYSCALL_INSN	"int $0x80\n\t"
#define CLOBBERS
#define PTRACE_IP	offsetof(struct user_regs_struct, eip)
#endif

extern char nops_begin[], nops_end[], mixed_begin[], mixed_end[];

/* A system call to start the steps, then instructions of one byte */
static void __attribute__((noinline)) run_nops(void)
{
	long nr = __NR_getppid;

	asm volatile(SYSCALL_INSN
		     ".globl nops_begin\nnops_begin:\n\t"
		     ".rept 200\n\tnop\n\t.endr\n"
		     ".globl nops_end\nnops_end:"
		     : "+a" (nr) : : "ecx", CLOBBERS "memory");
}

/* A system call to start the steps, then instructions that are hard to step */
static void __attribute__((noinline)) run_mixed(void)
{
	char from[16], to[16];
	long nr = __NR_getppid;
	void *s = from, *d = to;
	long n;

	memset(from, 1, sizeof(from));
	asm volatile(SYSCALL_INSN
		     ".globl mixed_begin\nmixed_begin:\n\t"
		     "mov %[nr], %%eax\n\t"
		     "nop\n\t"
		     "mov $16, %%ecx\n\t"
		     "rep movsb\n\t"
		     SYSCALL_INSN
		     "nop\n\t"
		     "pushf\n\t"
		     "pop %%" /* a register of word size */
#ifdef __x86_64__
		     "rdx\n\t"
#else
		     "edx\n\t"
#endif
		     "jmp 1f\n\t"
		     "nop\n"
		     "1:\tmov $3, %%ecx\n"
		     "2:\tdec %%ecx\n\t"
		     "jnz 2b\n\t"
		     "mov %[nr], %%eax\n\t"
		     SYSCALL_INSN
		     "nop\n\tnop\n"
		     ".globl mixed_end\nmixed_end:"
		     : "+a" (nr), "+S" (s), "+D" (d), "=&c" (n)
		     : [nr] "i" (__NR_getppid)
		     : "edx", CLOBBERS "memory");
}

static void on_usr1(int sig)
{
	ut_shm->flag[1]++;
}

static int nops_child(void)
{
	signal(SIGUSR1, on_usr1);
	ut_step(1);
	run_nops();
	ut_step(2);
	return 7;
}

static int mixed_child(void)
{
	ut_step(1);
	run_mixed();
	return 7;
}

static int spin(void)
{
	signal(SIGUSR1, on_usr1);
	ut_step(1);
	return 7;
}

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS;
}

UT_TEST(a_hundred_steps)
{
	pid_t pid = ut_child(nops_child);
	uint64_t base = (uintptr_t)nops_begin, regs[UT_NREGS];
	struct ut_rec *r;
	int h, i;

	ASSERT_EQ(NOPS, nops_end - nops_begin);
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_EXIT) | EV_SIGNALS);
	ut_rule(h, UT_SYSCALL_EXIT, NTH(1), ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP, .last = STEPS - 1,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP, NTH(1),
		ANSWER_ALL(IGN | UTRACE_STOP));
	ut_go(1);
	for (i = 1; i <= STEPS; i++) {
		WAIT(h, UT_SIGNAL);
		ASSERT_EQ(SIGTRAP, r->arg[0]);
		EXPECT_EQ(TRAP_TRACE, (int)r->arg[1]);
		ASSERT_EQ(base + i, r->arg[7]);
	}
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_EQ(NULL, ut_poll());
	EXPECT_EQ(0, ut_prepare(h));
	EXPECT_EQ(0, ut_regs(h, regs));
	EXPECT_EQ(0, ut_finish(h));
	EXPECT_EQ(base + STEPS, regs[UT_IP]);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	/* no further SIGTRAP */
	ASSERT_EQ(0, ut_wait_at(2));
	while ((r = ut_poll()) != NULL)
		EXPECT_EQ(UTRACE_SIGNAL_REPORT, r->action & UTRACE_SIGNAL_MASK);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Single steps, each requested by utrace_control() from outside */
UT_TEST(steps_by_control)
{
	pid_t pid = ut_child(nops_child);
	uint64_t base = (uintptr_t)nops_begin;
	struct ut_rec *r;
	int h, i;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_EXIT) | EV_SIGNALS | EV(QUIESCE));
	ut_mute(h, 1 << UT_QUIESCE);
	ut_rule(h, UT_SYSCALL_EXIT, NTH(1), ANSWER(UTRACE_STOP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		.kind_mask = UTRACE_SIGNAL_MASK, .kind = UTRACE_SIGNAL_CORE,
		ANSWER_ALL(IGN | UTRACE_STOP));
	/* these callbacks run when the task resumes: request the step again */
	ut_rule(h, UT_SIGNAL, .kind_mask = UTRACE_SIGNAL_MASK,
		.kind = UTRACE_SIGNAL_REPORT,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(h, UT_QUIESCE, ANSWER(UTRACE_SINGLESTEP));
	ut_go(1);
	WAIT(h, UT_SYSCALL_EXIT);
	for (i = 1; i <= 20; i++) {
		ASSERT_EQ(0, ut_wait_state(pid, 't'));
		ASSERT_EQ(0, ut_control(h, UTRACE_SINGLESTEP));
		do {
			WAIT(h, UT_SIGNAL);
		} while ((r->action & UTRACE_SIGNAL_MASK) ==
			 UTRACE_SIGNAL_REPORT);
		ASSERT_EQ(SIGTRAP, r->arg[0]);
		ASSERT_EQ(base + i, r->arg[7]);
	}
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* utrace_control() makes a running task step. */
UT_TEST(step_of_running)
{
	pid_t pid = ut_child(spin);
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS | EV(QUIESCE));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_rule(h, UT_QUIESCE, ANSWER(UTRACE_SINGLESTEP));
	EXPECT_EQ(0, ut_control(h, UTRACE_SINGLESTEP));
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(SIGTRAP, r->arg[0]);
	ut_go(1);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Returning DETACH ends the step. */
UT_TEST(detach_while_stepping)
{
	pid_t pid = ut_child(nops_child);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_EXIT) | EV_SIGNALS);
	ut_rule(h, UT_SYSCALL_EXIT, ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP, .last = 5,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_DETACH));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(6, ut_count(h, UT_SIGNAL));
}

static int stepped_child(void)
{
	ut_step(1);
	while (ut_shm->go < 2)
		ut_shm->flag[5]++;
	return 7;
}

/* utrace_control(DETACH) while a trap may be pending: the trap is dropped. */
UT_LONG_TEST(detach_of_stepping)
{
	int i, h, rounds = ut_rounds(100);

	for (i = 0; i < rounds; i++) {
		struct ut_rec *r;
		pid_t pid;
		int n;

		ut_restart();
		pid = ut_child(stepped_child);
		ASSERT_EQ(0, ut_wait_at(1));
		ATTACH(h, pid, EV_SIGNALS | EV(QUIESCE));
		ut_mute(h, 1 << UT_QUIESCE);
		ut_rule(h, UT_QUIESCE, ANSWER(UTRACE_SINGLESTEP));
		ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
			ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
		EXPECT_EQ(0, ut_control(h, UTRACE_SINGLESTEP));
		ut_go(1);
		for (n = 0; n < 5 + i % 7; n++)
			WAIT_ARG(h, UT_SIGNAL, SIGTRAP);
		ut_mute(h, ~0UL);
		EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
		ut_go(2);
		ASSERT_EQ(7 << 8, ut_reap(pid)) {
			TH_LOG("round %d", i);
		}
		ut_put(h);
	}
}

/*
 * A step over a system call traps at its exit, although report_syscall_exit has
 * ended the request.  The engine detaches before the trap is dequeued: in a
 * stop in report_syscall_exit, or after the step was disarmed.
 */
static void detach_before_trap(struct __test_metadata *_metadata, int answer)
{
	pid_t pid = ut_child(nops_child);
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_ENTRY) | EV(SYSCALL_EXIT));
	ATTACH(h2, pid, EV(SYSCALL_EXIT) | EV(QUIESCE));
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h2, UT_SYSCALL_EXIT, NTH(1), ANSWER(answer));
	/* INTERRUPT: report_signal is called before the trap is dequeued */
	ut_rule(h2, UT_SIGNAL, NTH(1), ANSWER(UTRACE_STOP));
	ut_go(2);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	ut_mute(h, ~0UL);
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	EXPECT_TRUE(ok_or_running(ut_control(h2, UTRACE_DETACH)));
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

UT_TEST(detach_before_trap)
{
	detach_before_trap(_metadata, UTRACE_STOP);
}

UT_TEST(detach_before_trap_disarmed)
{
	detach_before_trap(_metadata, UTRACE_INTERRUPT);
}

static int trap_blocked(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTRAP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGTRAP);
	return stepped_child();
}

/* DETACH does not wait for a SIGTRAP of the program that is blocked. */
UT_TEST(detach_with_trap_blocked)
{
	pid_t pid = ut_child(trap_blocked);
	struct ut_rec *r;
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS);
	ATTACH(h2, pid, EV_SIGNALS | EV(QUIESCE));
	/* SIGUSR1: h arms a step; SIGUSR2: h2 stops the task */
	ut_rule(h, UT_SIGNAL, ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(h2, UT_QUIESCE, NTH(1), ANSWER(UTRACE_STOP));
	ut_rule(h2, UT_SIGNAL, .match = SIGUSR2, NTH(1),
		ANSWER_ALL(IGN | UTRACE_STOP));
	ut_rule(h2, UT_SIGNAL, ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_go(1);
	EXPECT_TRUE(ok_or_running(ut_control(h2, UTRACE_STOP)));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	kill(pid, SIGUSR1);
	kill(pid, SIGUSR2);
	EXPECT_EQ(0, ut_control(h2, UTRACE_RESUME));
	WAIT_ARG(h2, UT_SIGNAL, SIGUSR2);
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	EXPECT_TRUE(ok_or_running(ut_control(h2, UTRACE_DETACH)));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* Two engines request a single step and a block step: single step. */
UT_TEST(step_and_block_step)
{
	pid_t pid = ut_child(nops_child);
	uint64_t base = (uintptr_t)nops_begin;
	struct ut_rec *r;
	int h, h2, i;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_EXIT) | EV_SIGNALS);
	ATTACH(h2, pid, EV(SYSCALL_EXIT) | EV_SIGNALS);
	ut_rule(h, UT_SYSCALL_EXIT, ANSWER(UTRACE_BLOCKSTEP));
	ut_rule(h2, UT_SYSCALL_EXIT, ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP, .last = 10,
		ANSWER_ALL(IGN | UTRACE_BLOCKSTEP));
	ut_rule(h2, UT_SIGNAL, .match = SIGTRAP, .last = 10,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_rule(h2, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_go(1);
	for (i = 1; i <= 11; i++) {
		WAIT(h2, UT_SIGNAL);
		ASSERT_EQ(base + i, r->arg[7]);
	}
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(11, ut_count(h, UT_SIGNAL));
	EXPECT_EQ(11, ut_count(h2, UT_SIGNAL));
}

extern char after_begin[], after_end[];

/* A handler and its sigreturn, then instructions of one byte */
static void __attribute__((noinline)) run_after_handler(pid_t pid)
{
	long nr = __NR_kill;

	asm volatile(
#ifdef __x86_64__
		     SYSCALL_INSN
#else
		     "xchg %%ebx, %%edi\n\t"
		     SYSCALL_INSN
		     "xchg %%ebx, %%edi\n\t"
#endif
		     ".globl after_begin\nafter_begin:\n\t"
		     ".rept 50\n\tnop\n\t.endr\n"
		     ".globl after_end\nafter_end:"
		     : "+a" (nr)
#ifdef __x86_64__
		     : "D" (pid), "S" (SIGUSR1)
#else
		     : "D" (pid), "c" (SIGUSR1)
#endif
		     : CLOBBERS "memory");
}

static int after(void)
{
	ut_step(1);
	run_after_handler(getpid());
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_step(2);
	return 7;
}

static int after_child(void)
{
	signal(SIGUSR1, on_usr1);
	return after();
}

/* Step from the exit of kill() to the exit of getppid(). */
static void step_between(int h)
{
	ut_rule(h, UT_SYSCALL_EXIT, .match = __NR_kill,
		ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SYSCALL_EXIT, .match = __NR_getppid,
		ANSWER(UTRACE_RESUME));
}

/* Returns how many of run_after_handler()'s instructions trapped. */
static int nops_after(void)
{
	struct ut_rec *r;
	int nops = 0;

	while ((r = ut_poll()) != NULL)
		if (r->cb == UT_SIGNAL && r->arg[0] == SIGTRAP &&
		    r->arg[7] > (uintptr_t)after_begin &&
		    r->arg[7] <= (uintptr_t)after_end)
			nops++;
	return nops;
}

/* A step that each callback requests outlives sigreturn restoring the flags. */
UT_TEST(steps_after_sigreturn)
{
	pid_t pid = ut_child(after_child);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_EXIT) | EV_SIGNALS);
	step_between(h);
	/* after sigreturn the system call number is -1 */
	ut_rule(h, UT_SYSCALL_EXIT, .match = -1, ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		.kind_mask = UTRACE_SIGNAL_MASK, .kind = UTRACE_SIGNAL_CORE,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGUSR1, ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .kind_mask = UTRACE_SIGNAL_MASK,
		.kind = UTRACE_SIGNAL_HANDLER, ANSWER(UTRACE_SINGLESTEP));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(1, ut_shm->flag[1]);
	EXPECT_EQ(50, nops_after());
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

/* The handler's stack is not mapped, so setup of the frame fails. */
static int frame_child(void)
{
	struct sigaction sa = { .sa_handler = on_usr1, .sa_flags = SA_ONSTACK };
	stack_t stack = { .ss_size = 65536 };

	stack.ss_sp = mmap(NULL, stack.ss_size, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	signal(SIGSEGV, on_usr1);
	return after();
}

/* The step outlives a failed signal frame; only h2 gets its SIGSEGV. */
UT_TEST(steps_after_failed_frame)
{
	pid_t pid = ut_child(frame_child);
	int h, h2;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(SYSCALL_EXIT) | EV(SIGNAL_CORE));
	ATTACH(h2, pid, EV(SIGNAL));
	step_between(h);
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(h2, UT_SIGNAL, .match = SIGSEGV, ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_go(1);
	ASSERT_EQ(0, ut_wait_at(2));
	EXPECT_EQ(0, ut_shm->flag[1]);
	EXPECT_EQ(2, ut_count(h2, UT_SIGNAL));
	EXPECT_EQ(50, nops_after());
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
}

static int execs(void)
{
	char *argv[] = { "true", NULL };

	ut_step(1);
	execv("/bin/true", argv);
	return 1;
}

/* The step outlives execve. */
UT_TEST(steps_after_exec)
{
	pid_t pid = ut_child(execs);
	struct ut_rec *r;
	int h, i;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV(EXEC) | EV(SYSCALL_ENTRY) | EV_SIGNALS);
	ut_rule(h, UT_SYSCALL_ENTRY, .match = __NR_execve,
		ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_EXEC, ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP, .last = STEPS,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_go(1);
	WAIT(h, UT_EXEC);
	/* instructions of ld.so, long before its first system call */
	for (i = 0; i <= STEPS; i++) {
		ASSERT_NE(NULL, r = ut_next());
		ASSERT_EQ(UT_SIGNAL, r->cb);
		ASSERT_EQ(SIGTRAP, r->arg[0]);
	}
	EXPECT_EQ(0, ut_reap(pid));
}

/* Step from a handler's first instruction, reported by @cb. */
static void into_handler(struct __test_metadata *_metadata, uint64_t event,
			 int cb, int nip)
{
	pid_t pid = ut_child(spin);
	uint64_t first, ip = 0;
	struct ut_rec *r;
	int h, i;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, pid, EV_SIGNALS | event);
	first = (uintptr_t)on_usr1;
	/* request the step where the handler is reported */
	ut_rule(h, cb, .kind_mask = UTRACE_SIGNAL_MASK,
		.kind = cb == UT_SIGNAL ? UTRACE_SIGNAL_HANDLER : 0,
		ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP, .last = 2,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_RESUME));
	kill(pid, SIGUSR1);
	WAIT(h, UT_SIGNAL);
	WAIT(h, cb);
	EXPECT_EQ(first, r->arg[nip]);
	for (i = 0; i < 3; i++) {
		WAIT(h, UT_SIGNAL);
		EXPECT_EQ(SIGTRAP, r->arg[0]);
		EXPECT_LT(i ? ip : first, r->arg[7]);
		EXPECT_GT(first + 64, r->arg[7]);
		ip = r->arg[7];
	}
	ut_go(1);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(1, ut_shm->flag[1]);
}

UT_TEST(step_into_handler)
{
	into_handler(_metadata, 0, UT_SIGNAL, 7);
}

UT_TEST(step_into_handler_at_once)
{
	into_handler(_metadata, EV(HANDLER), UT_HANDLER, 0);
}

#define TRACE	80

/* The expected traps: what PTRACE_SINGLESTEP sees on this machine. */
static int traced_mixed(void)
{
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	run_mixed();
	return 7;
}

static int by_ptrace(int request, uint64_t *ip)
{
	pid_t pid = ut_child(traced_mixed);
	int status, n = 0;
	uintptr_t now;

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return -1;
	do {
		ptrace(PTRACE_SYSCALL, pid, 0, 0);
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return -1;
		now = ptrace(PTRACE_PEEKUSER, pid, PTRACE_IP, 0);
	} while (now != (uintptr_t)mixed_begin);
	/* to the entry, then to the exit */
	ptrace(PTRACE_SYSCALL, pid, 0, 0);
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	while (n < TRACE) {
		if (ptrace(request, pid, 0, 0)) {
			n = -errno;
			break;
		}
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			break;
		now = ptrace(PTRACE_PEEKUSER, pid, PTRACE_IP, 0);
		if (now < (uintptr_t)mixed_begin || now > (uintptr_t)mixed_end)
			break;
		ip[n++] = now;
	}
	kill(pid, SIGKILL);
	ut_reap(pid);
	return n;
}

static int by_engine(int action, uint64_t *ip)
{
	pid_t pid = ut_child(mixed_child);
	struct ut_rec *r;
	int h, n = 0;

	if (ut_wait_at(1))
		return -1;
	h = ut_attach(pid, EV(SYSCALL_EXIT) | EV_SIGNALS);
	if (h < 0)
		return -1;
	ut_rule(h, UT_SYSCALL_EXIT, ANSWER(action));
	ut_rule(h, UT_SIGNAL, ANSWER_ALL(IGN | action));
	ut_go(1);
	while (n < TRACE) {
		r = ut_wait(h, UT_SIGNAL);
		if (!r || r->arg[7] < (uintptr_t)mixed_begin ||
		    r->arg[7] > (uintptr_t)mixed_end)
			break;
		ip[n++] = r->arg[7];
	}
	kill(pid, SIGKILL);
	ut_reap(pid);
	return n;
}

static void compare(struct __test_metadata *_metadata, int request, int action)
{
	uint64_t theirs[TRACE], ours[TRACE];
	int n, m, i;

	n = by_ptrace(request, theirs);
	ASSERT_LT(0, n);
	m = by_engine(action, ours);
	EXPECT_EQ(n, m);
	for (i = 0; i < n && i < m; i++) {
		EXPECT_EQ(theirs[i], ours[i]) {
			TH_LOG("step %d: ptrace +%d, engine +%d", i,
			       (int)(theirs[i] - (uintptr_t)mixed_begin),
			       (int)(ours[i] - (uintptr_t)mixed_begin));
			break;
		}
	}
}

UT_TEST(steps_as_ptrace)
{
	compare(_metadata, PTRACE_SINGLESTEP, UTRACE_SINGLESTEP);
}

UT_TEST(block_steps_as_ptrace)
{
	uint64_t ip[TRACE];
	pid_t pid;
	int h;

	if (by_ptrace(33 /* PTRACE_SINGLEBLOCK */, ip) == -EIO) {
		pid = ut_child(spin);
		ASSERT_EQ(0, ut_wait_at(1));
		ATTACH(h, pid, EV(QUIESCE));
		EXPECT_EQ(-EOPNOTSUPP, ut_control(h, UTRACE_BLOCKSTEP));
		return;
	}
	compare(_metadata, 33, UTRACE_BLOCKSTEP);
}

