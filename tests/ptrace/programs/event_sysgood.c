// SPDX-License-Identifier: GPL-2.0-only
/* Events between entry and exit stops, with TRACESYSGOOD and without */
#include "event.h"

static void one(long options, bool seized)
{
	pid_t pid;

	event_born = 0;
	if (seized) {
		/* it sleeps in between, for as long as it takes */
		pid = spawn_traced("tracee", event_tracee, NULL);
		quiet_pt(PTRACE_DETACH, pid, 0, SIGSTOP);
		await_state(pid, "T");
		quiet_pt(PTRACE_SEIZE, pid, 0, options);
		kill(pid, SIGCONT);
		show_wait(pid, 0);
		event_show(pid, last_status());
	} else {
		pid = spawn_traced("tracee", event_tracee, NULL);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, options);
	}
	quiet_pt(PTRACE_SYSCALL, pid, 0, 0);
	event_follow(pid, PTRACE_SYSCALL);
	show_wait(-1, __WALL | WNOHANG);
}

int main(void)
{
	static const long options[] = {
		EVENT_FAMILY, EVENT_ALL, EVENT_ALL | PTRACE_O_TRACESYSGOOD,
	};
	int i;

	for (i = 0; i < 6; i++) {
		out("%s, options %#lx", i & 1 ? "seized" : "traceme",
		    options[i / 2]);
		one(options[i / 2], i & 1);
	}
	return 0;
}
