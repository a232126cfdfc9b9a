// SPDX-License-Identifier: GPL-2.0-only
/* RET_TRACE gives ENOSYS without a tracer and with one that did not ask for it */
#include "sec.h"

static void child(void *arg)
{
	FILTER({ SYS_getuid, SECCOMP_RET_TRACE | 5 });
	_exit(result(syscall(SYS_getuid)));
}

int main(void)
{
	pid_t pid = spawn("free", child, NULL);
	int status;

	show_wait(pid, 0);
	pid = spawn_traced("traced", child, NULL);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	pid = spawn_traced("with SYSCALL", child, NULL);
	quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
	do {
		status = go_on(pid, PTRACE_SYSCALL, 0);
	} while (WIFSTOPPED(status) && (long)regs_of(pid).ORIG != SYS_getuid);
	show_syscall(pid);
	show_stop(pid, "exit", go_on(pid, PTRACE_SYSCALL, 0));
	show_syscall(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	pid = spawn_seized("seized", child, NULL, PTRACE_O_TRACESECCOMP);
	show_wait(pid, 0);
	pt(PTRACE_DETACH, pid, 0, 0);
	show_wait(pid, 0);
	return 0;
}
