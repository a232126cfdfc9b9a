// SPDX-License-Identifier: GPL-2.0-only
/* A group's signal, blocked in the first thread or in all, and who takes it */
#include <pthread.h>

#include "sig.h"

static void *second(void *arg)
{
	mask(SIG_UNBLOCK, SIGUSR1);
	name(syscall(SYS_gettid), "second");
	shm->pid[0] = syscall(SYS_gettid);
	reach(0);
	await(1);
	mask(SIG_UNBLOCK, SIGUSR2);
	reach(2);
	for (;;)
		pause();
	return NULL;
}

static void child(void *arg)
{
	pthread_t thread;

	handle(SIGUSR1, tell, 0);
	handle(SIGUSR2, tell, 0);
	mask(SIG_BLOCK, SIGUSR1);
	mask(SIG_BLOCK, SIGUSR2);
	pthread_create(&thread, NULL, second, NULL);
	for (;;)
		pause();
}

int main(void)
{
	pid_t pid = spawn_seized("first", child, NULL, 0);
	pid_t tid;

	await(0);
	tid = shm->pid[0];
	pt(PTRACE_SEIZE, tid, 0, 0);
	await_syscall(pid, SYS_pause);

	kill(pid, SIGUSR1);
	show_wait(tid, __WALL);
	show_siginfo(tid);
	pt(PTRACE_CONT, tid, 0, SIGUSR1);

	queue(pid, SIGUSR2, 5);
	/* for the process, not for a thread: it waits */
	reach(1);
	show_wait(tid, __WALL);
	show_siginfo(tid);
	show_mask(tid);
	show_mask(pid);
	pt(PTRACE_CONT, tid, 0, SIGUSR2);
	await(2);
	show_wait(-1, __WALL | WNOHANG);
	finish(tid);
	finish(pid);
	return 0;
}
