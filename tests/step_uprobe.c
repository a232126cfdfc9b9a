// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps and uprobes: an engine is controlled in the handler of a uprobe, and
 * while the task single-steps the probed instruction out of line.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define IGN	UTRACE_SIGNAL_IGN
#define WAIT_TRAP(h, ip)						\
	do {								\
		struct ut_rec *r;					\
									\
		WAIT_ARG(h, UT_SIGNAL, SIGTRAP);			\
		EXPECT_EQ(ip, r->arg[7]);				\
	} while (0)

static uint64_t at(const char *label)
{
	return (uintptr_t)label;
}

/* A page fault in the out-of-line step ------------------------------------ */

extern char load_begin[], load_probed[], load_after[];

/* A system call to start the steps, and a load that blocks in userfaultfd */
static void __attribute__((noinline)) run_load(void *from)
{
	long nr = __NR_getppid;

	asm volatile("syscall\n"
		     ".globl load_begin\nload_begin:\n\t"
		     "nop\n"
		     ".globl load_probed\nload_probed:\n\t"
		     "mov (%%rsi), %%rax\n"
		     ".globl load_after\nload_after:\n\t"
		     ".rept 20\n\tnop\n\t.endr\n"
		     : "+a" (nr) : "S" (from) : "rcx", "r11", "memory");
}

static int userfaultfd(void *page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { (uintptr_t)page, 4096 },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(__NR_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &reg))
		return -1;
	return fd;
}

static int load_child(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ut_shm->val[0] = userfaultfd(page);
	ut_step(1);
	run_load(page);
	ut_step(2);
	return 7;
}

/* Returns a copy of the child's userfaultfd. */
static int take_fault(pid_t pid)
{
	int pidfd = syscall(__NR_pidfd_open, pid, 0);
	int fd = syscall(__NR_pidfd_getfd, pidfd, ut_shm->val[0], 0);

	close(pidfd);
	return fd;
}

/* Wait until the child blocks in its fault.  Returns the page, or 0. */
static uint64_t await_fault(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct uffd_msg msg;

	if (poll(&p, 1, 20000) != 1 ||
	    read(fd, &msg, sizeof(msg)) != sizeof(msg) ||
	    msg.event != UFFD_EVENT_PAGEFAULT)
		return 0;
	return msg.arg.pagefault.address & ~4095ULL;
}

static int end_fault(int fd, uint64_t addr)
{
	struct uffdio_zeropage zero = { .range = { addr, 4096 } };

	return ioctl(fd, UFFDIO_ZEROPAGE, &zero);
}

/* A child with an engine and a uprobe at the load */
struct load {
	pid_t pid;
	int h, fd;
	uint64_t addr;
};

static void start_load(struct __test_metadata *_metadata, struct load *l)
{
	l->pid = ut_child(load_child);
	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_LE(0, ut_shm->val[0]);
	l->fd = take_fault(l->pid);
	ASSERT_LE(0, l->fd);
	ATTACH(l->h, l->pid, EV(SYSCALL_EXIT) | EV_SIGNALS | EV(QUIESCE));
	ASSERT_EQ(0, ut_uprobe(l->h, load_probed));
}

static void go_to_fault(struct __test_metadata *_metadata, struct load *l)
{
	ut_go(1);
	l->addr = await_fault(l->fd);
	ASSERT_NE(0, l->addr);
}

static void leave_fault(struct __test_metadata *_metadata, struct load *l)
{
	ASSERT_EQ(0, end_fault(l->fd, l->addr));
	close(l->fd);
}

/* Step from the system call to the page fault in the out-of-line step. */
static void steps_into(struct __test_metadata *_metadata, struct load *l)
{
	struct ut_rec *r;

	start_load(_metadata, l);
	ut_rule(l->h, UT_SYSCALL_EXIT, NTH(1), ANSWER(UTRACE_SINGLESTEP));
	ut_rule(l->h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	go_to_fault(_metadata, l);
	WAIT_ARG(l->h, UT_SIGNAL, SIGTRAP);
	EXPECT_EQ(at(load_probed), r->arg[7]);
	WAIT(l->h, UT_UPROBE);
	EXPECT_EQ(at(load_probed), r->arg[0]);
}

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS;
}

/* DETACH ends the engine's step, but not that of the uprobe. */
UT_TEST(detach_in_uprobe_step)
{
	struct load l;

	steps_into(_metadata, &l);
	EXPECT_TRUE(ok_or_running(ut_control(l.h, UTRACE_DETACH)));
	leave_fault(_metadata, &l);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(l.pid));
}

