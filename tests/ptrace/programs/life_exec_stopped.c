// SPDX-License-Identifier: GPL-2.0-only
/* exec while another thread is in a ptrace stop, by the first thread or by another: it is killed */
#include "life.h"

static void *execer(void *arg)
{
	if (gettid_() != getpid())
		name(gettid_(), "execer");
	shm->pid[2] = gettid_();
	reach(2);
	await(3);
	exec_self();
	return NULL;
}

/* By its first thread, or by the second one while the first sleeps */
static void child(void *arg)
{
	pthread_t thread;

	start_threads(1);
	if (*(bool *)arg)
		execer(NULL);
	pthread_create(&thread, NULL, execer, NULL);
	pausing(NULL);
}

static void one(bool leader, int how, long options)
{
	pid_t pid = spawn("leader", child, &leader), tid, execer;

	await_threads(1);
	await(2);
	execer = shm->pid[2];
	/* the one that is to stop: the first one if that does not exec */
	tid = leader ? shm->pid[1] : pid;
	if (!leader)
		rest(pid);
	quiet_pt(PTRACE_SEIZE, tid, 0, options);
	quiet_pt(PTRACE_SEIZE, execer, 0, options | PTRACE_O_TRACEEXEC);
	if (how == 0)
		syscall(SYS_tgkill, pid, tid, SIGUSR1);
	else
		pt(PTRACE_INTERRUPT, tid, 0, 0);
	show_wait(tid, __WALL);
	if (how == 2) {
		pt(PTRACE_SYSCALL, tid, 0, 0);
		show_wait(tid, __WALL);
	}
	reach(3);
	if (options) {
		show_wait(tid, __WALL);
		show_msg(tid);
		/* exec waits for it */
		await_state(execer, "D");
		pt(PTRACE_CONT, tid, 0, 0);
	}
	if (leader) {
		await_zombie(tid);
		show_wait(tid, __WALL);
	}
	await_state(pid, "t");
	show_wait(pid, 0);
	show_msg_pid(pid);
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
	show_proc(pid);
	finish(pid);
}

int main(void)
{
	static const char *const hows[] = { "signal", "trap", "syscall entry" };
	int i;

	for (i = 0; i < 12; i++) {
		out("%s execs, %s%s", i & 1 ? "the leader" : "a thread",
		    hows[i / 2 % 3], i < 6 ? "" : ", TRACEEXIT");
		forget_steps();
		one(i & 1, i / 2 % 3, i < 6 ? 0 : PTRACE_O_TRACEEXIT);
	}
	return 0;
}
