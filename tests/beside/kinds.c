// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds of ptrace stops, and children that come to them.
 *
 * A child does what leads to the stop by itself, with no library in between:
 * so its registers are the same each time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "beside/beside.h"

#define SIGTRAP_STOP(event)	(SIGTRAP | (event) << 8)

static void on_signal(int sig)
{
	ut_shm->flag[sig == SIGUSR1 ? BS_USR1 : BS_USR2]++;
}

static void prepare(void)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	sigset_t set;

	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGUSR2, &sa, NULL);
	/* when a child's child ends is not for this test */
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	umask(022);
}

/* Every child begins so, and waits until it is traced */
static void begin(void)
{
	prepare();
	ut_step(1);
}

/*
 * A system call with something of its own in each register that would hold
 * what the run before has left.
 */
static long call(long nr, long a, long b, long c)
{
	register long r10 asm("r10") = 0x1010;
	register long r8 asm("r8") = 0x808;
	register long r9 asm("r9") = 0x909;
	long ret;

	asm volatile("push %%rbp\n\t"
		     "mov $0x1212, %%r12\n\tmov $0x1313, %%r13\n\t"
		     "mov $0x1414, %%r14\n\tmov $0x1515, %%r15\n\t"
		     "mov $0xb0b0, %%rbx\n\tmov $0xb1b1, %%rbp\n\t"
		     "syscall\n\tnop\n\tpop %%rbp"
		     : "=a" (ret)
		     : "a" (nr), "D" (a), "S" (b), "d" (c), "r" (r10),
		       "r" (r8), "r" (r9)
		     : "rbx", "rcx", "r11", "r12", "r13", "r14", "r15",
		       "memory");
	return ret;
}

static int sends(int sig)
{
	pid_t pid = getpid();

	begin();
	call(__NR_kill, pid, sig, 0);
	return 7;
}

static int sends_usr1(void)
{
	return sends(SIGUSR1);
}

static int sends_stop(void)
{
	return sends(SIGSTOP);
}

static int calls(void)
{
	begin();
	/* 077 is the number of no process here, which would be masked */
	ut_shm->val[BS_RESULT] = call(__NR_umask, 077, 2, 3);
	/* says whether the first one was carried out */
	ut_shm->val[BS_NEXT] = call(__NR_umask, 022, 0, 0);
	return 7;
}

static int pauses(void)
{
	begin();
	while (!ut_shm->flag[BS_USR1])
		ut_shm->val[BS_RESULT] = call(__NR_pause, 0, 0, 0);
	return 7;
}

static int clones(long flags)
{
	long kid;
	int status = 0;

	begin();
	kid = call(__NR_clone, flags, 0, 0);
	if (!kid)
		call(__NR_exit, 3, 0, 0);
	ut_shm->val[BS_RESULT] = kid;
	if (call(__NR_wait4, kid, (long)&status, __WALL) == kid)
		ut_shm->val[BS_NEXT] = status;
	return 7;
}

static int forks(void)
{
	return clones(SIGCHLD);
}

static int vforks(void)
{
	return clones(CLONE_VFORK | SIGCHLD);
}

/* The kid is the tracer's child, too, which can wait for it when it has left */
static int forks_sibling(void)
{
	return clones(CLONE_PARENT | SIGCHLD);
}

static int clones_silently(void)
{
	return clones(CLONE_FILES);
}

static int exec_true(void)
{
	static char name[] = "/bin/true";
	static char *argv[] = { name, NULL }, *envp[] = { NULL };

	call(__NR_execve, (long)name, (long)argv, (long)envp);
	return 1;
}

static int execs(void)
{
	personality(ADDR_NO_RANDOMIZE);
	begin();
	return exec_true();
}

static int is_traced_and_execs(void)
{
	personality(ADDR_NO_RANDOMIZE);
	begin();
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	ut_step(2);
	return exec_true();
}

/* It takes no signal before its kid is gone, which waits */
static int waits_for_kid(void)
{
	long kid;

	prepare();
	kid = call(__NR_clone, CLONE_VFORK | SIGCHLD, 0, 0);
	if (!kid) {
		ut_shm->val[BS_KID] = getpid();
		ut_step(1);
		call(__NR_exit, 3, 0, 0);
	}
	ut_shm->val[BS_RESULT] = kid;
	return 7;
}

