// SPDX-License-Identifier: GPL-2.0-only
/* WCONTINUED: the tracer and the real parent share one report, the first takes it */
#include "wait.h"

static void child(void *arg)
{
	setpgid(0, 0);
	pausing(NULL);
}

static void cont(pid_t pid)
{
	kill(pid, SIGSTOP);
	quiet_stop(pid);
	quiet_pt(PTRACE_CONT, pid, 0, SIGSTOP);
	quiet_stop(pid);
	kill(pid, SIGCONT);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	quiet_stop(pid);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	quiet_stop(pid);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
}

int main(void)
{
	pid_t parent = start_parent(NULL, child, NULL, 0), pid = shm->pid[0];
	const int flags = WNOHANG | WCONTINUED;

	rest(pid);
	pt(PTRACE_SEIZE, pid, 0, 0);
	out("the tracer is first");
	cont(pid);
	show_waitid(P_PID, pid, flags | WNOWAIT);
	show_wait(pid, WNOHANG);
	show_wait(pid, WNOHANG | WUNTRACED);
	show_wait(pid, flags);
	show_wait(pid, flags);
	ask(ASK_WAIT, pid, flags | WUNTRACED);
	out("the parent is first");
	cont(pid);
	ask(ASK_WAIT, pid, flags | WUNTRACED);
	show_wait(pid, flags);
	out("stopped again before anyone looks");
	cont(pid);
	kill(pid, SIGSTOP);
	await_inactive(pid);
	show_waitid(P_PID, pid, flags | WNOWAIT);
	show_wait(pid, flags);
	show_wait(pid, flags);
	quiet_pt(PTRACE_CONT, pid, 0, SIGSTOP);
	await_inactive(pid);
	show_waitid(P_PID, pid, flags);
	show_waitid(P_PID, pid, flags);
	ask(ASK_WAITID, pid, flags);
	ask(ASK_WAITID, pid, flags | WSTOPPED);
	out("blocked in the wait while it goes on");
	begin_ask(ASK_WAITID, pid, WCONTINUED);
	await_syscall(parent, SYS_waitid);
	quiet_pt(PTRACE_LISTEN, pid, 0, 0);
	kill(pid, SIGCONT);
	answered();
	quiet_stop(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	show_waitid(P_PID, pid, flags);
	out("a zombie after SIGCONT");
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
	cont(pid);
	kill(pid, SIGKILL);
	await_zombie(pid);
	show_waitid(P_PID, pid, flags);
	ask(ASK_WAITID, pid, flags);
	show_wait(pid, 0);
	ask(ASK_WAITID, pid, flags);
	ask(ASK_WAIT, pid, 0);
	end_parent(parent);
	return 0;
}
