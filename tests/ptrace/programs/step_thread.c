// SPDX-License-Identifier: GPL-2.0-only
/* A step of one thread leaves the other threads of the process alone */
#include <pthread.h>

#include "step.h"

void body(void *arg);
LABEL(first); LABEL(second); LABEL(third);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(second) "nop\n"
	L(third) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(second), SYM(third), { NULL }
};

static void *thread(void *arg)
{
	shm->pid[0] = syscall(SYS_gettid);
	reach(0);
	body(arg);
	return NULL;
}

static void child(void *arg)
{
	pthread_t id;

	pthread_create(&id, NULL, thread, NULL);
	pthread_join(id, NULL);
}

int main(void)
{
	int status;
	pid_t pid, tid;

	labels = table;
	pid = spawn_traced("leader", child, NULL);
	quiet_pt(PTRACE_SETOPTIONS, pid, 0,
		 PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
	status = go_on(pid, PTRACE_CONT, 0);
	out("leader: event %d", event_of(status));
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	tid = waitpid(-1, &status, __WALL);
	name(tid, "thread");
	out("%s: %s event %d", who(tid), signame(status >> 8 & 0xff),
	    event_of(status));
	/* to its int3; the leader waits for it in futex() */
	go(tid, PTRACE_CONT, 0);
	await_syscall(pid, SYS_futex);
	go(tid, PTRACE_SINGLESTEP, 0);
	show_proc(pid);
	pt(PTRACE_SINGLESTEP, pid, 0, 0);
	go(tid, PTRACE_SINGLESTEP, 0);
	await_syscall(pid, SYS_futex);
	show_proc(pid);
	show_wait(pid, WNOHANG | __WALL);
	quiet_pt(PTRACE_KILL, tid, 0, 0);
	kill(pid, SIGKILL);
	finish(tid);
	finish(pid);
	return 0;
}
