// SPDX-License-Identifier: GPL-2.0-only
/* A stranger traces: SIGCHLD and waits of the real parent for stop, continue and death */
#include "job.h"

/* The parent's and the tracer's turns alternate */
static void turn(int step)
{
	reach(step);
	await(step + 1);
}

static void look(const char *what)
{
	out("parent: %s", what);
}

static void parent(void *arg)
{
	bool seized = *(int *)arg;
	pid_t pid;

	hold_sigchld();
	pid = spawn("tracee", pausing_in_group, NULL);
	await_syscall(pid, SYS_pause);
	shm->pid[0] = pid;
	turn(0);
	look("in the signal stop");
	no_sigchld();
	show_wait(pid, WUNTRACED | WCONTINUED | WNOHANG);
	turn(2);
	look("in the group-stop");
	show_sigchld();
	show_waitid(P_PID, pid, WSTOPPED | WNOWAIT);
	show_wait(pid, WUNTRACED);
	show_wait(pid, WUNTRACED | WCONTINUED | WNOHANG);
	turn(4);
	look("after SIGCONT");
	if (seized)
		show_sigchld();
	no_sigchld();
	show_wait(pid, WUNTRACED | WCONTINUED);
	show_wait(pid, WUNTRACED | WCONTINUED | WNOHANG);
	turn(6);
	look("running");
	if (!seized)
		show_sigchld();
	no_sigchld();
	show_wait(pid, WUNTRACED | WCONTINUED | WNOHANG);
	turn(8);
	look("a zombie of the tracer");
	no_sigchld();
	show_wait(pid, WNOHANG);
	turn(10);
	look("and of mine");
	show_sigchld();
	show_wait(pid, 0);
}

int main(void)
{
	int seized;

	for (seized = 0; seized < 2; seized++) {
		pid_t mother, pid;

		memset((void *)shm->step, 0, sizeof(shm->step));
		out("%s", seized ? "SEIZE" : "ATTACH");
		mother = spawn("parent", parent, &seized);
		await(0);
		pid = shm->pid[0];
		pt(seized ? PTRACE_SEIZE : PTRACE_ATTACH, pid, 0, 0);
		if (seized)
			kill(pid, SIGSTOP);
		show_stop(pid);
		turn(1);
		go(pid, PTRACE_CONT, SIGSTOP);
		turn(3);
		if (seized)
			pt(PTRACE_LISTEN, pid, 0, 0);
		kill(pid, SIGCONT);
		if (seized)
			show_stop(pid);
		turn(5);
		go(pid, PTRACE_CONT, 0);
		run(pid, 0);
		turn(7);
		kill(pid, SIGTERM);
		show_stop(pid);
		pt(PTRACE_CONT, pid, 0, SIGTERM);
		await_state(pid, "Z");
		turn(9);
		show_wait(pid, 0);
		reach(11);
		show_wait(mother, 0);
	}
	return 0;
}
