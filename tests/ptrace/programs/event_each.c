// SPDX-License-Identifier: GPL-2.0-only
/* Each event option alone, none, all: what each stop shows; seized and TRACEME */
#include "event.h"

static void one(long options, bool seized)
{
	event_follow(event_spawn(event_tracee, options, seized), PTRACE_CONT);
	show_wait(-1, __WALL | WNOHANG);
}

int main(void)
{
	static const long options[] = {
		0, PTRACE_O_TRACEFORK, PTRACE_O_TRACEVFORK, PTRACE_O_TRACECLONE,
		PTRACE_O_TRACEEXEC, PTRACE_O_TRACEVFORKDONE, PTRACE_O_TRACEEXIT,
		PTRACE_O_TRACESECCOMP, EVENT_FAMILY, EVENT_ALL,
		EVENT_ALL | PTRACE_O_TRACESYSGOOD, PTRACE_O_EXITKILL,
	};
	int i;

	for (i = 0; i < 2 * sizeof(options) / sizeof(options[0]); i++) {
		out("%s, options %#lx", i & 1 ? "seized" : "traceme",
		    options[i / 2]);
		one(options[i / 2], i & 1);
	}
	return 0;
}
