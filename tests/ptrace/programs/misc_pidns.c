// SPDX-License-Identifier: GPL-2.0-only
/* Tracer outside a pid namespace, tracees inside: pids in messages and siginfo */
#include "misc_pidns.h"

static void init(void)
{
	pid_t pid = fork();

	if (!pid) {
		kill(getppid(), SIGUSR1);
		await(0);
		_exit(getpid());
	}
	waitpid(pid, NULL, 0);
	_exit(getpid() + 10 * getppid());
}

int main(void)
{
	pid_t starter, pid, second;

	pid = pidns_start(init, PTRACE_O_TRACEEXIT, &starter);
	show_inner(pid);
	show_proc(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, __WALL);
	show_inner(pid);
	second = event_pid(pid, "second");
	show_msg_pid(pid);
	show_wait(second, __WALL);
	show_inner(second);
	pt(PTRACE_CONT, pid, 0, 0);
	await_syscall(pid, SYS_wait4);
	pt(PTRACE_CONT, second, 0, 0);
	show_wait(pid, __WALL);
	show_inner(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	await_syscall(pid, SYS_wait4);
	/* from outside */
	kill(pid, SIGUSR2);
	show_wait(pid, __WALL);
	show_inner(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	reach(0);
	show_wait(second, __WALL);
	show_msg(second);
	show_inner(second);
	pt(PTRACE_CONT, second, 0, 0);
	show_wait(second, __WALL);
	show_wait(pid, __WALL);
	show_inner(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, __WALL);
	show_msg(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, __WALL);
	show_wait(starter, __WALL);
	show_siginfo(starter);
	finish(starter);
	return 0;
}
