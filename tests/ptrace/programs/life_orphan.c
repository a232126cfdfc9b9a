// SPDX-License-Identifier: GPL-2.0-only
/* The real parent ends while another traces: who inherits, is told of the death and reaps it */
#include "life.h"

/* Not killed with its parent, but with the tracer */
static void child(void *arg)
{
	prctl(PR_SET_PDEATHSIG, 0);
	reach(1);
	pausing(NULL);
}

static pid_t parent, pid;

static void tracer(void *arg)
{
	bool zombie = *(bool *)arg;

	hold_sigchld();
	pt(PTRACE_SEIZE, pid, 0, PTRACE_O_EXITKILL);
	kill(pid, zombie ? SIGKILL : SIGUSR1);
	if (zombie) {
		await_zombie(pid);
	} else {
		await_inactive(pid);
		show_wait(pid, 0);
	}
	drain();
	reach(2);
	await(3);
	take();
	show_proc(pid);
	if (!zombie) {
		show_siginfo(pid);
		pt(PTRACE_CONT, pid, 0, 0);
		rest(pid);
		kill(pid, SIGKILL);
		await_zombie(pid);
		take();
	}
	show_waitid(P_PID, pid, WEXITED | WNOWAIT);
	reach(4);
	await(5);
	show_wait(pid, 0);
	take();
}

/* The subreaper is the tracer itself, or a third one */
static void one(bool own, bool zombie)
{
	pid_t other = 0;

	forget_steps();
	hold_sigchld();
	parent = start_parent(NULL, child, NULL, 0);
	pid = shm->pid[0];
	await(1);
	rest(pid);
	if (own) {
		pt(PTRACE_SEIZE, pid, 0, 0);
		kill(pid, zombie ? SIGKILL : SIGUSR1);
		if (zombie)
			await_zombie(pid);
		else	/* the notice reads what a wait clears */
			await_inactive(pid);
		take();
		if (!zombie)
			show_wait(pid, 0);
	} else {
		other = spawn("other", tracer, &zombie);
		await(2);
	}
	end_parent(parent);
	take();
	show_proc(pid);
	show_waitid(P_PID, pid, WEXITED | WSTOPPED | WNOHANG | WNOWAIT);
	if (own) {
		if (!zombie) {
			pt(PTRACE_CONT, pid, 0, SIGKILL);
			await_zombie(pid);
		}
		take();
		show_wait(pid, 0);
		take();
	} else {
		reach(3);
		await(4);
		take();
		show_wait(pid, WNOHANG);
		reach(5);
		show_wait(other, 0);
		settle();
		drain();	/* two children in one notice */
		show_wait(pid, WNOHANG);
	}
	show_wait(-1, WNOHANG);
}

int main(void)
{
	int i;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (i = 0; i < 4; i++) {
		out("%s, %s", i & 1 ? "the tracer inherits" :
		    "another than the tracer inherits",
		    i & 2 ? "a zombie" : "alive");
		one(i & 1, i & 2);
	}
	return 0;
}
