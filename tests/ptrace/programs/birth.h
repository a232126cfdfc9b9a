/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tracee makes one new task, in whichever way; its tracer shows what is
 * reported, whose child that is and who traces it.
 */
#ifndef BIRTH_H
#define BIRTH_H

#include "event.h"

static unsigned long long flags;	/* of the call, exit signal included */
static int hold[2];		/* what the new task waits for */

/* The call, made by the tracee; the number of the new task goes to shm->pid[0] */
static long make(void);

/* shm->step: 1: go on and clone, 3: tell, 5: is back from clone */
static int new_task(void *arg)
{
	char byte;

	syscall(SYS_read, hold[0], &byte, 1);
	syscall(SYS_exit, 6);
	return 0;
}

/* The signals it got, in order of number, and its children */
static void tell(void)
{
	struct timespec none = { 0 };
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGRTMAX);
	while ((sig = sigtimedwait(&set, NULL, &none)) > 0)
		out("tracee: %s", signame(sig));
	out("tracee:");
	show_wait(-1, __WALL | WNOHANG);
}

static void child(void *arg)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGRTMAX);
	sigprocmask(SIG_BLOCK, &set, NULL);
	await(1);
	if (make() < 0)
		out("tracee: %s", show_errno(-1));
	reach(5);
	await(3);
	tell();
	_exit(2);
}

/* It stopped, or waits in vfork(), or is back from the call */
static char settled(pid_t pid)
{
	char state;

	for (;;) {
		state = state_of(pid);
		if (state == 't' || shm->step[5])
			return state;
		if (state == 'D' && (flags & CLONE_VFORK) && shm->pid[0])
			return state;
		usleep(200);
	}
}

/* It stopped, or waits in its function */
static bool is_stopped(pid_t pid)
{
	char state;

	for (;;) {
		state = state_of(pid);
		if (state == 't')
			return true;
		if (state == 'S') {
			await_syscall(pid, SYS_read);
			return false;
		}
		usleep(200);
	}
}

static void start(pid_t *pid, long options, bool seized)
{
	forget_steps();
	if (seized) {
		*pid = spawn_seized("tracee", child, NULL, options);
	} else {
		*pid = spawn_traced("tracee", child, NULL);
		quiet_pt(PTRACE_SETOPTIONS, *pid, 0, options);
		quiet_pt(PTRACE_CONT, *pid, 0, 0);
	}
	reach(1);
}

static void one(long options, bool seized)
{
	bool event, traced;
	pid_t pid, new;

	start(&pid, options, seized);
	event = settled(pid) == 't';
	new = shm->pid[0];
	if (new)
		name(new, "new");
	if (event) {
		show_wait(pid, __WALL);
		event_show(pid, last_status());
	}
	if (!new)
		goto end;
	traced = is_stopped(new);
	if (traced) {
		show_wait(new, __WALL);
		event_show(new, last_status());
		quiet_pt(PTRACE_CONT, new, 0, 0);
		is_stopped(new);
	}
	show_proc(new);
	if (event)
		quiet_pt(PTRACE_CONT, pid, 0, 0);
	if (write(hold[1], "", 1) != 1)
		abort();
	await_state(new, "Z-");
	settle();
	show_wait(new, __WALL | WNOHANG);
end:
	reach(3);
	show_wait(pid, __WALL);
	show_wait(-1, __WALL | WNOHANG);
}

#endif
