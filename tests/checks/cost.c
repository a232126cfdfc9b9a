// SPDX-License-Identifier: GPL-2.0-only
/*
 * What do operations of a task nobody traces cost?  Meant for a guest whose
 * nanoseconds count instructions: prints "<operation> <ns of one>", the least
 * of many rounds, so that timer ticks and first times do not count.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *self;

static void getppid_1000(void)
{
	int i;

	for (i = 0; i < 1000; i++)
		syscall(SYS_getppid);
}

static void ignored_signal_1000(void)
{
	pid_t pid = getpid();
	int i;

	for (i = 0; i < 1000; i++)
		kill(pid, SIGUSR1);
}

static void empty_handler(int sig)
{
}

static void handled_signal_1000(void)
{
	pid_t pid = getpid();
	int i;

	for (i = 0; i < 1000; i++)
		kill(pid, SIGUSR2);
}

static void fork_exit_wait(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void exec_exit_wait(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execl(self, self, "exit", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static const struct {
	const char *name;
	void (*round)(void);
	int rounds;
	int operations;		/* in a round */
} tests[] = {
	{ "getppid", getppid_1000, 100, 1000 },
	{ "ignored-signal", ignored_signal_1000, 100, 1000 },
	{ "handled-signal", handled_signal_1000, 30, 1000 },
	{ "fork-exit-wait", fork_exit_wait, 1000, 1 },
	{ "exec-exit-wait", exec_exit_wait, 1000, 1 },
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

int main(int argc, char **argv)
{
	unsigned int t;

	if (argc > 1 && !strcmp(argv[1], "exit"))
		_exit(0);
	self = argv[0];
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, empty_handler);
	setvbuf(stdout, NULL, _IOLBF, 0);

	for (t = 0; t < sizeof(tests) / sizeof(tests[0]); t++) {
		double least = 1e18;
		int i;

		for (i = 0; i < tests[t].rounds; i++) {
			double start = now();
			double took;

			tests[t].round();
			took = (now() - start) / tests[t].operations;
			if (took < least)
				least = took;
		}
		printf("%s %.3f\n", tests[t].name, least);
	}
	return 0;
}
