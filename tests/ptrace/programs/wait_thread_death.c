// SPDX-License-Identifier: GPL-2.0-only
/* Traced threads that end: status, SIGCHLD and waits of each; untraced ones leave nothing */
#include "wait.h"

static void *ending(void *arg)
{
	long i = (long)arg;

	name(gettid_(), "thread %ld", i);
	shm->pid[i] = gettid_();
	reach(i);
	await(i + 5);
	syscall(SYS_exit, 10 + i);
	return NULL;
}

static void child(void *arg)
{
	pthread_t thread;
	long i;

	for (i = 1; i <= 3; i++)
		pthread_create(&thread, NULL, ending, (void *)i);
	await(10);
	_exit(3);
}

static void look(const char *what, pid_t pid)
{
	out("%s", what);
	settle();
	show_proc(pid);
	take();
	show_waitid(P_PID, pid, WEXITED | WNOHANG);
	show_waitid(P_PID, pid, WEXITED | WNOHANG | __WALL);
	take();
}

static void one(pid_t pid, bool leader)
{
	int i;

	for (i = 1; i <= 3; i++)
		await(i);
	pt(PTRACE_SEIZE, shm->pid[1], 0, 0);
	pt(PTRACE_SEIZE, shm->pid[2], 0, PTRACE_O_TRACEEXIT);
	if (leader)
		pt(PTRACE_SEIZE, pid, 0, 0);
	reach(6);
	await_state(shm->pid[1], "Z");
	look("thread 1", shm->pid[1]);
	reach(7);
	await_inactive(shm->pid[2]);
	look("thread 2 in its exit", shm->pid[2]);
	show_wait(shm->pid[2], __WALL | WNOHANG);
	show_msg(shm->pid[2]);
	pt(PTRACE_CONT, shm->pid[2], 0, 0);
	await_zombie(shm->pid[2]);
	/* not reaped: the leader's death waits for that */
	show_proc(shm->pid[2]);
	reach(8);
	await_state(shm->pid[3], "-");
	look("thread 3, not traced", shm->pid[3]);
	reach(10);
	await_zombie(pid);
	look("the leader while a thread is a zombie", pid);
	look("thread 2", shm->pid[2]);
	look("the leader", pid);
}

int main(void)
{
	pid_t parent;
	int i;

	hold_sigchld();
	for (i = 0; i < 4; i++) {
		forget_steps();
		out("%s, the leader %s traced", i < 2 ? "own" : "a stranger's",
		    i & 1 ? "is" : "is not");
		if (i < 2) {
			one(spawn("tracee", child, NULL), i & 1);
			continue;
		}
		parent = start_parent(NULL, child, NULL, 0);
		one(shm->pid[0], i & 1);
		ask(ASK_TAKE, 0, 0);
		ask(ASK_WAIT, shm->pid[0], 0);
		end_parent(parent);
		drain();
	}
	return 0;
}
