// SPDX-License-Identifier: GPL-2.0-only
/* The real parent sees nothing of a stranger's tracee in its trap stops, but its group-stops */
#include "wait.h"

static void child(void *arg)
{
	setpgid(0, 0);
	await(1);
	kill(getpid(), SIGUSR1);
	syscall(SYS_getuid);
	pausing(NULL);
}

static void look(const char *what, pid_t pid)
{
	const int flags = WNOHANG | WNOWAIT;

	out("%s", what);
	show_waitid(P_PID, pid, flags | WSTOPPED);
	ask(ASK_WAITID, pid, flags | WSTOPPED);
	ask(ASK_WAITID, pid, flags | WCONTINUED);
	ask(ASK_WAITID, pid, flags | WEXITED);
	ask(ASK_GROUP, 0, flags | WEXITED | WSTOPPED | WCONTINUED | __WALL);
}

int main(void)
{
	pid_t parent = start_parent(NULL, child, NULL, 0), pid = shm->pid[0];

	await_state(pid, "S");
	pt(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD);
	reach(1);
	await_inactive(pid);
	look("a signal stop", pid);
	show_wait(pid, 0);
	pt(PTRACE_SYSCALL, pid, 0, 0);
	await_inactive(pid);
	look("a syscall stop", pid);
	show_wait(pid, 0);
	look("waited for", pid);
	pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	await_inactive(pid);
	look("a trap", pid);
	show_wait(pid, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
	kill(pid, SIGTSTP);
	show_wait(pid, 0);
	pt(PTRACE_CONT, pid, 0, SIGTSTP);
	await_inactive(pid);
	look("group-stop", pid);
	show_wait(pid, 0);
	look("the tracer has had it", pid);
	ask(ASK_WAIT, pid, WUNTRACED);
	look("both have", pid);
	pt(PTRACE_LISTEN, pid, 0, 0);
	look("listening", pid);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	await_inactive(pid);
	look("interrupted", pid);
	show_wait(pid, 0);
	kill(pid, SIGCONT);
	look("SIGCONT sent", pid);
	pt(PTRACE_CONT, pid, 0, 0);
	await_inactive(pid);
	look("SIGCONT seen", pid);
	show_wait(pid, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	pt(PTRACE_CONT, pid, 0, SIGCONT);
	rest(pid);
	ask(ASK_WAIT, pid, WCONTINUED | WUNTRACED | WNOHANG);
	look("running", pid);
	finish(pid);
	ask(ASK_WAIT, pid, 0);
	end_parent(parent);
	return 0;
}
