// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program that engines trace: see model.h.
 *
 *	target NUMBER		run program NUMBER of shared memory SHARED_FD
 *	target --code N		exit with N
 *	target --offsets	print file offsets for uprobes: of a nop that
 *				uprobes emulate, and of an instruction that
 *				they single-step out of line
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <elf.h>
#include <link.h>

#include "model.h"

static struct shared *shared;
static struct program *self;
static int number;
static char own_path[256];
static __thread volatile uint32_t counted, expected;
static __thread volatile int nsignals;
static __thread volatile int nfaults;
static __thread char *fault_page;

/* uprobes emulate the nop of probed_emulated, and step addl out of line */
asm(".text\n.globl probed_emulated\nprobed_emulated:\n\tnop\n\tret\n"
".globl probed_stepped\nprobed_stepped:\n\taddl $3, %eax\n\tret\n");
extern char probed_emulated[], probed_stepped[];

/* Record the first wrong result.  Returns a wrong value for the sum. */
static uint32_t wrong(const char *what, long got, long want)
{
	if (!__sync_lock_test_and_set(&self->failed, 1))
		snprintf(self->why, sizeof(self->why), "%s gave %ld (%s), not %ld", what,
			 got, strerrorname_np(got < 0 ? -got : errno), want);
	return 0;
}

/* Returns what the kernel returned: a negative errno on error. */
static long sys(long nr, long a, long b, long c, long d)
{
	long ret = syscall(nr, a, b, c, d);

	return ret == -1 ? -errno : ret;
}

static uint32_t right(uint64_t hash, const char *what, long got, long want)
{
	return got == want ? unit_value(hash) : wrong(what, got, want);
}

static void on_disturbance(int sig, siginfo_t *info, void *context)
{
}

static void on_counted(int sig, siginfo_t *info, void *context)
{
	nsignals++;
	if ((uint32_t)info->si_value.sival_int == expected)
		counted++;
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	if (!fault_page || info->si_addr != fault_page || nfaults++ > 3)
		_exit(99);
	mprotect(fault_page, 4096, PROT_READ | PROT_WRITE);
}

static uint32_t do_calc(uint64_t hash)
{
	volatile double f = 1.5;
	volatile uint32_t x = 0;
	int i;

	for (i = 0; i < 60; i++) {
		x += i;
		f = f * 2 - 1.5;
	}
	return right(hash, "calc", x + (f == 1.5), 60 * 59 / 2 + 1);
}

static uint32_t do_parent(uint64_t hash)
{
	int want = self->init ? 0 : shared->parent;

	return right(hash, "getppid", sys(SYS_getppid, 0, 0, 0, 0), want);
}

static uint32_t do_pipe(uint64_t hash)
{
	uint32_t out = hash >> 8, in = 0;
	long ret;
	int fd[2];

	if (pipe2(fd, O_CLOEXEC))
		return wrong("pipe", -errno, 0);
	do {
		ret = sys(SYS_write, fd[1], (long)&out, 4, 0);
	} while (ret == -EINTR);
	if (ret == 4) {
		do {
			ret = sys(SYS_read, fd[0], (long)&in, 4, 0);
		} while (ret == -EINTR);
	}
	close(fd[0]);
	close(fd[1]);
	return right(hash, "pipe", ret == 4 ? in : ret, ret == 4 ? out : 4);
}

static long queue_to_self(uint32_t value)
{
	siginfo_t info = { .si_signo = SIGRTMIN + 1, .si_code = SI_QUEUE };

	info.si_value.sival_int = value;
	return sys(SYS_rt_tgsigqueueinfo, getpid(), gettid(), SIGRTMIN + 1, (long)&info);
}

/* A signal that the thread sends to itself must run its handler once. */
static uint32_t do_signal(uint64_t hash)
{
	long ret;

	expected = hash >> 8;
	counted = 0;
	ret = queue_to_self(expected);
	return right(hash, "a signal to itself", ret ? ret : counted, 1);
}

static uint32_t do_blocked(uint64_t hash)
{
	sigset_t set, old;
	long ret;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	expected = hash >> 8;
	counted = 0;
	ret = queue_to_self(expected);
	if (!ret && counted)
		ret = -ENOMSG;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return right(hash, "a blocked signal", ret ? ret : counted, 1);
}

static uint32_t reaped(uint64_t hash, const char *what, pid_t pid, int code)
{
	int status = 0;
	pid_t ret;

	if (pid < 0)
		return wrong(what, -errno, 0);
	do {
		ret = waitpid(pid, &status, __WALL);
	} while (ret < 0 && errno == EINTR);
	if (ret != pid)
		return wrong(what, ret < 0 ? -errno : ret, pid);
	if (WIFEXITED(status) && exit_code_ok(self, WEXITSTATUS(status), code))
		return unit_value(hash);
	return wrong(what, status, code << 8);
}

