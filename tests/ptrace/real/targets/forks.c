// SPDX-License-Identifier: GPL-2.0-only
/*
 * A parent that forks, then vforks, children; the vforked one executes this
 * program again.  Each says what it is; they never run at the same time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) int in_child(int x)
{
	return x * 2;
}

__attribute__((noinline)) int in_parent(int x)
{
	return x + 1;
}

static int reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void say(const char *who, int number)
{
	printf("%s %d\n", who, number);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	pid_t pid;

	if (argc > 1 && !strcmp(argv[1], "again")) {
		say("executed", in_child(4));
		return 9;
	}
	pid = fork();
	if (pid < 0)
		return 1;
	if (!pid) {
		say("child", in_child(3));
		_exit(6);
	}
	say("parent saw", in_parent(reap(pid)));

	pid = vfork();
	if (pid < 0)
		return 1;
	if (!pid) {
		execl("/proc/self/exe", argv[0], "again", NULL);
		_exit(127);
	}
	say("parent saw", in_parent(reap(pid)));
	return 5;
}
