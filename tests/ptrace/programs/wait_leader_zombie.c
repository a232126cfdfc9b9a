// SPDX-License-Identifier: GPL-2.0-only
/* The leader ends before a thread: its zombie is hidden from waits and has its own rules */
#include "wait.h"

static void *thread(void *arg)
{
	name(gettid_(), "thread");
	shm->pid[1] = gettid_();
	reach(1);
	await(3);
	syscall(SYS_exit, 6);
	return NULL;
}

static void child(void *arg)
{
	pthread_t id;

	pthread_create(&id, NULL, thread, NULL);
	await(2);
	syscall(SYS_exit, 5);
}

static void look(const char *what, pid_t pid)
{
	static const int flags[] = {
		WEXITED, WSTOPPED, WCONTINUED, WSTOPPED | WCONTINUED,
		WEXITED | WSTOPPED | __WALL,
	};
	int i;

	out("%s", what);
	show_proc(pid);
	take();
	for (i = 0; i < 5; i++)
		show_waitid(P_PID, pid, flags[i] | WNOHANG | WNOWAIT);
	show_waitid(P_ALL, 0, WSTOPPED | WNOHANG | WNOWAIT);
	show_poll(shm->val[0]);
	show_wait_pidfd(shm->val[0], WEXITED | WNOHANG | WNOWAIT, "WEXITED");
}

/* what: 1 the leader, 2 the thread, 3 both */
static void one(pid_t pid, int what)
{
	pid_t tid;

	await(1);
	tid = shm->pid[1];
	shm->val[0] = pidfd_of(pid, 0);
	if (what & 1)
		pt(PTRACE_SEIZE, pid, 0, 0);
	if (what & 2)
		pt(PTRACE_SEIZE, tid, 0, 0);
	reach(2);
	await_zombie(pid);
	look("the leader is a zombie", pid);
	if (what & 1)
		pt(PTRACE_INTERRUPT, pid, 0, 0);
	pt(PTRACE_DETACH, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	if (what & 2) {
		syscall(SYS_tgkill, pid, tid, SIGUSR1);
		show_wait(tid, __WALL);
		pt(PTRACE_CONT, tid, 0, 0);
	}
	reach(3);
	await_state(tid, what & 2 ? "Z" : "-");
	settle();
	look("the thread has ended", pid);
	if (what & 2)
		show_waitid(P_PID, tid, WEXITED | __WALL | WNOHANG);
	settle();
	look("and is reaped", pid);
	show_wait(pid, WNOHANG);
	show_wait(pid, WNOHANG);
	close(shm->val[0]);
}

int main(void)
{
	pid_t parent;
	int i;

	hold_sigchld();
	for (i = 1; i < 7; i++) {
		forget_steps();
		out("%s; traced: %s", i < 4 ? "own" : "a stranger's",
		    i % 3 == 1 ? "leader" : i % 3 == 2 ? "thread" : "both");
		if (i < 4) {
			one(spawn("tracee", child, NULL), i);
			continue;
		}
		parent = start_parent(NULL, child, NULL, 0);
		one(shm->pid[0], i - 3);
		ask(ASK_TAKE, 0, 0);
		ask(ASK_WAIT, shm->pid[0], 0);
		end_parent(parent);
		drain();
	}
	return 0;
}