static int ends(void)
{
	begin();
	call(__NR_exit_group, 7, 0, 0);
	return 1;
}

static int is_filtered(void)
{
	if (ut_filter(__NR_personality, SECCOMP_RET_TRACE | 5))
		return 1;
	begin();
	ut_shm->val[BS_RESULT] = call(__NR_personality, -1, 0, 0);
	return 7;
}

/* The engine's callback for the stop; its first argument, and which of them */
#define CALLBACK(callback, arg, nth)					\
	.event = { .cb = (callback), .match = (arg), NTH(nth) }

const struct bs_kind bs_signal = {
	.name = "signal", .child = sends_usr1, .end = 7 << 8,
	.lead = { PTRACE_CONT },
	CALLBACK(UT_SIGNAL, SIGUSR1, 1),
};

/* What ATTACH itself brings about */
const struct bs_kind bs_attach = {
	.name = "attach", .child = waits_for_kid, .start = BS_ATTACH,
	.group_stop = true, .end = 7 << 8,
	CALLBACK(UT_SIGNAL, SIGSTOP, 1),
};

/* A child that asked to be traced: the SIGTRAP of its execve */
const struct bs_kind bs_traceme = {
	.name = "traceme", .child = is_traced_and_execs, .start = BS_TRACEME,
	.execs = true, .end = 0,
	CALLBACK(UT_SIGNAL, SIGTRAP, 1),
};

/* What a kid that is born traced begins with */
const struct bs_kind bs_born = {
	.name = "born", .child = forks_sibling, .born = true, .end = 3 << 8,
	.options = PTRACE_O_TRACEFORK, .lead = { PTRACE_CONT },
	CALLBACK(UT_TRAP, UT_ANY, 1),
};

const struct bs_kind bs_old_born = {
	.name = "old_born", .child = forks_sibling, .born = true,
	.start = BS_OLD, .group_stop = true, .end = 3 << 8,
	.options = PTRACE_O_TRACEFORK, .lead = { PTRACE_CONT },
	CALLBACK(UT_SIGNAL, SIGSTOP, 1),
};

const struct bs_kind bs_old_signal = {
	.name = "old_signal", .child = sends_usr1, .start = BS_OLD, .end = 7 << 8,
	.lead = { PTRACE_CONT },
	CALLBACK(UT_SIGNAL, SIGUSR1, 1),
};

const struct bs_kind bs_entry = {
	.name = "entry", .child = calls, .end = 7 << 8,
	.lead = { PTRACE_SYSCALL }, .tail = PTRACE_SYSCALL,
	.natural = 022, .untouched = 022,
	CALLBACK(UT_SYSCALL_ENTRY, __NR_umask, 1),
};

const struct bs_kind bs_exit = {
	.name = "exit", .child = calls, .end = 7 << 8,
	.lead = { PTRACE_SYSCALL, PTRACE_SYSCALL }, .tail = PTRACE_SYSCALL,
	CALLBACK(UT_SYSCALL_EXIT, __NR_umask, 1),
};

const struct bs_kind bs_sysemu = {
	.name = "sysemu", .child = calls, .end = 7 << 8,
	.lead = { PTRACE_SYSEMU }, .natural = -ENOSYS, .untouched = 022,
	CALLBACK(UT_SYSCALL_ENTRY, __NR_umask, 1),
};

const struct bs_kind bs_step = {
	.name = "step", .child = calls, .end = 7 << 8,
	.lead = { PTRACE_SYSCALL, PTRACE_SYSCALL, PTRACE_SINGLESTEP },
	CALLBACK(UT_SIGNAL, SIGTRAP, 1),
};

const struct bs_kind bs_block_step = {
	.name = "block_step", .child = calls, .end = 7 << 8,
	.lead = { PTRACE_SYSCALL, PTRACE_SYSCALL, PTRACE_SINGLEBLOCK },
	CALLBACK(UT_SIGNAL, SIGTRAP, 1),
};

