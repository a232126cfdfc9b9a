// SPDX-License-Identifier: GPL-2.0-only
/* exec by a thread that is not the first: who is traced decides what the tracer sees of it */
#include "life.h"

static void *execer(void *arg)
{
	name(gettid_(), "execer");
	shm->pid[2] = gettid_();
	reach(2);
	await(3);
	exec_self();
	return NULL;
}

static void child(void *arg)
{
	pthread_t thread;

	start_threads(1);
	pthread_create(&thread, NULL, execer, NULL);
	pausing(NULL);
}

/* who is traced: 1 leader, 2 execer, 4 the third; their zombies are to be reaped */
static void one(pid_t pid, int traced, long options, bool old)
{
	pid_t tid[3] = { pid };
	int i;

	await_threads(1);
	await(2);
	rest(pid);
	tid[1] = shm->pid[2];
	tid[2] = shm->pid[1];
	for (i = 0; i < 3; i++) {
		if (!(traced & 1 << i))
			continue;
		if (!old) {
			quiet_pt(PTRACE_SEIZE, tid[i], 0, options);
			continue;
		}
		quiet_pt(PTRACE_ATTACH, tid[i], 0, 0);
		quiet_stop(tid[i]);
		quiet_pt(PTRACE_SETOPTIONS, tid[i], 0, options);
		quiet_pt(PTRACE_CONT, tid[i], 0, 0);
		if (i != 1)
			rest(tid[i]);
	}
	reach(3);
	if (traced & 4) {
		/* exec cannot go on while this one is a zombie */
		await_zombie(tid[2]);
		show_proc(tid[2]);
		show_proc(tid[1]);
		show_wait(tid[2], __WALL);
	}
	await_state(tid[1], "-");
	await_state(pid, "St");
	if ((traced & 2) && (options || old)) {
		await_inactive(pid);
		/* until it was waited for the old pid is no address */
		pt(PTRACE_GETSIGINFO, pid, 0, 0);
		show_wait(tid[1], __WALL | WNOHANG);
		show_wait(pid, 0);
		show_siginfo(pid);
		show_msg_pid(pid);
		show_proc(pid);
		pt(PTRACE_CONT, pid, 0, 0);
	}
	rest(pid);
	show_proc(pid);
	show_wait(tid[1], __WALL | WNOHANG);
	show_wait(tid[2], __WALL | WNOHANG);
	show_wait(pid, __WALL | WNOHANG);
	show_wait(-1, __WALL | WNOHANG);
}

int main(void)
{
	int traced, how;
	pid_t parent;

	for (how = 0; how < 3; how++) {
		for (traced = 1; traced < 8; traced++) {
			out("%s; traced:%s%s%s", how == 0 ? "seized" :
			    how == 1 ? "seized, TRACEEXEC" : "attached",
			    traced & 1 ? " leader" : "",
			    traced & 2 ? " execer" : "",
			    traced & 4 ? " third" : "");
			forget_steps();
			parent = start_parent(NULL, child, NULL, 0);
			one(shm->pid[0], traced,
			    how == 1 ? PTRACE_O_TRACEEXEC : 0, how == 2);
			kill(shm->pid[0], SIGKILL);
			if (traced & 2)
				show_wait(shm->pid[0], 0);
			ask(ASK_WAIT, shm->pid[0], 0);
			end_parent(parent);
		}
	}
	return 0;
}
