// SPDX-License-Identifier: GPL-2.0-only
/* Each call is interrupted by a group-stop: CONT from it, or LISTEN and SIGCONT */
#include "restart.h"

static void stop(pid_t pid, int request, int sig)
{
	if (request)
		pt(request, pid, 0, sig);
	show_wait(pid, 0);
	show(pid);
}

int main(void)
{
	int i, listening;

	for (listening = 0; listening < 2; listening++) {
		out("%s", listening ? "LISTEN" : "CONT");
		for (i = 0; i < CALLS; i++) {
			pid_t pid = begin(i);

			kill(pid, SIGSTOP);
			stop(pid, 0, 0);
			stop(pid, PTRACE_CONT, SIGSTOP);
			if (listening) {
				pt(PTRACE_LISTEN, pid, 0, 0);
				kill(pid, SIGCONT);
				stop(pid, 0, 0);
				stop(pid, PTRACE_CONT, 0);
			}
			pt(PTRACE_CONT, pid, 0, 0);
			show_end(pid, i);
			over(pid);
		}
	}
	return 0;
}
