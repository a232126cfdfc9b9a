// SPDX-License-Identifier: GPL-2.0-only
/* Each call is interrupted by a handler, without and with SA_RESTART */
#include "restart.h"

int main(void)
{
	int i;

	for (handler_flags = 0; ; handler_flags = SA_RESTART) {
		out("%s SA_RESTART", handler_flags ? "with" : "without");
		for (i = 0; i < CALLS; i++) {
			pid_t pid = begin(i);

			kill(pid, SIGUSR1);
			show_wait(pid, 0);
			pt(PTRACE_CONT, pid, 0, SIGUSR1);
			show_end(pid, i);
			over(pid);
		}
		if (handler_flags)
			break;
	}
	return 0;
}
