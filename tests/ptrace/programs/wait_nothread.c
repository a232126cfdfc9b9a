// SPDX-License-Identifier: GPL-2.0-only
/* __WNOTHREAD: waits of the tracer's other threads for its tracees and its children */
#include "wait.h"

static pid_t parent, stranger, own;

static void look(const char *what)
{
	const int flags = WEXITED | WSTOPPED | WNOHANG | WNOWAIT;

	out("%s", what);
	show_waitid(P_PID, stranger, flags);
	show_waitid(P_PID, stranger, flags | __WNOTHREAD);
	show_waitid(P_PID, own, flags);
	show_waitid(P_PID, own, flags | __WNOTHREAD);
	show_waitid(P_ALL, 0, flags | __WALL);
	show_waitid(P_ALL, 0, flags | __WALL | __WNOTHREAD);
	pt(PTRACE_GETSIGINFO, stranger, 0, 0);
	pt(PTRACE_CONT, own, 0, 0);
}

/* The tracer; the other one has no child and no tracee */
static void *tracer(void *arg)
{
	name(gettid_(), "tracer thread");
	own = spawn("own child", pausing, NULL);
	rest(own);
	pt(PTRACE_SEIZE, stranger, 0, 0);
	pt(PTRACE_SEIZE, own, 0, 0);
	kill(stranger, SIGUSR1);
	kill(own, SIGUSR2);
	await_state(stranger, "t");
	await_state(own, "t");
	reach(1);
	await(2);
	/* without consent the other one's wait takes the stop */
	show_wait(own, __WNOTHREAD | WNOHANG);
	show_wait(stranger, __WNOTHREAD | WNOHANG);
	pt(PTRACE_CONT, own, 0, SIGKILL);
	pt(PTRACE_CONT, stranger, 0, SIGKILL);
	await_zombie(own);
	await_zombie(stranger);
	reach(3);
	await(4);
	return NULL;
}

int main(void)
{
	pthread_t thread;

	parent = start_parent(NULL, pausing, NULL, 0);
	stranger = shm->pid[0];
	name(stranger, "stranger");
	rest(stranger);
	pthread_create(&thread, NULL, tracer, NULL);
	await(1);
	look("in stops");
	show_wait(stranger, 0);
	show_wait(-1, WNOHANG);
	reach(2);
	await(3);
	look("zombies");
	show_wait(own, __WNOTHREAD);
	show_wait(own, 0);
	show_wait(-1, __WNOTHREAD | WNOHANG);
	show_wait(stranger, __WNOTHREAD);
	show_wait(stranger, 0);
	reach(4);
	pthread_join(thread, NULL);
	ask(ASK_WAIT, stranger, 0);
	end_parent(parent);
	return 0;
}
