// SPDX-License-Identifier: GPL-2.0-only
/*
 * See race.h: calls of the kernel, tasks, signals.  All of it also works in an
 * image without libc.
 */
#include <fcntl.h>
#include <linux/futex.h>

#include "race.h"

#define STACK		32768
#define SA_RESTORER_	0x04000000

static char stacks[8][STACK] __attribute__((aligned(16)));

long sys(long nr, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = 0;
	long ret;

	__asm__ volatile("syscall"
			 : "=a" (ret)
			 : "0" (nr), "D" (a), "S" (b), "d" (c), "r" (r10),
			   "r" (r8), "r" (r9)
			 : "rcx", "r11", "memory");
	return ret;
}

long pt(int request, pid_t pid, long addr, const void *data)
{
	return sys(SYS_ptrace, request, pid, addr, (long)data, 0);
}

long wait_for(pid_t pid, int *status, int options)
{
	if (pid == -1)
		options |= __WNOTHREAD;
	return sys(SYS_wait4, pid, (long)status, options | __WALL, 0, 0);
}

/* The new task finds what to run on its stack */
pid_t task_start(int slot, int (*fn)(long arg), long arg, long flags)
{
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	long *top = (long *)(stacks[slot] + STACK);
	long ret;

	*--top = arg;
	*--top = (long)fn;
	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "pop %%rax\n\t"
			 "pop %%rdi\n\t"
			 "call *%%rax\n\t"
			 "mov %%eax, %%edi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n"
			 "1:"
			 : "=a" (ret)
			 : "0" ((long)SYS_clone), "D" (flags | CLONE_VM),
			   "S" (top), "d" (0L), "r" (r10), "r" (r8),
			   [exit] "i" (SYS_exit)
			 : "rcx", "r11", "memory");
	if (ret < 0)
		fail("clone: %ld", ret);
	return ret;
}

/* The new task has its parent's stack, and so must not touch it */
pid_t fork_quick(long flags)
{
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	volatile long *count = &shm->children;
	long ret;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "lock incq (%[count])\n\t"
			 "xor %%edi, %%edi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n"
			 "1:"
			 : "=a" (ret)
			 : "0" ((long)SYS_clone), "D" (flags | CLONE_VM),
			   "S" (0L), "d" (0L), "r" (r10), "r" (r8),
			   [count] "b" (count), [exit] "i" (SYS_exit)
			 : "rcx", "r11", "memory");
	return ret;
}

void pin(int cpus)
{
	unsigned long mask = cpus;

	/* with one CPU there is nothing to choose */
	sys(SYS_sched_setaffinity, 0, sizeof(mask), (long)&mask, 0, 0);
}

void join_rest(void)
{
	while (shm->resting)
		sys(SYS_futex, (long)&shm->resting, FUTEX_WAIT, 1, 0, 0);
}

/* No pause instruction: an emulator makes much of it */
void relax(void)
{
	int i;

	for (i = 0; i < 100; i++)
		__asm__ volatile("");
	sys(SYS_sched_yield, 0, 0, 0, 0, 0);
	join_rest();
}

long queue_value(pid_t pid, int sig, long value)
{
	siginfo_t info = { .si_signo = sig, .si_code = SI_QUEUE };

	info.si_value.sival_ptr = (void *)value;
	return sys(SYS_rt_sigqueueinfo, pid, sig, (long)&info, 0, 0);
}

pid_t tracer_of(pid_t pid)
{
	char path[40], buf[1024];
	const char *line;
	long fd, n;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	fd = sys(SYS_open, (long)path, O_RDONLY, 0, 0, 0);
	if (fd < 0)
		return -1;
	n = sys(SYS_read, fd, (long)buf, sizeof(buf) - 1, 0, 0);
	sys(SYS_close, fd, 0, 0, 0, 0);
	buf[n > 0 ? n : 0] = 0;
	line = strstr(buf, "TracerPid:");
	return line ? atoi(line + 10) : -1;
}

/* --- signals ------------------------------------------------------------- */

/* As the kernel knows it */
struct action {
	void (*handler)(int sig, siginfo_t *info, void *context);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

int task_beats(long arg)
{
	for (;;) {
		shm->beats++;
		relax();
	}
	return 0;
}

void race_restorer(void);
__asm__("race_restorer:\n\t"
	"mov $15, %eax\n\t"
	"syscall");

static void on_signal(int sig, siginfo_t *info, void *context)
{
	if (sig == RT_SIG)
		shm->value = (long)info->si_value.sival_ptr;
	__sync_fetch_and_add(&shm->caught[sig], 1);
}

/* A task started later has them, too */
void catch_signals(void)
{
	static const int caught[] = {
		SIGUSR1, SIGUSR2, SIGTRAP, SIGCONT, RT_SIG,
	};
	struct action sa = {
		on_signal, SA_SIGINFO | SA_RESTART | SA_RESTORER_,
		race_restorer,
		/* the next is not taken before the handler of one has run */
		~0UL,
	};
	unsigned int i;

	for (i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		sys(SYS_rt_sigaction, caught[i], (long)&sa, 0, sizeof(sa.mask),
		    0);
}
