// SPDX-License-Identifier: GPL-2.0-only
/* The seccomp stop: message, siginfo, registers; calls that are let through */
#include "sec.h"

static void child(void *arg)
{
	FILTER({ SYS_getuid, SECCOMP_RET_TRACE | 5 },
	       { SYS_dup2, SECCOMP_RET_TRACE | 0xffff },
	       { 3999, SECCOMP_RET_TRACE });
	if (syscall(SYS_getuid) || syscall(SYS_dup2, 1, 50) != 50)
		_exit(1);
	_exit(result(syscall(3999)));
}

static void stop(pid_t pid)
{
	show_wait(pid, 0);
	show_msg(pid);
	show_siginfo(pid);
	show_syscall(pid);
	show_regs(pid);
	show_proc(pid);
}

int main(void)
{
	pid_t pid = spawn_seized("tracee", child, NULL, PTRACE_O_TRACESECCOMP);
	int i;

	for (i = 0; i < 3; i++) {
		stop(pid);
		pt(PTRACE_CONT, pid, 0, 0);
	}
	show_wait(pid, 0);
	return 0;
}
