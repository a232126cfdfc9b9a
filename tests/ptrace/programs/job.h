/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs about job control share */
#ifndef JOB_H
#define JOB_H

#include <pthread.h>

#include "sig.h"

/* In a process group that is not orphaned, for ever */
static UNUSED void pausing_in_group(void *arg)
{
	setpgid(0, 0);
	for (;;)
		pause();
}

static UNUSED void *pausing_thread(void *arg)
{
	long i = (long)arg;
	pid_t tid = syscall(SYS_gettid);

	name(tid, "thread %ld", i);
	shm->pid[i] = tid;
	reach(i);
	for (;;)
		pause();
	return NULL;
}

/* The same with as many more threads: 1, 2 ... */
static UNUSED void pausing_threads(void *arg)
{
	pthread_t thread;
	long i;

	for (i = 1; i <= *(int *)arg; i++)
		pthread_create(&thread, NULL, pausing_thread, (void *)i);
	pausing_in_group(NULL);
}

/* Until they are all there and asleep */
static UNUSED void await_threads(pid_t pid, int n)
{
	int i;

	for (i = 1; i <= n; i++) {
		await(i);
		await_syscall(shm->pid[i], SYS_pause);
	}
	await_syscall(pid, SYS_pause);
}

/* A seized one that sleeps in pause() */
static UNUSED pid_t seized_pausing(void)
{
	pid_t pid = spawn_seized("tracee", pausing_in_group, NULL, 0);

	await_syscall(pid, SYS_pause);
	return pid;
}

/* A stop signal, its stop, and the group-stop after it */
static UNUSED void stop_it(pid_t pid, int sig)
{
	kill(pid, sig);
	show_wait(pid, __WALL);
	show_siginfo(pid);
	go(pid, PTRACE_CONT, sig);
}

/* Wait for a stop */
static UNUSED void show_stop(pid_t pid)
{
	show_wait(pid, __WALL);
	show_siginfo(pid);
}

/* Is there something to wait for? */
static UNUSED void nothing(pid_t pid)
{
	show_wait(pid, __WALL | WNOHANG);
}

/* Go on, until it sleeps in pause() again */
static UNUSED void run(pid_t pid, int sig)
{
	pt(PTRACE_CONT, pid, 0, sig);
	await_syscall(pid, SYS_pause);
}

#endif
