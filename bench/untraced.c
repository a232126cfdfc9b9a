// SPDX-License-Identifier: GPL-2.0-only
/* Operations of an untraced task. */
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

void getppids(int count)
{
	while (count--)
		syscall(SYS_getppid);
}

static void forks(int count)
{
	pid_t pid;

	while (count--) {
		pid = fork();
		if (!pid)
			_exit(0);
		if (waitpid(pid, NULL, 0) != pid)
			fail("waitpid");
	}
}

static void ignored_signals(int count)
{
	pid_t pid = getpid();

	while (count--)
		kill(pid, SIGUSR1);
}

static void empty_handler(int sig)
{
}

static void handled_signals(int count)
{
	pid_t pid = getpid();

	while (count--)
		kill(pid, SIGUSR2);
}

void bench_untraced(void)
{
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, empty_handler);
	measure("getppid", getppids, 100, 1000);
	measure("fork-exit-wait", forks, 500, 1);
	measure("ignored-signal", ignored_signals, 100, 1000);
	measure("handled-signal", handled_signals, 100, 500);
}
