// SPDX-License-Identifier: GPL-2.0-only
/* Who sees the state t, and asks at once, asks a task that is in its stop */
#include "../rig.h"

#define ROUNDS	3000

static void calls(void *arg)
{
	for (;;)
		syscall(SYS_getppid);
}

int main(void)
{
	int missed = 0, nothing = 0, status, i;
	pid_t pid = spawn_seized("tracee", calls, NULL, 0);
	long word;

	quiet_pt(PTRACE_INTERRUPT, pid, 0, 0);
	waitpid(pid, &status, __WALL);
	for (i = 0; i < ROUNDS; i++) {
		quiet_pt(PTRACE_SYSCALL, pid, 0, 0);
		while (state_of(pid) != 't')
			;
		if (i & 1) {
			missed += quiet_pt(PTRACE_PEEKUSR, pid, 0,
					   (long)&word) != 0;
			waitpid(pid, &status, __WALL);
		} else if (waitpid(pid, &status, __WALL | WNOHANG) != pid) {
			nothing++;
			waitpid(pid, &status, __WALL);
		}
	}
	out("%d times not in its stop, %d times not waited for", missed,
	    nothing);
	finish(pid);
	return 0;
}
