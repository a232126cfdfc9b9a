// SPDX-License-Identifier: GPL-2.0-only
/* WNOWAIT leaves each kind of stop, and the zombie, for the next wait */
#include "wait.h"

static void child(void *arg)
{
	pid_t pid;

	raise(SIGUSR1);
	raise(SIGSTOP);
	syscall(SYS_getuid);
	pid = raw_clone(SIGCHLD | CLONE_UNTRACED);
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	pid = raw_clone(SIGCHLD | CLONE_VFORK);
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	_exit(5);
}

static void both(pid_t pid)
{
	show_waitid(P_PID, pid, WSTOPPED | WEXITED | WNOWAIT | __WALL);
	show_waitid(P_ALL, 0, WCONTINUED | WNOWAIT | WNOHANG);
	show_waitid(P_PID, pid, WSTOPPED | WEXITED | WNOWAIT | WNOHANG);
	show_wait(pid, __WALL);
	show_waitid(P_PID, pid, WSTOPPED | WEXITED | WNOWAIT | WNOHANG);
}

int main(void)
{
	pid_t pid = spawn_seized("tracee", child, NULL, PTRACE_O_TRACESYSGOOD |
				 PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEEXIT);

	both(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	both(pid);
	pt(PTRACE_CONT, pid, 0, SIGSTOP);
	both(pid);
	pt(PTRACE_LISTEN, pid, 0, 0);
	show_waitid(P_PID, pid, WSTOPPED | WEXITED | WNOWAIT | WNOHANG);
	kill(pid, SIGCONT);
	both(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	both(pid);
	pt(PTRACE_SYSCALL, pid, 0, 0);
	both(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	do {
		both(pid);
		/* the children's SIGCHLD, the vfork's end, the exit */
		pt(PTRACE_CONT, pid, 0, 0);
	} while (event_of(last_status()) != PTRACE_EVENT_EXIT);
	both(pid);
	return 0;
}
