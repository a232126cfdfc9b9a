// SPDX-License-Identifier: GPL-2.0-only
/* The init of a pid namespace execs, then a thread of it does: the event's pids */
#include <pthread.h>

#include "misc_pidns.h"

static void *thread(void *arg)
{
	execl("/proc/self/exe", "misc_pidns_exec", "new", NULL);
	return NULL;
}

static void init(void)
{
	pthread_t id;

	if (!shm->val[0])
		thread(NULL);
	pthread_create(&id, NULL, thread, NULL);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	pid_t starter, pid, tid;
	int status;

	if (argc > 1)
		return getpid() + 20;
	for (shm->val[0] = 0; shm->val[0] < 2; shm->val[0]++) {
		pid = pidns_start(init, PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE,
				  &starter);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		if (shm->val[0]) {
			show_wait(pid, __WALL);
			tid = event_pid(pid, "thread");
			waitpid(tid, &status, __WALL);
			show_inner(tid);
			quiet_pt(PTRACE_CONT, pid, 0, 0);
			await_syscall(pid, SYS_pause);
			quiet_pt(PTRACE_CONT, tid, 0, 0);
		}
		show_wait(pid, __WALL);
		show_msg_pid(pid);
		show_inner(pid);
		show_proc(pid);
		pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, __WALL);
		finish(starter);
	}
	return 0;
}
