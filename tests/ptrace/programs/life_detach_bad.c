// SPDX-License-Identifier: GPL-2.0-only
/* DETACH with signals: bad ones, fatal, stopping, continuing, blocked and ignored ones */
#include "life.h"

int main(void)
{
	static const int sigs[] = {
		-1, 65, 1000, SIGKILL, SIGTERM, SIGSTOP, SIGTSTP, SIGCONT,
		SIGCHLD, SIGUSR2, SIGTRAP, 34, 64,
	};
	static const int kinds[] = { SIGNAL, TRAP, LEAVE };
	int i, k;
	pid_t pid;

	/* TSTP does nothing to an orphaned group */
	for (k = 0; k < 3; k++) {
		for (i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
			out("%s", kind_names[kinds[k]]);
			pid = start_subject(kinds[k]);
			setpgid(pid, pid);
			take_to_stop(pid, kinds[k], 0, false, false);
			if (pt(PTRACE_DETACH, pid, 0, sigs[i]))
				show_proc(pid);
			else
				show_fate(pid, kinds[k]);
			show_wait(pid, WNOHANG | WUNTRACED | WCONTINUED);
			finish(pid);
		}
	}
	return 0;
}
