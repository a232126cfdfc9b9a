// SPDX-License-Identifier: GPL-2.0-only
/* DETACH leaves a stopped process stopped, whatever stop it was in, and a running one not */
#include "job.h"

enum {
	GROUP, GONE_ON, SIGNAL_OF_STOPPED, STOP_SIGNAL, DROPPED, LISTENING,
	CONTINUED, LAST
};

static const char *const names[] = {
	"group-stop", "gone on from it", "a signal stop of a stopped group",
	"SIGSTOP injected", "SIGSTOP dropped", "listening, interrupted",
	"continued meanwhile",
};

int main(void)
{
	int how;

	for (how = GROUP; how < LAST; how++) {
		pid_t pid = seized_pausing();
		int sig = 0;

		out("%s", names[how]);
		kill(pid, SIGSTOP);
		show_stop(pid);
		if (how == STOP_SIGNAL)
			sig = SIGSTOP;
		else if (how != DROPPED)
			go(pid, PTRACE_CONT, SIGSTOP);
		if (how == GONE_ON || how == SIGNAL_OF_STOPPED)
			run(pid, 0);
		if (how == GONE_ON) {
			pt(PTRACE_INTERRUPT, pid, 0, 0);
			show_stop(pid);
		} else if (how == SIGNAL_OF_STOPPED) {
			kill(pid, SIGWINCH);
			show_stop(pid);
			sig = SIGWINCH;
		} else if (how == LISTENING) {
			pt(PTRACE_LISTEN, pid, 0, 0);
			pt(PTRACE_DETACH, pid, 0, 0);
			pt(PTRACE_INTERRUPT, pid, 0, 0);
			show_stop(pid);
		} else if (how == CONTINUED) {
			kill(pid, SIGCONT);
		}
		pt(PTRACE_DETACH, pid, 0, sig);
		if (how == DROPPED || how == CONTINUED) {
			await_syscall(pid, SYS_pause);
			show_proc(pid);
			show_wait(pid, WUNTRACED | WCONTINUED | WNOHANG);
		} else {
			await_state(pid, "T");
			show_proc(pid);
			show_wait(pid, WUNTRACED);
			kill(pid, SIGCONT);
			show_wait(pid, WCONTINUED);
			await_syscall(pid, SYS_pause);
		}
		show_proc(pid);
		finish(pid);
	}
	return 0;
}
