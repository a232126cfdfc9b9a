// SPDX-License-Identifier: GPL-2.0-only
/* RET_KILL_THREAD ends one thread, RET_KILL_PROCESS all; exit events of both */
#include <pthread.h>

#include "sec.h"

static void *thread(void *arg)
{
	FILTER({ SYS_dup2, *(unsigned int *)arg });
	syscall(SYS_dup2, 1, 50);
	return NULL;
}

static void child(void *arg)
{
	pthread_t id;

	pthread_create(&id, NULL, thread, arg);
	await(0);
	_exit(9);
}

int main(void)
{
	static unsigned int actions[] = {
		SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS,
	};
	unsigned long msg;
	int i, status;
	pid_t pid;

	for (i = 0; i < 2; i++) {
		out("%s", i ? "KILL_PROCESS" : "KILL_THREAD");
		shm->step[0] = 0;
		pid = spawn_seized("leader", child, &actions[i],
				   PTRACE_O_TRACEEXIT | PTRACE_O_TRACECLONE);
		show_wait(pid, __WALL);
		quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
		name(msg, "thread");
		show_wait(msg, __WALL);
		quiet_pt(PTRACE_CONT, msg, 0, 0);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		show_wait(msg, __WALL);
		show_msg(msg);
		if (!i)
			show_wait(pid, __WALL | WNOHANG);
		quiet_pt(PTRACE_CONT, msg, 0, 0);
		if (!i) {
			show_wait(msg, __WALL);
			reach(0);
		}
		waitpid(pid, &status, __WALL);
		out("leader: event %d", event_of(status));
		show_msg(pid);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		if (i)
			show_wait(msg, __WALL);
		show_wait(pid, __WALL);
	}
	return 0;
}
