// SPDX-License-Identifier: GPL-2.0-only
/* SIGCHLD to the tracer and to the real parent, when those are two: each stop and death */
#include "wait.h"

static void child(void *arg)
{
	start_threads(1);
	pausing(NULL);
}

static void both(const char *what, pid_t pid)
{
	out("%s", what);
	if (state_of(pid) != 'Z')
		await_inactive(pid);
	take();
	ask(ASK_TAKE, 0, 0);
	show_wait(pid, __WALL | WNOHANG);
	take();
}

int main(void)
{
	pid_t parent, pid, tid;

	hold_sigchld();
	parent = start_parent(NULL, child, NULL, 0);
	pid = shm->pid[0];
	await_threads(1);
	tid = shm->pid[1];
	rest(pid);
	pt(PTRACE_SEIZE, tid, 0, 0);
	pt(PTRACE_ATTACH, pid, 0, 0);
	both("attached", pid);
	pt(PTRACE_SYSCALL, pid, 0, 0);
	both("a syscall stop", pid);
	pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
	kill(pid, SIGSTOP);
	both("a stop signal", pid);
	pt(PTRACE_CONT, pid, 0, SIGSTOP);
	await_inactive(tid);
	await_inactive(pid);
	drain();	/* of whom, the first to stop decides */
	both("group-stop, leader", pid);
	both("group-stop, thread", tid);
	ask(ASK_WAIT, pid, WUNTRACED | WNOHANG);
	pt(PTRACE_LISTEN, tid, 0, 0);
	kill(pid, SIGCONT);
	both("SIGCONT, thread", tid);
	pt(PTRACE_CONT, tid, 0, 0);
	both("the thread takes the signal", tid);
	pt(PTRACE_CONT, tid, 0, SIGCONT);
	rest(tid);
	both("the leader still stands", pid);
	pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
	take();
	ask(ASK_WAIT, pid, WCONTINUED | WNOHANG);
	kill(pid, SIGTERM);
	both("a fatal one", pid);
	pt(PTRACE_CONT, pid, 0, SIGTERM);
	await_zombie(pid);
	await_zombie(tid);
	drain();
	both("both are dead: the leader", pid);
	both("the thread", tid);
	both("the leader again", pid);
	ask(ASK_TAKE, 0, 0);
	ask(ASK_WAIT, pid, WNOHANG);
	end_parent(parent);
	take();
	return 0;
}
