// SPDX-License-Identifier: GPL-2.0-only
/* DETACH with a signal and without, in each stop, seized or attached, waited for or not */
#include "life.h"

int main(void)
{
	bool old, keep;
	int i, kind;
	pid_t pid;

	for (i = 0; i < 3; i++) {
		old = i == 1;
		keep = i == 2;
		for (kind = 0; kind < KINDS; kind++) {
			int sig;

			for (sig = 0; sig <= SIGUSR1; sig += SIGUSR1) {
				unsigned long msg = 0;

				if ((old || keep) && kind == LISTENING)
					continue;
				out("%s%s%s", kind_names[kind],
				    old ? ", attached" : ", seized",
				    keep ? ", not waited for" : "");
				pid = start_subject(kind);
				take_to_stop(pid, kind, 0, old, keep);
				if (kind == FORK) {
					msg = msg_of(pid);
					name(msg, "child");
				}
				if (pt(PTRACE_DETACH, pid, 0, sig))
					show_proc(pid);
				else
					show_fate(pid, kind);
				show_child(pid, kind);
				show_wait(pid, WNOHANG | WUNTRACED);
				finish(pid);
				drop_child(msg);
			}
		}
	}
	return 0;
}
