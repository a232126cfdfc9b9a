// SPDX-License-Identifier: GPL-2.0-only
/* Each event of a tracee of the other size: 32-bit seen by 64-bit, and the reverse */
#include "event.h"

static void start(void *arg)
{
	char path[4096];

	event_other_size(path, sizeof(path));
	execl(path, "event", "acts", NULL);
	_exit(93);
}

static void one(long options, int how)
{
	pid_t pid = spawn_traced("tracee", start, NULL);

	event_born = 0;
	quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	event_show(pid, last_status());
	pt(PTRACE_SETOPTIONS, pid, 0, options);
	quiet_pt(how, pid, 0, 0);
	event_follow(pid, how);
	show_wait(-1, __WALL | WNOHANG);
}

int main(void)
{
	static const long options[] = {
		0, EVENT_ALL, EVENT_ALL | PTRACE_O_TRACESYSGOOD,
	};
	int i;

	event_foreign = true;
	for (i = 0; i < 6; i++) {
		out("options %#lx, %s", options[i / 2], i & 1 ?
		    "PTRACE_SYSCALL" : "PTRACE_CONT");
		one(options[i / 2], i & 1 ? PTRACE_SYSCALL : PTRACE_CONT);
	}
	return 0;
}
