// SPDX-License-Identifier: GPL-2.0-only
/*
 * Step a program with ptrace(2) and print the number of steps: instructions, or
 * taken branches if the first argument is "blocks".  process.insn must have the
 * same count.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define SINGLEBLOCK	33

int main(int argc, char **argv)
{
	int blocks = argc > 2 && !strcmp(argv[1], "blocks");
	int status, steps = 0;
	pid_t pid = fork();

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execv(argv[1 + blocks], argv + 1 + blocks);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		steps++;
		ptrace(blocks ? SINGLEBLOCK : PTRACE_SINGLESTEP, pid, 0, 0);
	}
	/* the first stop is the SIGTRAP of the execve, not a step */
	printf("%d\n", steps - 1);
	return 0;
}
