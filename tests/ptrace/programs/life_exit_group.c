// SPDX-License-Identifier: GPL-2.0-only
/* exit_group and a fatal signal, other traced threads in stops: status of each, exit events */
#include "life.h"

static void *exiter(void *arg)
{
	name(gettid_(), "exiter");
	shm->pid[3] = gettid_();
	reach(3);
	await(4);
	if (*(int *)arg)
		syscall(SYS_tgkill, getpid(), gettid_(), SIGTERM);
	else
		_exit(9);
	return NULL;
}

static void child(void *arg)
{
	pthread_t thread;

	start_threads(2);
	pthread_create(&thread, NULL, exiter, arg);
	pausing(NULL);
}

static void one(int fatal, long options)
{
	pid_t tid[4] = { spawn("leader", child, &fatal) };
	int i;

	await_threads(2);
	await(3);
	rest(tid[0]);
	for (i = 1; i < 4; i++)
		tid[i] = shm->pid[i];
	for (i = 0; i < 4; i++)
		pt(PTRACE_SEIZE, tid[i], 0, options);
	/* the leader and a thread in stops, one asleep */
	pt(PTRACE_INTERRUPT, tid[0], 0, 0);
	show_wait(tid[0], 0);
	syscall(SYS_tgkill, tid[0], tid[1], SIGUSR1);
	show_wait(tid[1], 0);
	reach(4);
	if (fatal) {
		show_wait(tid[3], 0);
		pt(PTRACE_CONT, tid[3], 0, SIGTERM);
	}
	if (options) {
		for (i = 0; i < 4; i++) {
			show_wait(tid[i], 0);
			show_msg(tid[i]);
		}
		for (i = 0; i < 4; i++)
			pt(PTRACE_CONT, tid[i], 0, SIGUSR2);
	}
	for (i = 0; i < 4; i++) {
		await_zombie(tid[i]);
		pt(PTRACE_CONT, tid[i], 0, 0);
	}
	for (i = 0; i < 4; i++)
		show_wait(tid[i], WNOHANG);
	show_wait(tid[0], 0);
}

int main(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		out("%s%s", i & 1 ? "SIGTERM" : "exit_group",
		    i & 2 ? ", TRACEEXIT" : "");
		forget_steps();
		one(i & 1, i & 2 ? PTRACE_O_TRACEEXIT : 0);
	}
	return 0;
}
