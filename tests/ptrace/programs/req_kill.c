// SPDX-License-Identifier: GPL-2.0-only
/* PTRACE_KILL: at a stop, running, asleep, listening, of one thread; its arguments */
#include "req.h"

static void child(void *arg)
{
	raise(SIGUSR1);
	syscall(SYS_pause);
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

static void threaded(void *arg)
{
	pthread_t t;

	pthread_create(&t, NULL, thread, NULL);
	pausing(NULL);
}

static void end(pid_t pid)
{
	pt(PTRACE_KILL, pid, 0, 0);
	show_wait(pid, __WALL);
	show_wait(pid, __WALL);
}

int main(void)
{
	pid_t pid;

	out("at the first stop");
	pid = spawn_traced("tracee", child, NULL);
	end(pid);

	out("at a signal, with arguments");
	pid = spawn_traced("tracee", child, NULL);
	req_go(pid, PTRACE_CONT, 0);
	pt(PTRACE_KILL, pid, -1, 9999);
	show_wait(pid, __WALL);

	out("asleep");
	pid = spawn_traced("tracee", child, NULL);
	req_go(pid, PTRACE_CONT, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	await_syscall(pid, SYS_pause);
	end(pid);

	out("running");
	pid = spawn_seized("tracee", spinning, NULL, 0);
	end(pid);

	out("at an entry");
	pid = spawn_traced("tracee", waiting, NULL);
	req_go(pid, PTRACE_SYSCALL, 0);
	end(pid);

	out("stopped");
	pid = spawn_seized("tracee", pausing, NULL, 0);
	kill(pid, SIGSTOP);
	show_wait(pid, __WALL);
	req_go(pid, PTRACE_CONT, SIGSTOP);
	end(pid);

	out("listening");
	pid = spawn_seized("tracee", pausing, NULL, 0);
	kill(pid, SIGSTOP);
	show_wait(pid, __WALL);
	req_go(pid, PTRACE_CONT, SIGSTOP);
	pt(PTRACE_LISTEN, pid, 0, 0);
	end(pid);

	out("a thread");
	pid = spawn("tracee", threaded, NULL);
	await(0);
	await_syscall(shm->pid[0], SYS_pause);
	pt(PTRACE_SEIZE, shm->pid[0], 0, 0);
	pt(PTRACE_KILL, shm->pid[0], 0, 0);
	show_wait(shm->pid[0], __WALL);
	show_wait(pid, __WALL);
	return 0;
}
