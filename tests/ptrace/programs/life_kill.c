// SPDX-License-Identifier: GPL-2.0-only
/* SIGKILL and PTRACE_KILL in each stop, with and without TRACEEXIT, and once more in that stop */
#include "life.h"

static void one(int kind, bool request, bool event)
{
	unsigned long msg = 0;
	pid_t pid;

	pid = start_subject(kind);
	take_to_stop(pid, kind, event ? PTRACE_O_TRACEEXIT : 0, false, false);
	if (kind == FORK || kind == CLONED)
		msg = msg_of(pid);
	if (request)
		pt(PTRACE_KILL, pid, 0, 0);
	else
		kill(pid, SIGKILL);
	if (event && kind != EXITING) {
		show_wait(pid, 0);
		if (event_of(last_status()) == PTRACE_EVENT_EXIT) {
			show_msg(pid);
			show_siginfo(pid);
			pt(PTRACE_SETOPTIONS, pid, 0, 0);
			/* it ends this stop, too */
			kill(pid, SIGKILL);
		}
	}
	/* in its exit event nothing may wake it but the tracer */
	await_state(pid, "tZ");
	show_proc(pid);
	if (state_of(pid) == 't')
		pt(PTRACE_CONT, pid, 0, 0);
	await_zombie(pid);
	pt(PTRACE_KILL, pid, 0, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, WNOHANG);
	pt(PTRACE_KILL, pid, 0, 0);
	drop_child(msg);
}

int main(void)
{
	int kind, how;

	for (how = 0; how < 4; how++) {
		for (kind = 0; kind < KINDS; kind++) {
			out("%s, %s%s", kind_names[kind],
			    how & 1 ? "PTRACE_KILL" : "SIGKILL",
			    how & 2 ? ", TRACEEXIT" : "");
			one(kind, how & 1, how & 2);
		}
	}
	return 0;
}
