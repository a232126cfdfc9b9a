// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program that the scripts probe: known events, a known number of times.
 *
 *	target threads THREADS CALLS	threads that make system calls and exit
 *	target processes COUNT CALLS	the same with child processes
 *	target odd			system calls with known arguments and results
 *	target functions CALLS		function calls, statements and marks
 *	target wait FIFO CALLS		print "ready", read a line from FIFO,
 *					make system calls and function calls
 *	target exec PROGRAM ...		a thread executes another program
 *	target crowd COUNT		COUNT processes that wait; print "ready"
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SDT_USE_VARIADIC
#include <sys/sdt.h>

static int calls;
static char **more;

static void make_calls(void)
{
	int i;

	for (i = 0; i < calls; i++)
		syscall(SYS_getppid);
}

static void *thread(void *arg)
{
	make_calls();
	return NULL;
}

static int threads(int count)
{
	pthread_t ids[64];
	int i;

	for (i = 0; i < count; i++)
		if (pthread_create(&ids[i], NULL, thread, NULL))
			return 1;
	for (i = 0; i < count; i++)
		pthread_join(ids[i], NULL);
	return 0;
}

static int processes(int count)
{
	int i;

	for (i = 0; i < count; i++) {
		if (fork())
			continue;
		make_calls();
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

/*
 * The numbers 1000 and 1001 are not in use, so the C library does not make
 * these calls.  The result of the second umask, 83 (0123), is in no register
 * when the task enters the call.
 */
static int odd(void)
{
	umask(0123);
	umask(0123);
	syscall(1000, 11L, 22L, 33L, 44L, 55L, 66L);
	syscall(1001, -1L, 0L, 0x7fffffffL, 1L, 2L, 3L);
	return 0;
}

__attribute__((noinline)) int inner(int number, const char *text)
{
	int length = strlen(text);

	STAP_PROBE2(target, step, number, text);
	return number * 2 + length;
}

__attribute__((noinline)) int middle(int number)
{
	int result = inner(number, "four");

	return result + 1;
}

__attribute__((noinline)) int outer(int count)
{
	int i, sum = 0;

	for (i = 0; i < count; i++)
		sum += middle(i);
	return sum;
}

static int hold(const char *fifo)
{
	char line[16];
	int fd;

	puts("ready");
	fflush(stdout);
	fd = open(fifo, O_RDONLY);
	if (fd < 0 || read(fd, line, sizeof(line)) <= 0)
		return 1;
	make_calls();
	outer(calls);
	return 0;
}

static void *exec_thread(void *arg)
{
	execv(more[0], more);
	return NULL;
}

static int exec_from_thread(void)
{
	pthread_t id;

	pthread_create(&id, NULL, exec_thread, NULL);
	pthread_join(id, NULL);
	return 1;
}

static int crowd(int count)
{
	int i;

	for (i = 1; i < count; i++)
		if (!fork())
			break;
	if (i == count) {
		puts("ready");
		fflush(stdout);
	}
	pause();
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int count = argc > 2 ? atoi(argv[2]) : 0;

	calls = argc > 3 ? atoi(argv[3]) : 0;
	more = argv + 2;
	if (!strcmp(what, "threads"))
		return threads(count);
	if (!strcmp(what, "processes"))
		return processes(count);
	if (!strcmp(what, "odd"))
		return odd();
	if (!strcmp(what, "functions"))
		return outer(count) < 0;
	if (!strcmp(what, "wait"))
		return hold(argv[2]);
	if (!strcmp(what, "exec"))
		return exec_from_thread();
	if (!strcmp(what, "crowd"))
		return crowd(count);
	fprintf(stderr, "target: what is '%s'?\n", what);
	return 2;
}
