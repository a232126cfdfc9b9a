// SPDX-License-Identifier: GPL-2.0-only
/* ATTACH and SEIZE: self, own thread, parent, threads, the dead, nobody; twice */
#include "req.h"

static void *thread(void *arg)
{
	long i = (long)arg;

	shm->pid[i] = syscall(SYS_gettid);
	name(shm->pid[i], "thread %ld", i);
	reach(i);
	for (;;)
		pause();
	return NULL;
}

static void threaded(void *arg)
{
	pthread_t t;

	pthread_create(&t, NULL, thread, (void *)1L);
	pausing(NULL);
}

static void both(const char *what, pid_t pid)
{
	out("%s", what);
	pt(PTRACE_ATTACH, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
}

static void taker(void *arg)
{
	/* taken by the tracer already */
	both("another's", shm->pid[3]);
	out("the parent");
	pt(PTRACE_SEIZE, getppid(), 0, 0);
	pt(PTRACE_SEIZE, getppid(), 0, 0);
	pt(PTRACE_ATTACH, getppid(), 0, 0);
}

static void forking(void *arg)
{
	_exit(0);
}

int main(void)
{
	pid_t pid, other;
	pthread_t t;

	both("self", getpid());
	pthread_create(&t, NULL, thread, (void *)2L);
	await(2);
	both("own thread", shm->pid[2]);
	both("nobody", 0x3fffffff);
	both("pid 0", 0);
	both("pid -1", -1);
	both("own group", -getpid());
	name(2, "kthreadd");
	both("a kernel thread", 2);

	pid = spawn("dead", forking, NULL);
	await_state(pid, "Z");
	both("a zombie", pid);
	show_wait(pid, 0);
	both("gone", pid);

	pid = spawn("tracee", threaded, NULL);
	await(1);
	await_syscall(pid, SYS_pause);
	await_syscall(shm->pid[1], SYS_pause);
	shm->pid[3] = pid;
	/* addr and data of ATTACH are not used */
	pt(PTRACE_ATTACH, pid, -1, -1);
	both("again", pid);
	show_wait(pid, __WALL);
	both("again, at its stop", pid);
	show_proc(shm->pid[1]);
	other = spawn("taker", taker, NULL);
	show_wait(other, 0);
	show_proc(pid);

	out("its thread alone");
	pt(PTRACE_SEIZE, shm->pid[1], 0, PTRACE_O_TRACEEXIT);
	both("again", shm->pid[1]);
	pt(PTRACE_INTERRUPT, shm->pid[1], 0, 0);
	show_wait(shm->pid[1], __WALL);
	show_proc(shm->pid[1]);
	pt(PTRACE_DETACH, shm->pid[1], 0, 0);
	pt(PTRACE_DETACH, shm->pid[1], 0, 0);
	pt(PTRACE_ATTACH, shm->pid[1], 0, 0);
	show_wait(shm->pid[1], __WALL);
	show_proc(shm->pid[1]);
	pt(PTRACE_DETACH, shm->pid[1], 0, 0);
	/* the other way round */
	pt(PTRACE_DETACH, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	both("again", pid);
	await_syscall(pid, SYS_pause);
	show_proc(pid);
	finish(pid);
	return 0;
}
