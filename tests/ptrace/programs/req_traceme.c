// SPDX-License-Identifier: GPL-2.0-only
/* TRACEME: arguments, twice, when attached, in a thread, for an orphan, refused */
#include <sys/prctl.h>

#include "req.h"

static void once(const char *what)
{
	long ret = quiet_pt(PTRACE_TRACEME, 0, 0, 0);

	out("%s: %s", what, show_errno(ret));
}

static void twice(void *arg)
{
	long ret = quiet_pt(PTRACE_TRACEME, -1, -1, -1);

	out("odd arguments: %s", show_errno(ret));
	once("twice");
	show_proc(getpid());
	/* it can be a tracer, too */
	pt(PTRACE_SEIZE, getppid(), 0, 0);
}

static void attached(void *arg)
{
	await(0);
	once("attached");
	show_proc(getpid());
}

static void *thread(void *arg)
{
	name(syscall(SYS_gettid), "thread");
	once("thread");
	show_proc(syscall(SYS_gettid));
	return NULL;
}

static void threaded(void *arg)
{
	pthread_t t;

	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	once("its leader");
	show_proc(getpid());
}

static void orphan(void)
{
	await(1);
	while (getppid() == shm->pid[0])
		sched_yield();
	once("orphan");
	show_proc(getpid());
	raise(SIGUSR1);
	_exit(5);
}

static void leaving(void *arg)
{
	pid_t pid;

	shm->pid[0] = getpid();
	pid = fork();
	if (!pid)
		orphan();
	name(pid, "orphan");
	shm->pid[1] = pid;
}

static void privileged(void *arg)
{
	await(2);
	once("more rights than the parent");
	show_proc(getpid());
	reach(3);
}

static void dropping(void *arg)
{
	pid_t pid = fork();

	if (!pid) {
		name(getpid(), "privileged");
		privileged(NULL);
		_exit(0);
	}
	if (setresuid(1, 1, 1))
		out("setresuid: %s", show_errno(-1));
	reach(2);
	await(3);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	pid_t pid;

	pid = spawn("twice", twice, NULL);
	show_wait(pid, 0);
	pid = spawn("attached", attached, NULL);
	pt(PTRACE_SEIZE, pid, 0, 0);
	reach(0);
	show_wait(pid, 0);
	pid = spawn("threaded", threaded, NULL);
	/* the thread's end wakes nobody here, it is reaped by its own tracer */
	do
		waitpid(-1, NULL, __WALL);
	while (state_of(pid) != '-');

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = spawn("leaving", leaving, NULL);
	show_wait(pid, 0);
	pid = shm->pid[1];
	reach(1);
	show_wait(pid, 0);
	show_siginfo(pid);
	req_go(pid, PTRACE_CONT, 0);
	pid = spawn("dropping", dropping, NULL);
	show_wait(pid, 0);
	return 0;
}
