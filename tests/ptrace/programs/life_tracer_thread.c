// SPDX-License-Identifier: GPL-2.0-only
/* A thread of the tracer's process ends: its tracees are free, the other thread's are not */
#include "life.h"

static int kind;
static bool own, exitkill;

static void *tracer(void *arg)
{
	name(gettid_(), "second");
	shm->pid[1] = gettid_();
	take_to_stop(shm->pid[0], kind, exitkill ? PTRACE_O_EXITKILL : 0, false,
		     false);
	reach(1);
	await(2);
	return NULL;
}

static void look(pid_t pid)
{
	show_proc(pid);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_waitid(P_PID, pid, WEXITED | WSTOPPED | WNOHANG | WNOWAIT);
}

int main(void)
{
	static const int kinds[] = { ASLEEP, SIGNAL, LEAVE, TRAP, GROUP };
	pid_t pid, other, parent = 0;
	pthread_t thread;
	int i;

	for (i = 0; i < 5 * 4; i++) {
		kind = kinds[i % 5];
		own = i / 5 & 1;
		exitkill = i / 10;
		out("%s, %s%s", kind_names[kind], own ? "own" : "a stranger",
		    exitkill ? ", EXITKILL" : "");
		forget_steps();
		forget_subject();
		if (own) {
			pid = start_subject(kind);
		} else {
			parent = start_parent(NULL, subject, &kind, 0);
			pid = shm->pid[0];
			name(pid, "subject");
			rest(pid);
		}
		shm->pid[0] = pid;
		pthread_create(&thread, NULL, tracer, NULL);
		await(1);
		look(pid);
		other = spawn("mine", pausing, NULL);
		rest(other);
		quiet_pt(PTRACE_SEIZE, other, 0, PTRACE_O_EXITKILL);
		reach(2);
		pthread_join(thread, NULL);
		await_state(shm->pid[1], "-");
		show_fate(pid, kind);
		look(pid);
		show_proc(other);
		finish(other);
		if (own) {
			finish(pid);
			continue;
		}
		kill(pid, SIGKILL);
		ask(ASK_WAIT, pid, 0);
		end_parent(parent);
	}
	return 0;
}
