// SPDX-License-Identifier: GPL-2.0-only
/* State and TracerPid of each thread when only one or two of them are traced */
#include <pthread.h>

#include "../rig.h"

static void *thread(void *arg)
{
	long n = (long)arg;

	shm->pid[n] = syscall(SYS_gettid);
	reach(n);
	for (;;)
		pause();
	return NULL;
}

static void child(void *arg)
{
	pthread_t id;
	long n;

	for (n = 1; n < 4; n++)
		pthread_create(&id, NULL, thread, (void *)n);
	for (;;)
		pause();
}

/* /proc/TID of a thread shows the thread */
static void show_all(pid_t pid)
{
	int n;

	show_proc(pid);
	for (n = 1; n < 4; n++)
		show_proc(shm->pid[n]);
}

int main(void)
{
	pid_t pid, *tid = (pid_t *)shm->pid;
	int n;

	pid = spawn("leader", child, NULL);
	for (n = 1; n < 4; n++) {
		await(n);
		name(tid[n], "thread %d", n);
		await_syscall(tid[n], SYS_pause);
	}
	await_syscall(pid, SYS_pause);
	show_all(pid);
	pt(PTRACE_SEIZE, tid[1], 0, 0);
	pt(PTRACE_SEIZE, tid[2], 0, 0);
	pt(PTRACE_INTERRUPT, tid[1], 0, 0);
	show_wait(tid[1], __WALL);
	show_all(pid);
	/* a group stop takes the others as well */
	kill(pid, SIGSTOP);
	show_wait(tid[2], __WALL);
	await_state(pid, "T");
	await_state(tid[3], "T");
	show_all(pid);
	pt(PTRACE_DETACH, tid[2], 0, 0);
	await_state(tid[2], "T");
	show_all(pid);
	kill(pid, SIGKILL);
	finish(tid[1]);
	finish(pid);
	return 0;
}