static uint32_t do_fork(uint64_t hash)
{
	int code = exit_code_of(hash >> 8);
	pid_t pid = fork();

	if (!pid)
		_exit(sys(SYS_getppid, 0, 0, 0, 0) == self->pid || self->init ? code : 98);
	return reaped(hash, "fork", pid, code);
}

static uint32_t do_vfork(uint64_t hash)
{
	int code = exit_code_of(hash >> 8);
	pid_t pid = vfork();

	if (!pid)
		_exit(code);
	return reaped(hash, "vfork", pid, code);
}

/* The new program has no handlers: SIGUSR2 must be ignored, or it is fatal. */
static uint32_t do_exec_child(uint64_t hash)
{
	int code = exit_code_of(hash >> 8);
	char text[16];
	sigset_t set, old;
	pid_t pid;

	snprintf(text, sizeof(text), "%d", code);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	pid = vfork();
	if (!pid) {
		signal(SIGUSR2, SIG_IGN);
		execl(own_path, "target", "--code", text, NULL);
		_exit(97);
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return reaped(hash, "exec in a child", pid, code);
}

static uint32_t do_nap(uint64_t hash)
{
	struct timespec ts = { 0, 1000 * (hash % 2000) };
	int ret;

	do {
		ret = clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, &ts);
	} while (ret == EINTR);
	return right(hash, "nanosleep", -ret, 0);
}

static uint32_t do_poll(uint64_t hash)
{
	int ret = poll(NULL, 0, hash % 3);

	if (ret < 0)
		ret = errno == EINTR ? 0 : -errno;
	return right(hash, "poll", ret, 0);
}

static uint32_t do_futex(uint64_t hash)
{
	struct timespec ts = { 0, 1000 * (hash % 2000) };
	int word = 0;
	int ret = syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &ts, NULL, 0);

	if (ret < 0)
		ret = errno == EINTR || errno == ETIMEDOUT ? 0 : -errno;
	return right(hash, "futex", ret, 0);
}

static uint32_t do_magic(uint64_t hash)
{
	long ret = sys(MAGIC_NR, hash & 0xff, 2, 3, 4);

	if (self->answered && ret == MAGIC_RESULT)
		ret = -ENOSYS;
	return right(hash, "no system call", ret, -ENOSYS);
}

static void *other_thread(void *arg)
{
	return (void *)((uintptr_t)arg ^ 0x55);
}

/* EAGAIN: another thread is in execve, and copy_fs() fails if fs->in_exec. */
static int create(pthread_t *thread, void *(*fn)(void *arg), intptr_t arg)
{
	int ret;

	do {
		ret = pthread_create(thread, NULL, fn, (void *)arg);
	} while (ret == EAGAIN && !sched_yield());
	return ret;
}

static uint32_t do_thread(uint64_t hash)
{
	pthread_t thread;
	void *result;
	int ret;

	ret = create(&thread, other_thread, hash & 0xfff);
	if (!ret)
		ret = pthread_join(thread, &result);
	if (ret)
		return wrong("thread", -ret, 0);
	return right(hash, "thread", (uintptr_t)result, (hash & 0xfff) ^ 0x55);
}

static uint32_t do_probed(uint64_t hash)
{
	uint32_t x = hash & 0xffff, y = x;

	asm volatile("call probed_emulated\n\tcall probed_stepped" : "+a" (y) : : "memory", "cc");
	return right(hash, "a probed function", y, x + 3);
}

static uint32_t do_fault(uint64_t hash)
{
	uint32_t got;

	fault_page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fault_page == MAP_FAILED)
		return wrong("mmap", -errno, 0);
	nfaults = 0;
	*(volatile uint32_t *)fault_page = hash;
	got = *(volatile uint32_t *)fault_page;
	munmap(fault_page, 4096);
	fault_page = NULL;
	return right(hash, "a fault", got, (uint32_t)hash);
}

/* The driver sends SIGCONT: see send_cont(). */
static uint32_t do_stop(uint64_t hash)
{
	return right(hash, "stop", sys(SYS_kill, getpid(), SIGSTOP, 0, 0), 0);
}

/* SECCOMP_RET_TRACE without a tracer: ENOSYS */
static uint32_t do_filter(uint64_t hash)
{
	return right(hash, "a filtered call", sys(FILTER_NR, 1, 2, 3, 4), -ENOSYS);
}

