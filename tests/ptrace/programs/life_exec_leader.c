// SPDX-License-Identifier: GPL-2.0-only
/* exec by the first thread: the others end, are reported, and hold it up until reaped */
#include "life.h"

static void child(void *arg)
{
	start_threads(2);
	await(3);
	exec_self();
}

static void one(long options, bool old)
{
	pid_t pid, tid[2];
	int i;

	hold_sigchld();
	pid = spawn("leader", child, NULL);
	await_threads(2);
	for (i = 0; i < 2; i++) {
		tid[i] = shm->pid[i + 1];
		pt(PTRACE_SEIZE, tid[i], 0, options);
	}
	if (old) {
		pt(PTRACE_ATTACH, pid, 0, 0);
		quiet_stop(pid);
		pt(PTRACE_SETOPTIONS, pid, 0, options);
		pt(PTRACE_CONT, pid, 0, 0);
	} else {
		pt(PTRACE_SEIZE, pid, 0, options);
	}
	drain();
	reach(3);
	if (options & PTRACE_O_TRACEEXIT) {
		for (i = 0; i < 2; i++) {
			show_wait(tid[i], __WALL);
			show_msg(tid[i]);
			show_wait(pid, WNOHANG);
			pt(PTRACE_CONT, tid[i], 0, 0);
		}
	}
	for (i = 0; i < 2; i++) {
		await_zombie(tid[i]);
		show_proc(pid);
	}
	show_wait(pid, WNOHANG);
	drain();
	for (i = 1; i >= 0; i--)
		show_wait(tid[i], __WALL);
	if (options || old) {
		await_inactive(pid);
		take();
		show_wait(pid, 0);
		show_siginfo(pid);
		show_msg_pid(pid);
		pt(PTRACE_CONT, pid, 0, 0);
	}
	rest(pid);
	take();
	show_proc(pid);
	show_wait(-1, __WALL | WNOHANG);
	kill(pid, SIGKILL);
	show_wait(pid, 0);
	if (options & PTRACE_O_TRACEEXIT) {
		pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, 0);
	}
	take();
}

int main(void)
{
	static const long options[] = {
		0, PTRACE_O_TRACEEXEC, PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT,
	};
	int i;

	for (i = 0; i < 6; i++) {
		out("%s, options %#lx", i & 1 ? "attached" : "seized",
		    options[i / 2]);
		forget_steps();
		one(options[i / 2], i & 1);
	}
	return 0;
}
