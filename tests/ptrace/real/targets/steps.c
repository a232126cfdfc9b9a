// SPDX-License-Identifier: GPL-2.0-only
/*
 * For debuggers: functions to break in, a variable to watch, a signal handler,
 * system calls to step over.  Prints what it worked out, so that one sees
 * whether a debugger got in its way.
 *
 * steps [crash]
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

volatile int watched;
static volatile int handled;

__attribute__((noinline)) void touch(int value)
{
	watched = value;
}

__attribute__((noinline)) int add(int a, int b)
{
	int sum = a + b;

	return sum;
}

__attribute__((noinline)) int calls(void)
{
	int good = 0;

	for (int i = 0; i < 5; i++)
		good += getppid() > 0;
	return good;
}

void on_signal(int sig)
{
	handled += sig == SIGUSR1 ? 1 : 100;
}

__attribute__((noinline)) void raises(void)
{
	raise(SIGUSR1);
	raise(SIGUSR2);
}

int main(int argc, char **argv)
{
	volatile int *nowhere = NULL;
	int total = 0;

	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	for (int i = 0; i < 10; i++)
		total = add(total, i);
	for (int i = 1; i <= 3; i++)
		touch(i * 10);
	total += calls();
	raises();
	printf("total %d watched %d handled %d\n", total, watched, handled);
	fflush(stdout);
	if (argc > 1 && !strcmp(argv[1], "crash"))
		*nowhere = 1;
	return 7;
}
