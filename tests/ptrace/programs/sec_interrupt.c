// SPDX-License-Identifier: GPL-2.0-only
/* INTERRUPT, LISTEN and a group stop against a task in its seccomp stop */
#include "sec.h"

static void child(void *arg)
{
	FILTER({ SYS_dup2, SECCOMP_RET_TRACE | 1 });
	syscall(SYS_dup2, 1, 50);
	syscall(SYS_getuid);
	syscall(SYS_getuid);
	_exit(6);
}

int main(void)
{
	pid_t pid;

	pid = spawn_seized("tracee", child, NULL, PTRACE_O_TRACESECCOMP |
			   PTRACE_O_TRACESYSGOOD);
	show_wait(pid, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_wait(pid, WNOHANG);
	go(pid, PTRACE_SYSCALL, 0);
	show_syscall(pid);
	go(pid, PTRACE_SYSCALL, 0);
	show_syscall(pid);
	kill(pid, SIGSTOP);
	go(pid, PTRACE_CONT, 0);
	go(pid, PTRACE_CONT, SIGSTOP);
	pt(PTRACE_LISTEN, pid, 0, 0);
	kill(pid, SIGCONT);
	show_wait(pid, 0);
	go(pid, PTRACE_CONT, 0);
	go(pid, PTRACE_CONT, 0);
	return 0;
}
