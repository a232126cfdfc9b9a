// SPDX-License-Identifier: GPL-2.0-only
/* A zombie leader and a live thread: requests, signals to the group, a fatal one to the process */
#include "life.h"

static void child(void *arg)
{
	start_threads(1);
	await(2);
	syscall(SYS_exit, 5);
}

/* 1: the leader is traced, 2: the thread is, 3: both */
static void one(int traced, int sig)
{
	pid_t pid = spawn("leader", child, NULL), tid;

	await_threads(1);
	tid = shm->pid[1];
	if (traced & 1)
		pt(PTRACE_SEIZE, pid, 0, 0);
	if (traced & 2)
		pt(PTRACE_SEIZE, tid, 0, 0);
	reach(2);
	await_zombie(pid);
	show_proc(pid);
	pt(PTRACE_GETSIGINFO, pid, 0, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	pt(PTRACE_ATTACH, pid, 0, 0);
	kill(pid, sig);
	/* traced leaders keep a fatal signal from ending all at once */
	await_state(tid, "tZ-");
	settle();
	show_proc(tid);
	show_proc(pid);
	if (traced & 2) {
		show_wait(tid, __WALL);
		if (WIFSTOPPED(last_status())) {
			pt(PTRACE_CONT, tid, 0, sig);
			show_wait(tid, __WALL);
		}
	}
	settle();
	show_wait(pid, 0);
	show_wait(tid, __WALL | WNOHANG);
}

int main(void)
{
	static const int sigs[] = { SIGUSR1, SIGSEGV, SIGKILL };
	int i;

	for (i = 0; i < 9; i++) {
		out("traced:%s%s, %s", (i / 3 + 1) & 1 ? " leader" : "",
		    (i / 3 + 1) & 2 ? " thread" : "", signame(sigs[i % 3]));
		forget_steps();
		one(i / 3 + 1, sigs[i % 3]);
	}
	return 0;
}
