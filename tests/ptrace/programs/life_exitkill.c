// SPDX-License-Identifier: GPL-2.0-only
/* PTRACE_O_EXITKILL when the tracer exits, set and taken back: tracees in each stop */
#include "life.h"

static int kind, how;
static const char *const hows[] = {
	"set", "set by SETOPTIONS", "taken back", "detached before",
};

static void tracer(void *arg)
{
	pid_t pid = shm->pid[0];

	take_to_stop(pid, kind, how == 1 ? 0 : PTRACE_O_EXITKILL, false, false);
	if (how == 1)
		pt(PTRACE_SETOPTIONS, pid, 0,
		   kind_options(kind) | PTRACE_O_EXITKILL);
	else if (how == 2)
		pt(PTRACE_SETOPTIONS, pid, 0, kind_options(kind));
	else if (how == 3)
		pt(PTRACE_DETACH, pid, 0, 0);
}

int main(void)
{
	pid_t pid, other;

	name(getpid(), "parent");
	for (how = 0; how < 4; how++) {
		for (kind = 0; kind < KINDS; kind++) {
			out("%s, %s", hows[how], kind_names[kind]);
			pid = start_subject(kind);
			shm->pid[0] = pid;
			other = spawn("other", tracer, NULL);
			show_wait(other, 0);
			show_fate(pid, kind);
			show_child(pid, kind);
			show_wait(pid, WNOHANG);
			finish(pid);
		}
	}
	return 0;
}
