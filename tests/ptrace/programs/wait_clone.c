// SPDX-License-Identifier: GPL-2.0-only
/* __WCLONE, __WALL and neither: children by fork and clone, traced and not, stop and death */
#include "wait.h"

static const int options[] = { 0, __WCLONE, __WALL, __WALL | __WCLONE };

static void look(pid_t pid)
{
	int i;

	for (i = 0; i < 4; i++) {
		show_waitid(P_PID, pid, WEXITED | WSTOPPED | WNOHANG |
			    WNOWAIT | options[i]);
		show_waitid(P_ALL, 0, WEXITED | WSTOPPED | WNOHANG |
			    WNOWAIT | options[i]);
	}
}

int main(void)
{
	static const int sigs[] = { SIGCHLD, SIGUSR1, 0 };
	int i, traced;
	pid_t pid;

	signal(SIGUSR1, SIG_IGN);
	for (traced = 0; traced < 2; traced++) {
		for (i = 0; i < 3; i++) {
			out("exit signal %s, %s", signame(sigs[i]),
			    traced ? "traced" : "not traced");
			pid = spawn_clone("child", pausing, NULL, sigs[i]);
			rest(pid);
			if (traced)
				pt(PTRACE_ATTACH, pid, 0, 0);
			else
				kill(pid, SIGSTOP);
			await_state(pid, traced ? "t" : "T");
			look(pid);
			kill(pid, SIGKILL);
			await_zombie(pid);
			look(pid);
			show_wait(pid, __WCLONE | WNOHANG);
			show_wait(pid, WNOHANG);
			show_wait(pid, __WALL | WNOHANG);
		}
	}
	return 0;
}
