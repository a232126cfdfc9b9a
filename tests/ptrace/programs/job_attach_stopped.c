// SPDX-License-Identifier: GPL-2.0-only
/* ATTACH and SEIZE to a stopped process; its states and waits before and after */
#include "job.h"

static void show(pid_t pid)
{
	show_proc(pid);
	show_wait(pid, WUNTRACED | WNOHANG);
	if (WIFSTOPPED(last_status()))
		show_siginfo(pid);
}

static void one(int request, bool waited)
{
	pid_t pid = spawn("tracee", pausing_in_group, NULL);

	out("%s, %s", request == PTRACE_SEIZE ? "SEIZE" : "ATTACH",
	    waited ? "waited for before" : "not waited for");
	await_syscall(pid, SYS_pause);
	kill(pid, SIGTSTP);
	if (waited)
		show_wait(pid, WUNTRACED);
	else
		show_waitid(P_PID, pid, WSTOPPED | WNOWAIT);
	await_state(pid, "T");
	show_proc(pid);
	pt(request, pid, 0, 0);
	show(pid);
	show_wait(pid, WUNTRACED | WNOHANG);
	if (request == PTRACE_SEIZE) {
		pt(PTRACE_LISTEN, pid, 0, 0);
		kill(pid, SIGCONT);
		show_stop(pid);
		go(pid, PTRACE_CONT, 0);
		run(pid, SIGCONT);
	} else {
		/* the SIGSTOP of ATTACH is still to come */
		go(pid, PTRACE_CONT, 0);
		go(pid, PTRACE_CONT, SIGSTOP);
		run(pid, 0);
	}
	show_proc(pid);
	finish(pid);
}

static void detach(int request)
{
	pid_t pid = spawn("tracee", pausing_in_group, NULL);

	out("at once DETACH");
	await_syscall(pid, SYS_pause);
	kill(pid, SIGTTOU);
	show_wait(pid, WUNTRACED);
	await_state(pid, "T");
	pt(request, pid, 0, 0);
	show_proc(pid);
	pt(PTRACE_DETACH, pid, 0, 0);
	await_state(pid, "T");
	show_proc(pid);
	/* it was waited for before */
	show_wait(pid, WUNTRACED | WNOHANG);
	kill(pid, SIGCONT);
	show_wait(pid, WUNTRACED | WCONTINUED);
	await_syscall(pid, SYS_pause);
	show_proc(pid);
	finish(pid);
}

int main(void)
{
	one(PTRACE_ATTACH, true);
	one(PTRACE_ATTACH, false);
	one(PTRACE_SEIZE, true);
	one(PTRACE_SEIZE, false);
	detach(PTRACE_ATTACH);
	detach(PTRACE_SEIZE);
	return 0;
}
