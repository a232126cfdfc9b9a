// SPDX-License-Identifier: GPL-2.0-only
/* SIGCHLD to the parent that traces: one for each stop, none while it goes on, its death */
#include "wait.h"

static void child(void *arg)
{
	start_threads(1);
	pausing(NULL);
}

static void at(const char *what, pid_t pid)
{
	out("%s", what);
	await_inactive(pid);
	take();
	take();
	show_wait(pid, __WALL | WNOHANG);
	take();
}

static void on(const char *what, pid_t pid, pid_t sleeper, int sig)
{
	out("%s", what);
	pt(PTRACE_CONT, pid, 0, sig);
	rest(sleeper);
	take();
	show_waitid(P_PID, pid, WCONTINUED | WNOHANG);
}

int main(void)
{
	pid_t pid, tid;

	hold_sigchld();
	pid = spawn("tracee", child, NULL);
	await_threads(1);
	tid = shm->pid[1];
	rest(pid);
	out("ATTACH");
	pt(PTRACE_SEIZE, tid, 0, PTRACE_O_TRACEEXIT);
	pt(PTRACE_ATTACH, pid, 0, 0);
	at("stopped", pid);
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXIT);
	on("on", pid, pid, 0);
	pt(PTRACE_INTERRUPT, tid, 0, 0);
	at("the thread in a trap", tid);
	on("on", tid, tid, 0);
	kill(pid, SIGSTOP);
	at("a stop signal", pid);
	out("group-stop of both");
	pt(PTRACE_CONT, pid, 0, SIGSTOP);
	await_inactive(tid);
	await_inactive(pid);
	drain();	/* of whom, the first to stop decides */
	at("the leader", pid);
	at("the thread", tid);
	kill(pid, SIGCONT);
	out("SIGCONT");
	pt(PTRACE_CONT, tid, 0, 0);
	at("the thread", tid);
	take();
	pt(PTRACE_CONT, tid, 0, 0);
	at("the thread takes the signal", tid);
	on("on", tid, tid, SIGCONT);
	on("on", pid, pid, 0);
	out("the thread is told to exit");
	kill(pid, SIGTERM);
	at("the signal", pid);
	pt(PTRACE_CONT, pid, 0, SIGTERM);
	await_inactive(tid);
	await_inactive(pid);
	drain();
	at("the leader in its exit", pid);
	at("the thread in its exit", tid);
	pt(PTRACE_CONT, pid, 0, 0);
	await_zombie(pid);
	take();
	show_wait(pid, WNOHANG);
	pt(PTRACE_CONT, tid, 0, 0);
	await_zombie(tid);
	take();
	show_wait(pid, WNOHANG);
	show_wait(tid, __WALL);
	take();
	show_wait(pid, 0);
	take();
	return 0;
}