/* After RESUME the trap of the current instruction is still reported. */
UT_TEST(resume_in_uprobe_step)
{
	struct ut_rec *r;
	struct load l;

	steps_into(_metadata, &l);
	ut_clear(l.h);
	ut_rule(l.h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_RESUME));
	EXPECT_EQ(0, ut_control(l.h, UTRACE_RESUME));
	leave_fault(_metadata, &l);
	WAIT(l.h, UT_SIGNAL);
	EXPECT_EQ(SIGTRAP, r->arg[0]);
	EXPECT_EQ(at(load_after), r->arg[7]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(l.pid));
	while ((r = ut_poll()) != NULL)
		EXPECT_NE(UT_SIGNAL, r->cb);
}

UT_TEST(stop_in_uprobe_step)
{
	uint64_t regs[UT_NREGS];
	struct ut_rec *r;
	struct load l;

	start_load(_metadata, &l);
	ut_rule(l.h, UT_QUIESCE, .match = 0, NTH(1), ANSWER(UTRACE_STOP));
	go_to_fault(_metadata, &l);
	EXPECT_EQ(-EINPROGRESS, ut_control(l.h, UTRACE_STOP));
	leave_fault(_metadata, &l);
	WAIT_ARG(l.h, UT_QUIESCE, 0);
	EXPECT_EQ(at(load_after), r->arg[1]);
	ASSERT_EQ(0, ut_wait_state(l.pid, 't'));
	EXPECT_EQ(0, ut_prepare(l.h));
	EXPECT_EQ(0, ut_regs(l.h, regs));
	EXPECT_EQ(0, ut_finish(l.h));
	EXPECT_EQ(at(load_after), regs[UT_IP]);
	EXPECT_EQ(0, ut_control(l.h, UTRACE_RESUME));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(l.pid));
}

/* A new step starts after the out-of-line step. */
UT_TEST(step_in_uprobe_step)
{
	struct ut_rec *r;
	struct load l;
	int i;

	start_load(_metadata, &l);
	ut_rule(l.h, UT_QUIESCE, .match = 0, ANSWER(UTRACE_SINGLESTEP));
	ut_rule(l.h, UT_SIGNAL, .match = SIGTRAP, .last = 3,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_rule(l.h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_RESUME));
	go_to_fault(_metadata, &l);
	EXPECT_EQ(0, ut_control(l.h, UTRACE_SINGLESTEP));
	leave_fault(_metadata, &l);
	WAIT_ARG(l.h, UT_QUIESCE, 0);
	EXPECT_EQ(at(load_after), r->arg[1]);
	for (i = 1; i <= 4; i++) {
		WAIT_ARG(l.h, UT_SIGNAL, SIGTRAP);
		EXPECT_EQ(at(load_after) + i, r->arg[7]);
	}
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(l.pid));
	EXPECT_EQ(4, ut_count(l.h, UT_SIGNAL));
}

/* report_signal runs after the out-of-line step, and sees the program's ip. */
UT_TEST(interrupt_in_uprobe_step)
{
	struct ut_rec *r;
	struct load l;

	start_load(_metadata, &l);
	go_to_fault(_metadata, &l);
	EXPECT_EQ(0, ut_control(l.h, UTRACE_INTERRUPT));
	leave_fault(_metadata, &l);
	WAIT_ARG(l.h, UT_SIGNAL, 0);
	EXPECT_EQ(at(load_after), r->arg[7]);
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(l.pid));
}

/* In the handler ---------------------------------------------------------- */

extern char kinds_begin[], k_lea[], k_nop[], k_push[], k_pop[], k_jmp[],
	k_load[], k_popf[], k_last[], kinds_end[];

/*
 * Instructions that uprobes emulate, and that they step out of line; one with
 * an ip-relative address, and one that loads the flags.
 */
static void __attribute__((noinline)) run_kinds(void)
{
	long nr = __NR_getppid;

	asm volatile("syscall\n\t"
		     "push $0x202\n"
		     ".globl kinds_begin\nkinds_begin:\n\t"
		     "nop\n"
		     ".globl k_lea\nk_lea:\n\t"
		     "lea 1(%%rax), %%rax\n"
		     ".globl k_nop\nk_nop:\n\t"
		     "nop\n"
		     ".globl k_push\nk_push:\n\t"
		     "push %%rbx\n"
		     ".globl k_pop\nk_pop:\n\t"
		     "pop %%rbx\n"
		     ".globl k_jmp\nk_jmp:\n\t"
		     "jmp k_load\n\t"
		     "nop\n"
		     ".globl k_load\nk_load:\n\t"
		     "mov ut_fd(%%rip), %%ecx\n"
		     ".globl k_popf\nk_popf:\n\t"
		     "popf\n"
		     ".globl k_last\nk_last:\n\t"
		     "nop\n"
		     ".globl kinds_end\nkinds_end:\n\t"
		     "nop\n"
		     : "+a" (nr) : : "rcx", "r11", "memory");
}

