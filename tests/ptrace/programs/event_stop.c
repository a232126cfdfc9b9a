// SPDX-License-Identifier: GPL-2.0-only
/* What EVENT_STOP shows: INTERRUPT, group-stop, LISTEN, the first stop of a thread */
#include "event.h"

static int new_task(void *arg)
{
	pausing(NULL);
	return 0;
}

static void new_thread(void *arg)
{
	clone(new_task, event_stack + sizeof(event_stack) - 64, EVENT_THREAD,
	      NULL);
	pausing(NULL);
}

static void stopped(pid_t pid)
{
	pid_t none;

	event_stop(pid, &none);
}

static void resume(pid_t pid, int how, int sig)
{
	pt(how, pid, 0, sig);
	stopped(pid);
}

/* Interrupted in pause(), twice, and with a signal that comes at the same time */
static void interrupt(void)
{
	pid_t pid = spawn_seized("tracee", pausing, NULL,
				 PTRACE_O_TRACESYSGOOD);

	rest(pid);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	stopped(pid);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	/* back from the call, that starts again, and is left again */
	resume(pid, PTRACE_CONT, 0);
	resume(pid, PTRACE_SYSCALL, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	resume(pid, PTRACE_SYSCALL, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	kill(pid, SIGUSR1);
	resume(pid, PTRACE_SYSCALL, 0);
	resume(pid, PTRACE_CONT, 0);
	finish(pid);
}

/* Into a group-stop by each signal that does it, LISTEN, and out of it */
static void group(int sig, bool seized)
{
	pid_t pid;

	out("group-stop by %s, %s", signame(sig), seized ? "seized" :
	    "traceme");
	if (seized) {
		pid = spawn_seized("tracee", pausing, NULL, 0);
	} else {
		pid = spawn_traced("tracee", pausing, NULL);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
	}
	rest(pid);
	/* a group without a parent outside of it would not stop */
	setpgid(pid, pid);
	kill(pid, sig);
	stopped(pid);
	pt(PTRACE_CONT, pid, 0, sig);
	stopped(pid);
	if (seized) {
		pt(PTRACE_LISTEN, pid, 0, 0);
		event_show(pid, last_status());
		pt(PTRACE_INTERRUPT, pid, 0, 0);
		stopped(pid);
		pt(PTRACE_LISTEN, pid, 0, 0);
		kill(pid, SIGCONT);
		stopped(pid);
		/* the end of the group-stop, then the signal */
		resume(pid, PTRACE_CONT, 0);
	} else {
		pt(PTRACE_LISTEN, pid, 0, 0);
		kill(pid, SIGCONT);
		resume(pid, PTRACE_CONT, 0);
	}
	finish(pid);
}

/* The first stop of a new thread whose group is about to stop, with an INTERRUPT more */
static void first(bool seized)
{
	pid_t pid, new;

	out("first stop of a thread, %s", seized ? "seized" : "traceme");
	event_born = 0;
	if (seized) {
		pid = spawn_seized("tracee", new_thread, NULL,
				   PTRACE_O_TRACECLONE);
	} else {
		pid = spawn_traced("tracee", new_thread, NULL);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACECLONE);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
	}
	event_stop(pid, &new);
	await_inactive(new);
	kill(pid, SIGSTOP);
	stopped(new);
	pt(PTRACE_INTERRUPT, new, 0, 0);
	event_show(new, last_status());
	/* the leader takes the signal that stops the group */
	resume(pid, PTRACE_CONT, 0);
	resume(pid, PTRACE_CONT, WSTOPSIG(last_status()));
	resume(new, PTRACE_CONT, 0);
	kill(pid, SIGKILL);
	/* the leader's end is told when no thread is left */
	show_wait(new, __WALL);
	show_wait(pid, __WALL);
}

int main(void)
{
	static const int sigs[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	int i;

	interrupt();
	for (i = 0; i < 8; i++)
		group(sigs[i / 2], i & 1);
	for (i = 0; i < 2; i++)
		first(i);
	return 0;
}