/* The kernel drops a signal that init does not handle and sends to itself. */
static uint32_t do_term(uint64_t hash)
{
	return right(hash, "SIGTERM to init", sys(SYS_kill, getpid(), SIGTERM, 0, 0), 0);
}

static void commit(struct thread *t, uint32_t n, uint32_t value)
{
	t->sum[(n + 1) & 1] = sum_step(t->sum[n & 1], value);
	__sync_synchronize();
	t->next = n + 1;
}

/* Block all signals: prepare() unblocks them after it has set the handlers. */
static uint32_t do_exec(uint64_t hash, struct thread *t, uint32_t n)
{
	char text[16];
	sigset_t set;

	sigfillset(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	snprintf(text, sizeof(text), "%d", number);
	__sync_fetch_and_add(&self->execs, 1);
	commit(t, n, unit_value(hash));
	execl(own_path, "target", text, NULL);
	wrong("exec", -errno, 0);
	_exit(96);
}

static void run_unit(struct thread *t, int thread, uint32_t n)
{
	static uint32_t (*const units[])(uint64_t hash) = {
#define UNIT_FN(name) do_##name,
#define do_exec NULL
		UNITS(UNIT_FN)
#undef do_exec
	};
	uint64_t hash = unit_hash(self, thread, n);
	enum unit kind = unit_kind(self, hash);

	t->kind = kind + 1;
	if (kind == UNIT_exec)
		do_exec(hash, t, n);
	else
		commit(t, n, units[kind](hash));
}

static void *run_thread(void *arg)
{
	int thread = (intptr_t)arg;
	struct thread *t = &self->thread[thread];

	t->tid = gettid();
	while (!self->finish)
		run_unit(t, thread, t->next);
	t->done = 1;
	return NULL;
}

static void handle(int sig, void (*fn)(int sig, siginfo_t *info, void *context))
{
	struct sigaction sa = { .sa_sigaction = fn, .sa_flags = SA_SIGINFO };

	if (sig == SIGUSR2 && (self->seed & 1))
		sa.sa_flags |= SA_RESTART;
	sigaction(sig, &sa, NULL);
}

static void add_filter(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FILTER_NR, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = 4, .filter = filter };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		wrong("seccomp", -errno, 0);
}

static void prepare(void)
{
	sigset_t none;
	cpu_set_t cpu;

	if (self->one_cpu) {
		CPU_ZERO(&cpu);
		CPU_SET(0, &cpu);
		sched_setaffinity(0, sizeof(cpu), &cpu);
	}
	handle(SIGUSR2, on_disturbance);
	handle(SIGRTMIN + 1, on_counted);
	handle(SIGSEGV, on_fault);
	if (self->filter && !self->execs)
		add_filter();
	self->pid = getpid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Returns the exit code, computed from the sums of all threads. */
static int run_program(void)
{
	pthread_t thread[MAX_THREADS];
	uint32_t sum = 0;
	int i;

	prepare();
	for (i = 1; i < self->threads; i++)
		if (create(&thread[i], run_thread, i))
			wrong("pthread_create", -errno, 0);
	run_thread(NULL);
	for (i = 1; i < self->threads; i++)
		pthread_join(thread[i], NULL);
	for (i = 0; i < self->threads; i++)
		sum = sum_step(sum, self->thread[i].sum[self->thread[i].next & 1]);
	return exit_code_of(sum);
}

static long offset_of(const char *p)
{
	ElfW(Phdr) const *ph = (void *)getauxval(AT_PHDR);
	int i;

	for (i = 0; i < (int)getauxval(AT_PHNUM); i++)
		if (ph[i].p_type == PT_LOAD && (uintptr_t)p >= ph[i].p_vaddr &&
		    (uintptr_t)p < ph[i].p_vaddr + ph[i].p_filesz)
			return (uintptr_t)p - ph[i].p_vaddr + ph[i].p_offset;
	return -1;
}

int main(int argc, char **argv)
{
	ssize_t n;

	if (argc == 3 && !strcmp(argv[1], "--code"))
		_exit(atoi(argv[2]));
	if (argc == 2 && !strcmp(argv[1], "--offsets"))
		return printf("%ld %ld\n", offset_of(probed_emulated),
			      offset_of(probed_stepped)) < 0;
	if (argc != 2) {
		fprintf(stderr, "target: to be run by the fuzzer\n");
		return 2;
	}
	n = readlink("/proc/self/exe", own_path, sizeof(own_path) - 1);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, SHARED_FD, 0);
	if (n < 0 || shared == MAP_FAILED)
		return 2;
	number = atoi(argv[1]);
	self = &shared->program[number];
	return run_program();
}
