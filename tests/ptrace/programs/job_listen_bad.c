// SPDX-License-Identifier: GPL-2.0-only
/* LISTEN is for PTRACE_EVENT_STOP of the seized only */
#include "job.h"

static void child(void *arg)
{
	if (!*(int *)arg)
		send_self(SIGUSR1);
	syscall(SYS_getpid);
	send_self(SIGSTOP);
	syscall(SYS_exit_group, 7);
}

int main(void)
{
	int old = 1, seized = 0;
	pid_t pid = spawn_traced("old", child, &old);

	pt(PTRACE_LISTEN, pid, 0, 0);
	go(pid, PTRACE_CONT, 0);
	go(pid, PTRACE_CONT, SIGSTOP);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	finish(pid);

	pid = spawn_seized("seized", child, &seized, PTRACE_O_TRACEEXIT);
	pt(PTRACE_LISTEN, 1, 0, 0);
	show_stop(pid);
	pt(PTRACE_LISTEN, pid, 0, 0);
	go(pid, PTRACE_SYSCALL, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	go(pid, PTRACE_SYSCALL, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	go(pid, PTRACE_SINGLESTEP, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	go(pid, PTRACE_CONT, 0);
	/* a group-stop: good */
	go(pid, PTRACE_CONT, SIGSTOP);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_stop(pid);
	go(pid, PTRACE_CONT, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	finish(pid);
	return 0;
}
