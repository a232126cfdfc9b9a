// SPDX-License-Identifier: GPL-2.0-only
/* Every request to a dead tracee, a dead leader with a live thread, a dead thread */
#include "req.h"

static void dying(void *arg)
{
	_exit(3);
}

static void *thread(void *arg)
{
	shm->pid[0] = syscall(SYS_gettid);
	name(shm->pid[0], "thread");
	reach(0);
	for (;;)
		pause();
	return NULL;
}

static void leaving(void *arg)
{
	pthread_t t;

	pthread_create(&t, NULL, thread, NULL);
	await(0);
	await(1);
	syscall(SYS_exit, 4);
}

static void *dying_thread(void *arg)
{
	shm->pid[1] = syscall(SYS_gettid);
	name(shm->pid[1], "dying thread");
	reach(2);
	await(3);
	syscall(SYS_exit, 5);
	return NULL;
}

static void staying(void *arg)
{
	pthread_t t;

	pthread_create(&t, NULL, dying_thread, NULL);
	pausing(NULL);
}

static void ask(const char *what, pid_t pid)
{
	await_state(pid, "Z");
	out("%s", what);
	show_proc(pid);
	req_refused(pid);
	pt(PTRACE_KILL, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	pt(PTRACE_ATTACH, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	show_proc(pid);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", dying, NULL);

	pt(PTRACE_CONT, pid, 0, 0);
	ask("dead", pid);
	show_wait(pid, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	pt(PTRACE_KILL, pid, 0, 0);

	pid = spawn_seized("seized", dying, NULL, 0);
	ask("dead, seized", pid);
	show_wait(pid, 0);

	pid = spawn("leader", leaving, NULL);
	await(0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	pt(PTRACE_SEIZE, shm->pid[0], 0, 0);
	reach(1);
	ask("a leader that left its thread", pid);
	show_wait(pid, __WALL | WNOHANG);
	await_syscall(shm->pid[0], SYS_pause);
	show_proc(shm->pid[0]);
	finish(shm->pid[0]);
	show_wait(pid, __WALL);

	pid = spawn("leader", staying, NULL);
	await(2);
	pt(PTRACE_SEIZE, shm->pid[1], 0, 0);
	reach(3);
	ask("a thread that left its leader", shm->pid[1]);
	show_wait(shm->pid[1], __WALL);
	pt(PTRACE_KILL, shm->pid[1], 0, 0);
	finish(pid);

	/* not traced at all */
	pid = spawn("child", dying, NULL);
	ask("a dead child that is no tracee", pid);
	show_wait(pid, 0);
	return 0;
}