static int kinds_child(void)
{
	ut_step(1);
	run_kinds();
	ut_step(2);
	return 7;
}

/* In the order of execution */
static const char *const kinds[] = {
	kinds_begin, k_lea, k_nop, k_push, k_pop, k_jmp, k_load, k_popf, k_last,
	kinds_end
};

#define NKINDS	((int)(sizeof(kinds) / sizeof(kinds[0])))

/* Start a child with a uprobe at kinds[i].  Returns the engine's handle. */
static int probe_kind(struct __test_metadata *_metadata, int i, pid_t *pid)
{
	int h;

	ut_restart();
	*pid = ut_child(kinds_child);
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, *pid, EV(SYSCALL_EXIT) | EV_SIGNALS | EV(QUIESCE));
	ASSERT_EQ(0, ut_uprobe(h, kinds[i]));
	return h;
}

/* Expect one SIGTRAP after each instruction from kinds[from] to kinds[to]. */
static void expect_traps(struct __test_metadata *_metadata, int h, int from,
			 int to)
{
	struct ut_rec *r;

	for (; from <= to; from++) {
		WAIT_ARG(h, UT_SIGNAL, SIGTRAP);
		EXPECT_EQ(at(kinds[from + 1]), r->arg[7]) {
			TH_LOG("behind instruction %d", from);
		}
	}
}

static void end_kind(struct __test_metadata *_metadata, int h, pid_t pid)
{
	struct ut_rec *r;

	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	while ((r = ut_poll()) != NULL) {
		EXPECT_NE(UT_SIGNAL, r->cb) {
			TH_LOG("signal %lld at %#llx", r->arg[0], r->arg[7]);
		}
	}
	ut_put(h);
}

/*
 * The probed instruction is stepped, and those after it up to popf.  popf is
 * the last: if x86 arms a step after it has stepped popf, it takes TF for a
 * flag of the program (see is_setting_trap_flag()), for a ptracer as well.
 */
UT_TEST(step_from_handler)
{
	const int last = NKINDS - 3;
	pid_t pid;
	int i, h;

	ASSERT_TRUE(kinds[last] == k_popf);
	for (i = 0; i <= last; i++) {
		h = probe_kind(_metadata, i, &pid);
		ut_rule(h, UT_UPROBE,
			OPS(OP(CONTROL, -1, UTRACE_SINGLESTEP)));
		/* called after the first trap: request the step again */
		if (i < last)
			ut_rule(h, UT_QUIESCE, .match = 0, NTH(1),
				ANSWER(UTRACE_SINGLESTEP));
		ut_rule(h, UT_SIGNAL, .match = SIGTRAP, NTH(last + 1 - i),
			ANSWER_ALL(IGN | UTRACE_RESUME));
		ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
			ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
		ut_go(1);
		expect_traps(_metadata, h, i, last);
		end_kind(_metadata, h, pid);
	}
}

/* A stepping engine requests RESUME or DETACH in the uprobe's handler. */
static void end_from_handler(struct __test_metadata *_metadata, int action)
{
	pid_t pid;
	int i, h;

	for (i = 0; i < NKINDS - 1; i++) {
		h = probe_kind(_metadata, i, &pid);
		ut_rule(h, UT_SYSCALL_EXIT, NTH(1), ANSWER(UTRACE_SINGLESTEP));
		ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
			ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
		ut_rule(h, UT_UPROBE, OPS(OP(CONTROL, -1, action)));
		ut_go(1);
		/* after push */
		WAIT_TRAP(h, at(kinds_begin));
		expect_traps(_metadata, h, 0, i - 1);
		end_kind(_metadata, h, pid);
	}
}

UT_TEST(resume_from_handler)
{
	end_from_handler(_metadata, UTRACE_RESUME);
}

UT_TEST(detach_from_handler)
{
	end_from_handler(_metadata, UTRACE_DETACH);
}

/* Each instruction has a uprobe, and traps once. */
UT_TEST(steps_over_uprobes)
{
	pid_t pid;
	int i, h;

	h = probe_kind(_metadata, 0, &pid);
	for (i = 1; i < NKINDS; i++)
		ASSERT_EQ(0, ut_uprobe(-1, kinds[i]));
	ut_rule(h, UT_SYSCALL_EXIT, NTH(1), ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP, NTH(NKINDS),
		ANSWER_ALL(IGN | UTRACE_RESUME));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ut_go(1);
	WAIT_TRAP(h, at(kinds_begin));
	expect_traps(_metadata, h, 0, NKINDS - 2);
	end_kind(_metadata, h, pid);
}
