// SPDX-License-Identifier: GPL-2.0-only
/* DETACH at the stop of an interrupted call: restarted, or ended by a parting signal */
#include "restart.h"

int main(void)
{
	static const int sigs[] = { 0, SIGUSR1, SIGWINCH };
	int i, j;

	for (j = 0; j < 3; j++) {
		for (i = 0; i < CALLS; i++) {
			pid_t pid = begin(i);

			kill(pid, SIGUSR1);
			show_wait(pid, 0);
			pt(PTRACE_DETACH, pid, 0, sigs[j]);
			if (show_sleep(pid, i))
				end(pid, i);
			await(1);
			show_result();
			over(pid);
		}
	}
	return 0;
}
