// SPDX-License-Identifier: GPL-2.0-only
/*
 * See race.h.  RACE_ROUNDS is the number of rounds of each race, UT_SLOW
 * multiplies the time that one round may take.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "race.h"
#include "watch.h"

#define STACK	32768

struct race_shm *shm;
int shm_fd;
race_image race_image_fn;

static char stacks[8][STACK] __attribute__((aligned(16)));

long sys(long nr, long a, long b, long c, long d, long e)
{
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;

	__asm__ volatile("syscall"
			 : "=a" (ret)
			 : "0" (nr), "D" (a), "S" (b), "d" (c), "r" (r10),
			   "r" (r8)
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
	long *top = (long *)(stacks[slot] + STACK);
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
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

void pin(int cpu)
{
	unsigned long mask = 1UL << cpu;

	/* with one CPU there is nothing to choose */
	sys(SYS_sched_setaffinity, 0, sizeof(mask), (long)&mask, 0, 0);
}

void relax(void)
{
	int i;

	for (i = 0; i < 20; i++)
		__builtin_ia32_pause();
	sys(SYS_sched_yield, 0, 0, 0, 0, 0);
}

void jitter(void)
{
	static unsigned int seed = 1;
	unsigned int i, x = __sync_add_and_fetch(&seed, 0x9e3779b9);

	x = (x ^ x >> 15) * 0x85ebca6bu;
	x ^= x >> 13;
	for (i = x >> 8 & ((1u << (x & 15) % 13) - 1); i; i--)
		__asm__ volatile("");
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

void round_done(void)
{
	shm->round++;
}

static void tell(const char *fmt, va_list ap)
{
	char line[512];
	int n = snprintf(line, sizeof(line), "# round %ld: ", shm->round);

	n += vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	sys(SYS_write, 1, (long)line, n, 0, 0);
}

void note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(fmt, ap);
	va_end(ap);
}

void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(fmt, ap);
	va_end(ap);
	shm->failed = 1;
	/* the tasks are to be seen as they stand: whoever fails waits */
	for (;;)
		sys(SYS_pause, 0, 0, 0, 0, 0);
}

/* --- images, handlers, main --------------------------------------------- */

static void on_signal(int sig, siginfo_t *info, void *context)
{
	if (sig == RT_SIG)
		shm->value = (long)info->si_value.sival_ptr;
	__sync_fetch_and_add(&shm->caught[sig], 1);
}

/* A task started later has them, too */
static void catch_signals(void)
{
	static const int caught[] = {
		SIGUSR1, SIGUSR2, SIGTRAP, SIGCONT, RT_SIG,
	};
	struct sigaction sa = {
		.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART,
	};
	unsigned int i;

	/* the next signal is not taken before the handler of one has run */
	sigfillset(&sa.sa_mask);
	for (i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		sigaction(caught[i], &sa, NULL);
}

static void map_shm(int fd)
{
	shm_fd = fd;
	shm = mmap(NULL, sizeof(*shm), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   0);
	if (shm == MAP_FAILED)
		_exit(95);
}

void exec_self(void)
{
	char fd[12];
	const char *argv[] = { "image", "--image", fd, NULL };

	snprintf(fd, sizeof(fd), "%d", shm_fd);
	sys(SYS_execve, (long)"/proc/self/exe", (long)argv, 0, 0, 0);
}

static bool one_race(const struct race *race, long rounds)
{
	pid_t pid;

	memset(shm, 0, sizeof(*shm));
	pid = fork();
	if (pid < 0)
		return false;
	if (!pid) {
		setpgid(0, 0);
		catch_signals();
		race->run(rounds, race->arg);
		_exit(0);
	}
	setpgid(pid, pid);
	return watch(pid, rounds);
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int usage(const char *program)
{
	printf("Usage: %s [WORD]\n\n"
	       "Runs its races, or those with WORD in their name.\n"
	       "RACE_ROUNDS: rounds of each (default: 30)\n", program);
	return 0;
}

int race_main(int argc, char **argv, const struct race *races)
{
	const char *text = getenv("RACE_ROUNDS");
	long rounds = text ? atol(text) : 30;
	int i, n = 0, bad = 0;

	if (argc == 3 && !strcmp(argv[1], "--image")) {
		map_shm(atoi(argv[2]));
		catch_signals();
		return race_image_fn();
	}
	if (argc > 1 && !strcmp(argv[1], "--help"))
		return usage(argv[0]);
	if (rounds <= 0) {
		printf("Bail out! RACE_ROUNDS is no number: %s\n", text);
		return 1;
	}
	shm_fd = memfd_create("races", 0);
	if (shm_fd < 0 || ftruncate(shm_fd, sizeof(*shm)))
		return 1;
	map_shm(shm_fd);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
	for (i = 0; races[i].name; i++) {
		double start = seconds();
		bool ok;

		if (argc > 1 && !strstr(races[i].name, argv[1]))
			continue;
		ok = one_race(&races[i], rounds);
		bad += !ok;
		printf("%s %d - %s\n", ok ? "ok" : "not ok", ++n,
		       races[i].name);
		printf("# %ld rounds, %.1f s\n", shm->round,
		       seconds() - start);
	}
	printf("1..%d\n", n);
	return bad != 0;
}
