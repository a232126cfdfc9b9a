// SPDX-License-Identifier: GPL-2.0-only
/* The parent itself traces: what WUNTRACED, WCONTINUED, waitid and SIGCHLD give it */
#include "job.h"

static void look(pid_t pid)
{
	no_sigchld();
	show_waitid(P_PID, pid, WSTOPPED | WNOWAIT);
	show_waitid(P_PID, pid, WCONTINUED | WNOWAIT | WNOHANG);
	show_waitid(P_PID, pid, WSTOPPED);
	show_wait(pid, WUNTRACED | WCONTINUED | WNOHANG);
}

int main(void)
{
	pid_t pid;

	hold_sigchld();
	pid = seized_pausing();
	kill(pid, SIGTSTP);
	show_sigchld();
	look(pid);
	pt(PTRACE_CONT, pid, 0, SIGTSTP);
	show_sigchld();
	look(pid);
	/* no signal, but the stop can be waited for */
	pt(PTRACE_DETACH, pid, 0, 0);
	await_state(pid, "T");
	look(pid);
	pt(PTRACE_SEIZE, pid, 0, 0);
	show_sigchld();
	look(pid);
	run(pid, 0);
	kill(pid, SIGCONT);
	await_state(pid, "t");
	show_waitid(P_PID, pid, WCONTINUED | WNOHANG);
	show_waitid(P_PID, pid, WCONTINUED | WNOHANG);
	finish(pid);
	return 0;
}
