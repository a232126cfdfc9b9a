// SPDX-License-Identifier: GPL-2.0-only
/* Each stop signal to an old-style and a seized tracee: signal stop, group-stop, CONT */
#include "job.h"

static void child(void *arg)
{
	setpgid(0, 0);
	send_self(*(int *)arg);
	out("alive");
}

int main(void)
{
	static const int sigs[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	int seized, i;

	for (seized = 0; seized < 2; seized++) {
		for (i = 0; i < 4; i++) {
			int sig = sigs[i];
			pid_t pid;

			out("%s", seized ? "seized" : "old");
			if (seized)
				pid = spawn_seized("tracee", child, &sig, 0);
			else
				pid = spawn_traced("tracee", child, &sig);
			if (!seized)
				pt(PTRACE_CONT, pid, 0, 0);
			show_stop(pid);
			show_proc(pid);
			go(pid, PTRACE_CONT, sig);
			show_msg(pid);
			show_proc(pid);
			go(pid, PTRACE_CONT, 0);
			finish(pid);
		}
	}
	return 0;
}
