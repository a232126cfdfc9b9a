// SPDX-License-Identifier: GPL-2.0-only
/* The tracer exits: what becomes of a tracee in each stop, waited for or not */
#include "life.h"

static bool old, keep;
static int kind;

static void tracer(void *arg)
{
	take_to_stop(shm->pid[0], kind, 0, old, keep);
}

int main(void)
{
	pid_t pid, other;
	int i;

	name(getpid(), "parent");
	for (i = 0; i < 4; i++) {
		old = i & 1;
		keep = i & 2;
		for (kind = 0; kind < KINDS; kind++) {
			if ((old || keep) && kind == LISTENING)
				continue;
			if (keep && kind < SIGNAL)
				continue;
			out("%s, %s%s", kind_names[kind],
			    old ? "attached" : "seized",
			    keep ? ", stop not waited for" : "");
			pid = start_subject(kind);
			shm->pid[0] = pid;
			other = spawn("other", tracer, NULL);
			show_wait(other, 0);
			show_fate(pid, kind);
			show_child(pid, kind);
			show_proc(pid);
			show_wait(pid, WNOHANG | WUNTRACED | WCONTINUED);
			finish(pid);
		}
	}
	return 0;
}
