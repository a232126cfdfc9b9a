// SPDX-License-Identifier: GPL-2.0-only
/* A signal given at a PTRACE_EVENT stop is dropped: fork, exec, exit, STOP */
#include "sig.h"

static int role;

static void child(void *arg)
{
	pid_t pid;

	handle(SIGUSR1, tell, 0);
	if (role == 0) {
		pid = syscall(SYS_fork);
		if (!pid)
			syscall(SYS_exit, 0);
		waitpid(pid, NULL, 0);
	} else if (role == 1) {
		execl("/proc/self/exe", "exe", "again", NULL);
	} else if (role == 3) {
		reach(0);
		await(1);
	}
	syscall(SYS_exit_group, 7);
}

int main(int argc, char **argv)
{
	const long opts = PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXEC |
			  PTRACE_O_TRACEEXIT;
	static const char *const names[] = { "fork", "exec", "exit", "STOP" };

	if (argc > 1)
		return 8;
	for (role = 0; role < 4; role++) {
		pid_t pid;

		out("%s", names[role]);
		shm->step[0] = 0;
		shm->step[1] = 0;
		pid = spawn_seized("tracee", child, NULL,
				   role == 0 ? PTRACE_O_TRACEFORK :
				   role == 1 ? PTRACE_O_TRACEEXEC :
				   role == 2 ? PTRACE_O_TRACEEXIT : opts);
		if (role == 3) {
			await(0);
			pt(PTRACE_INTERRUPT, pid, 0, 0);
		}
		show_wait(pid, 0);
		show_siginfo(pid);
		if (role == 0) {
			unsigned long msg = 0;

			quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
			name(msg, "grandchild");
			show_wait(msg, __WALL);
			pt(PTRACE_DETACH, msg, 0, 0);
		}
		pt(PTRACE_CONT, pid, 0, 65);
		pt(PTRACE_CONT, pid, 0, SIGUSR1);
		reach(1);
		show_wait(pid, 0);
		/* the end of the child, or EVENT_EXIT */
		if (WIFSTOPPED(last_status())) {
			pt(PTRACE_CONT, pid, 0, 0);
			show_wait(pid, 0);
		}
		finish(pid);
	}
	return 0;
}
