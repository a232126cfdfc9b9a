// SPDX-License-Identifier: GPL-2.0-only
/* Another thread of the tracer's process: no requests, but it can wait */
#include "req.h"

static void child(void *arg)
{
	raise(SIGUSR1);
	pausing(NULL);
}

static pid_t pid, own;

static void *thread(void *arg)
{
	name(syscall(SYS_gettid), "thread");
	out("by another thread");
	show_proc(pid);
	req_refused(pid);
	pt(PTRACE_KILL, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	pt(PTRACE_ATTACH, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	show_wait(pid, __WALL | WNOHANG | __WNOTHREAD);
	show_wait(pid, __WALL);
	show_proc(pid);

	/* one of its own, which the first thread cannot ask */
	own = spawn_traced("own", child, NULL);
	show_proc(own);
	reach(0);
	await(1);
	pt(PTRACE_CONT, own, 0, 0);
	show_wait(own, __WALL | __WNOTHREAD);
	show_siginfo(own);
	out("the thread ends");
	return NULL;
}

int main(void)
{
	pthread_t t;

	pid = spawn_seized("tracee", child, NULL, 0);
	await_state(pid, "t");
	pthread_create(&t, NULL, thread, NULL);
	await(0);
	out("by the first thread");
	req_refused(own);
	pt(PTRACE_CONT, own, 0, 0);
	show_wait(own, __WALL | WNOHANG | __WNOTHREAD);
	pt(PTRACE_CONT, pid, 0, SIGUSR1);
	show_wait(pid, __WALL);
	out("the thread's turn");
	reach(1);
	pthread_join(t, NULL);
	/* its tracee went on, and died by the signal it had */
	show_wait(own, __WALL);
	return 0;
}
