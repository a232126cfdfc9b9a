// SPDX-License-Identifier: GPL-2.0-only
/* Signals for a group go to a thread that is not in a stop; for a thread to it */
#include <pthread.h>

#include "sig.h"

static void *second(void *arg)
{
	name(syscall(SYS_gettid), "second");
	shm->pid[0] = syscall(SYS_gettid);
	reach(0);
	for (;;)
		pause();
	return NULL;
}

static void child(void *arg)
{
	pthread_t thread;

	handle(SIGUSR1, tell, 0);
	handle(SIGUSR2, tell, 0);
	handle(SIGHUP, tell, 0);
	pthread_create(&thread, NULL, second, NULL);
	for (;;)
		pause();
}

static pid_t pid, tid;

static void go_on(pid_t which, int sig)
{
	pt(PTRACE_CONT, which, 0, sig);
	await_syscall(which, SYS_pause);
}

static void nothing(pid_t which)
{
	show_wait(which, __WALL | WNOHANG);
}

int main(void)
{
	pid = spawn_seized("first", child, NULL, 0);
	await(0);
	tid = shm->pid[0];
	pt(PTRACE_SEIZE, tid, 0, 0);
	await_syscall(pid, SYS_pause);
	await_syscall(tid, SYS_pause);

	out("both run");
	kill(pid, SIGUSR1);
	show_wait(pid, 0);
	show_siginfo(pid);
	nothing(tid);

	out("the first is in a stop");
	kill(pid, SIGUSR2);
	show_wait(tid, __WALL);
	show_siginfo(tid);

	out("both are in a stop");
	kill(pid, SIGHUP);
	show_proc(pid);
	show_proc(tid);
	out("the second goes on");
	pt(PTRACE_CONT, tid, 0, 0);
	show_wait(tid, __WALL);
	show_siginfo(tid);
	go_on(tid, SIGHUP);
	go_on(pid, SIGUSR1);

	out("to one thread");
	send(pid, tid, SIGUSR1);
	show_wait(tid, __WALL);
	show_siginfo(tid);
	send(pid, pid, SIGUSR1);
	show_wait(pid, __WALL);
	show_siginfo(pid);
	send(pid, tid, SIGUSR1);
	go_on(pid, 0);
	pt(PTRACE_CONT, tid, 0, 0);
	show_wait(tid, __WALL);

	out("a deadly one, injected in the second, for all");
	pt(PTRACE_CONT, tid, 0, SIGTERM);
	show_wait(tid, __WALL);
	show_wait(pid, __WALL);
	nothing(tid);
	return 0;
}
