// SPDX-License-Identifier: GPL-2.0-only
/* RET_KILL_* of a single thread: no signal stop, the exit event, the status */
#include "sec.h"

static void on_sys(int sig)
{
	out("handler");
}

static void child(void *arg)
{
	signal(SIGSYS, on_sys);
	FILTER({ SYS_dup2, *(unsigned int *)arg });
	syscall(SYS_dup2, 1, 50);
	_exit(1);
}

int main(void)
{
	static unsigned int actions[] = {
		SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS, 0x00ff0000,
	};
	pid_t pid;
	int i;

	for (i = 0; i < 3; i++) {
		out("action %#x", actions[i]);
		pid = spawn_seized("no option", child, &actions[i], 0);
		show_wait(pid, 0);
		pid = spawn_seized("exit event", child, &actions[i],
				   PTRACE_O_TRACEEXIT | PTRACE_O_TRACESECCOMP);
		show_wait(pid, 0);
		show_msg(pid);
		show_siginfo(pid);
		show_regs(pid);
		show_syscall(pid);
		/* a fatal signal cannot be taken back */
		pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, 0);
	}
	return 0;
}
