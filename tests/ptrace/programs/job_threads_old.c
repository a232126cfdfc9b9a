// SPDX-License-Identifier: GPL-2.0-only
/* Group stop when the first thread is traced, old style, and another one is not */
#include "job.h"

static void on_cont(int sig)
{
	reach(7);
}

static void child(void *arg)
{
	signal(SIGCONT, on_cont);
	pausing_threads(arg);
}

int main(void)
{
	int threads = 1;
	pid_t pid = spawn_traced("first", child, &threads), one;

	pt(PTRACE_CONT, pid, 0, 0);
	await_threads(pid, 1);
	one = shm->pid[1];

	kill(pid, SIGSTOP);
	show_stop(pid);
	show_proc(one);
	go(pid, PTRACE_CONT, SIGSTOP);
	await_state(one, "T");
	show_proc(pid);
	show_proc(one);
	/* the other one goes on and takes the signal */
	kill(pid, SIGCONT);
	await(7);
	await_syscall(one, SYS_pause);
	show_proc(pid);
	show_proc(one);
	nothing(pid);
	run(pid, 0);

	/* the other one is stopped by a signal of its own */
	shm->step[7] = 0;
	send(pid, one, SIGTSTP);
	/* old style: a group-stop without a signal stop before */
	show_stop(pid);
	await_state(one, "T");
	nothing(pid);
	kill(pid, SIGCONT);
	await(7);
	await_syscall(one, SYS_pause);
	show_proc(pid);
	run(pid, 0);
	finish(pid);
	return 0;
}
