// SPDX-License-Identifier: GPL-2.0-only
/* WNOHANG: of a tracee that runs, sleeps, stops, goes on, is a zombie and is gone */
#include "wait.h"

static void child(void *arg)
{
	raise(SIGUSR1);
	while (!shm->step[1])
		;
	pausing(NULL);
}

static void look(const char *what, pid_t pid)
{
	out("%s", what);
	show_wait(pid, WNOHANG);
	show_wait(-1, WNOHANG | __WALL);
	show_waitid(P_PID, pid, WEXITED | WSTOPPED | WCONTINUED | WNOHANG);
	show_waitid(P_ALL, 0, WEXITED | WNOHANG);
	show_waitid(P_PID, pid, WSTOPPED | WNOHANG);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	look("its stop was waited for", pid);
	pt(PTRACE_CONT, pid, 0, 0);
	await_state(pid, "t");
	look("a signal stop", pid);
	pt(PTRACE_CONT, pid, 0, 0);
	look("running", pid);
	reach(1);
	rest(pid);
	look("asleep", pid);
	kill(pid, SIGUSR2);
	await_state(pid, "t");
	pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
	look("gone on before the wait", pid);
	kill(pid, SIGKILL);
	await_zombie(pid);
	look("zombie", pid);
	show_wait(1, WNOHANG);
	return 0;
}
