// SPDX-License-Identifier: GPL-2.0-only
/* A filter with RET_TRACE on fork and in its child, which is traced by the event */
#include "sec.h"

static void child(void *arg)
{
	pid_t pid;

	FILTER({ SYS_fork, SECCOMP_RET_TRACE | 1 },
	       { SYS_getuid, SECCOMP_RET_TRACE | 2 });
	pid = syscall(SYS_fork);
	if (!pid)
		syscall(SYS_exit_group, syscall(SYS_getuid) + 4);
	waitpid(pid, NULL, 0);
	syscall(SYS_exit_group, syscall(SYS_getuid) + 5);
}

int main(void)
{
	unsigned long msg;
	pid_t pid;

	pid = spawn_seized("tracee", child, NULL, PTRACE_O_TRACESECCOMP |
			   PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL);
	show_wait(pid, 0);
	show_msg(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
	name(msg, "child");
	show_wait(msg, 0);
	pt(PTRACE_CONT, msg, 0, 0);
	show_wait(msg, 0);
	show_msg(msg);
	pt(PTRACE_CONT, msg, 0, 0);
	show_wait(msg, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	show_msg(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	return 0;
}
