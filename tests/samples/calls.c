// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make known numbers of system calls:
 *
 *	calls THREADS CALLS FORKS
 *
 * The main thread starts THREADS threads, prints "ready" and waits for a line.
 * Then it starts as many threads again.  Each thread calls getppid() CALLS
 * times.  So do FORKS children, and one child of each of them.  The main thread
 * calls fchdir(-1) CALLS times, the 32-bit getppid CALLS times, and sleeps for
 * 50 ms.  Then it prints "done" and waits for another line.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NR32_GETPPID	64

static pthread_barrier_t gate;
static long calls;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void make_calls(void)
{
	for (long i = 0; i < calls; i++)
		syscall(SYS_getppid);
}

static void *early_thread(void *arg)
{
	pthread_barrier_wait(&gate);
	make_calls();
	return arg;
}

static void *late_thread(void *arg)
{
	make_calls();
	return arg;
}

static void make_calls_32(void)
{
	for (long i = 0; i < calls; i++) {
		long ret = NR32_GETPPID;

		asm volatile("int $0x80" : "+a" (ret) : : "memory", "r8", "r9",
			     "r10", "r11");
	}
}

static void wait_line(void)
{
	char c;

	do {
		if (read(0, &c, 1) != 1)
			fail("read");
	} while (c != '\n');
}

static void wait_child(pid_t pid)
{
	int status;

	if (pid < 0)
		fail("fork");
	if (waitpid(pid, &status, 0) != pid || status)
		fail("child");
}

/* Fork a child that makes its calls and forks a child that makes the same */
static void make_child(void)
{
	pid_t pid = fork();

	if (pid) {
		wait_child(pid);
		return;
	}
	make_calls();
	pid = fork();
	if (pid)
		wait_child(pid);
	else
		make_calls();
	_exit(0);
}

int main(int argc, char **argv)
{
	long threads, forks;
	pthread_t *thread;

	if (argc != 4)
		return 2;
	threads = atol(argv[1]);
	calls = atol(argv[2]);
	forks = atol(argv[3]);
	thread = calloc(2 * threads, sizeof(*thread));
	if (!thread || pthread_barrier_init(&gate, NULL, threads + 1))
		fail("no memory");
	for (long i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, early_thread, NULL))
			fail("thread");
	puts("ready");
	fflush(stdout);
	wait_line();

	pthread_barrier_wait(&gate);
	for (long i = threads; i < 2 * threads; i++)
		if (pthread_create(&thread[i], NULL, late_thread, NULL))
			fail("thread");
	for (long i = 0; i < forks; i++)
		make_child();
	for (long i = 0; i < calls; i++)
		if (!fchdir(-1))
			fail("fchdir");
	make_calls_32();
	nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
	for (long i = 0; i < 2 * threads; i++)
		pthread_join(thread[i], NULL);

	puts("done");
	fflush(stdout);
	wait_line();
	return 0;
}
