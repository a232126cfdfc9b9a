// SPDX-License-Identifier: GPL-2.0-only
/* Debug registers after fork, vfork, clone of a thread, and exec */
#include <pthread.h>

#include "step_hw.h"

static volatile int data[4] __attribute__((aligned(16)));
static const struct label table[] = { { "data", (const char *)data }, { NULL } };

static void *thread(void *arg)
{
	data[0] = 1;
	return NULL;
}

static void child(void *arg)
{
	pthread_t id;
	pid_t pid;

	pid = fork();
	if (!pid) {
		data[0] = 2;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	pthread_create(&id, NULL, thread, NULL);
	pthread_join(id, NULL);
	execl("/proc/self/exe", "step_hw_inherit", "new", NULL);
}

int main(int argc, char **argv)
{
	unsigned long msg;
	int status, i;
	pid_t pid;

	if (argc > 1)
		return 0;
	labels = table;
	pid = spawn_traced("tracee", child, NULL);
	quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEFORK |
		 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
	set_dr(pid, 0, (long)data);
	set_dr(pid, 7, dr7(0, 1, 3));
	show_drs(pid);
	for (i = 0; i < 2; i++) {
		status = go_on(pid, PTRACE_CONT, 0);
		if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGCHLD)
			status = go_on(pid, PTRACE_CONT, 0);
		out("event %d", event_of(status));
		quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
		name(msg, i ? "thread" : "child");
		waitpid(msg, &status, __WALL);
		show_drs(msg);
		status = go_on(msg, PTRACE_CONT, 0);
		/* does its write hit? */
		out("%s: %s", who(msg), WIFSTOPPED(status) ?
		    signame(WSTOPSIG(status)) : "has ended");
		if (WIFSTOPPED(status)) {
			out("  %s", code_text(msg));
			show_drs(msg);
			go_on(msg, PTRACE_CONT, 0);
		}
	}
	status = go_on(pid, PTRACE_CONT, 0);
	out("event %d", event_of(status));
	show_drs(pid);
	go_on(pid, PTRACE_CONT, 0);
	return 0;
}
