// SPDX-License-Identifier: GPL-2.0-only
/* A zombie that its tracer does not reap: hidden from the real parent, until the tracer ends */
#include "wait.h"

static void tracer(void *arg)
{
	pid_t pid = shm->pid[0];
	int how = *(int *)arg;

	pt(PTRACE_SEIZE, pid, 0, 0);
	kill(pid, SIGKILL);
	await_zombie(pid);
	show_waitid(P_PID, pid, WEXITED | WNOWAIT);
	pt(PTRACE_DETACH, pid, 0, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	reach(1);
	await(2);
	if (how == 1)
		show_wait(pid, 0);
	if (how == 2)
		kill(getpid(), SIGKILL);
}

int main(void)
{
	static const char *const names[] = { "it ends", "it waits", "killed" };
	pid_t parent, other, pid;
	int how;

	for (how = 0; how < 3; how++) {
		out("%s", names[how]);
		forget_steps();
		parent = start_parent(NULL, pausing, NULL, 0);
		pid = shm->pid[0];
		rest(pid);
		other = spawn("other", tracer, &how);
		await(1);
		ask(ASK_TAKE, 0, 0);
		ask(ASK_WAIT, pid, WNOHANG);
		ask(ASK_WAIT, -1, WNOHANG | __WALL);
		ask(ASK_WAITID, pid, WEXITED | WNOHANG | WNOWAIT);
		ask(ASK_WAITID, pid, WSTOPPED | WNOHANG);
		show_proc(pid);
		reach(2);
		show_wait(other, 0);
		settle();
		show_proc(pid);
		ask(ASK_TAKE, 0, 0);
		ask(ASK_WAITID, pid, WEXITED | WNOWAIT);
		ask(ASK_WAIT, pid, 0);
		ask(ASK_WAIT, pid, 0);
		end_parent(parent);
	}
	return 0;
}
