// SPDX-License-Identifier: GPL-2.0-only
/*
 * SETOPTIONS at an event stop: what the tracee goes by from then on, and the new
 * task, which has the options of its birth.
 */
#include "event.h"

static void child(void *arg)
{
	pid_t pid;
	int i;

	hold_sigchld();
	for (i = 0; i < 3; i++) {
		pid = raw_clone(SIGCHLD | (i == 1 ? CLONE_VFORK : 0));
		if (!pid) {
			/* what it inherited shows: a fork, and the end */
			pid = raw_clone(SIGCHLD);
			if (!pid)
				syscall(SYS_exit_group, 4);
			syscall(SYS_wait4, pid, NULL, __WALL, NULL);
			syscall(SYS_exit_group, 3);
		}
		syscall(SYS_wait4, pid, NULL, __WALL, NULL);
	}
	syscall(SYS_exit_group, 2);
}

/* At its first event the options become another set, of the parent or the new one */
static void one(long before, long after, bool of_new, bool seized)
{
	pid_t pid, new;
	int status;

	pid = event_spawn(child, before, seized);
	if (!event_stop(pid, &new))
		return;
	status = last_status();
	if (!of_new)
		pt(PTRACE_SETOPTIONS, pid, 0, after);
	if (new) {
		pid_t none;

		event_stop(new, &none);
		if (of_new)
			pt(PTRACE_SETOPTIONS, new, 0, after);
		quiet_pt(PTRACE_CONT, new, 0, 0);
		event_follow(new, PTRACE_CONT);
	}
	/* the message and the registers are those of the stop still */
	event_show(pid, status);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	event_follow(pid, PTRACE_CONT);
	show_wait(-1, __WALL | WNOHANG);
}

int main(void)
{
	static const struct {
		long before, after;
	} sets[] = {
		{ PTRACE_O_TRACEFORK, 0 },
		{ PTRACE_O_TRACEFORK, PTRACE_O_TRACEEXIT },
		{ PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXIT, PTRACE_O_TRACEFORK },
		{ PTRACE_O_TRACEFORK, EVENT_ALL },
		{ EVENT_ALL, PTRACE_O_TRACEVFORKDONE },
		{ PTRACE_O_TRACEVFORK, PTRACE_O_TRACEVFORKDONE },
		{ PTRACE_O_TRACEEXIT, EVENT_ALL },
		{ PTRACE_O_TRACEFORK, 0x100 },
	};
	int i, how;

	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		for (how = 0; how < 4; how++) {
			out("%#lx, then %#lx for %s, %s", sets[i].before,
			    sets[i].after, how & 1 ? "the new one" : "the tracee",
			    how & 2 ? "seized" : "traceme");
			one(sets[i].before, sets[i].after, how & 1, how & 2);
		}
	}
	return 0;
}