/* Out of a call that was not made */
const struct bs_kind bs_sysemu_step = {
	.name = "sysemu_step", .child = calls, .end = 7 << 8,
	.lead = { PTRACE_SYSEMU, PTRACE_SYSEMU_SINGLESTEP },
	CALLBACK(UT_SIGNAL, SIGTRAP, 1),
};

/* Stepped into a handler: its first instruction */
const struct bs_kind bs_handler = {
	.name = "handler", .child = sends_usr1, .end = 7 << 8,
	.lead = { PTRACE_CONT, PTRACE_SINGLESTEP },
	CALLBACK(UT_HANDLER, UT_ANY, 1),
};

const struct bs_kind bs_interrupt = {
	.name = "interrupt", .child = pauses, .sleeps = true, .end = 7 << 8,
	.lead = { PTRACE_CONT },
	CALLBACK(UT_TRAP, UT_ANY, 1),
};

const struct bs_kind bs_group = {
	.name = "group", .child = sends_stop, .group_stop = true,
	.end = 7 << 8, .lead = { PTRACE_CONT, PTRACE_CONT },
	CALLBACK(UT_TRAP, UT_ANY, 1),
};

const struct bs_kind bs_old_group = {
	.name = "old_group", .child = sends_stop, .group_stop = true,
	.start = BS_OLD, .end = 7 << 8, .lead = { PTRACE_CONT, PTRACE_CONT },
	CALLBACK(UT_TRAP, UT_ANY, 1),
};

const struct bs_kind bs_listen = {
	.name = "listen", .child = sends_stop, .group_stop = true,
	.listens = true, .end = 7 << 8, .lead = { PTRACE_CONT, PTRACE_CONT },
	CALLBACK(UT_TRAP, UT_ANY, 2),
};

/* The trap that tells of SIGCONT */
const struct bs_kind bs_cont = {
	.name = "cont", .child = sends_stop, .end = 7 << 8,
	.lead = { PTRACE_CONT, PTRACE_CONT, BS_LISTEN },
	CALLBACK(UT_TRAP, UT_ANY, 2),
};

const struct bs_kind bs_fork = {
	.name = "fork", .child = forks, .end = 7 << 8,
	.options = PTRACE_O_TRACEFORK, .lead = { PTRACE_CONT },
	CALLBACK(UT_CLONE, UT_ANY, 1),
};

const struct bs_kind bs_vfork = {
	.name = "vfork", .child = vforks, .end = 7 << 8,
	.options = PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE,
	.lead = { PTRACE_CONT },
	CALLBACK(UT_CLONE, UT_ANY, 1),
};

const struct bs_kind bs_vfork_done = {
	.name = "vfork_done", .child = vforks, .end = 7 << 8,
	.options = PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE,
	.lead = { PTRACE_CONT, PTRACE_CONT },
	CALLBACK(UT_VFORK_DONE, UT_ANY, 1),
};

const struct bs_kind bs_clone = {
	.name = "clone", .child = clones_silently, .end = 7 << 8,
	.options = PTRACE_O_TRACECLONE, .lead = { PTRACE_CONT },
	CALLBACK(UT_CLONE, UT_ANY, 1),
};

const struct bs_kind bs_exec = {
	.name = "exec", .child = execs, .execs = true, .end = 0,
	.options = PTRACE_O_TRACEEXEC, .lead = { PTRACE_CONT },
	CALLBACK(UT_EXEC, UT_ANY, 1),
};

const struct bs_kind bs_death = {
	.name = "death", .child = ends, .exits = true, .end = 7 << 8,
	.options = PTRACE_O_TRACEEXIT, .lead = { PTRACE_CONT },
	CALLBACK(UT_EXIT, UT_ANY, 1),
};

const struct bs_kind bs_seccomp = {
	.name = "seccomp", .child = is_filtered, .end = 7 << 8,
	.options = PTRACE_O_TRACESECCOMP, .lead = { PTRACE_CONT },
	.tail = PTRACE_SYSCALL,
	CALLBACK(UT_SECCOMP, 5, 1),
};
