// SPDX-License-Identifier: GPL-2.0-only
/* The tracer ends while the tracee is in a stop of a stopped group: it stays stopped */
#include "job.h"

static void tracer(void *arg)
{
	int how = *(int *)arg;
	pid_t pid = shm->pid[0];

	pt(PTRACE_SEIZE, pid, 0, 0);
	kill(pid, SIGSTOP);
	show_stop(pid);
	if (how == 0)
		return;
	go(pid, PTRACE_CONT, SIGSTOP);
	if (how == 2)
		pt(PTRACE_LISTEN, pid, 0, 0);
	if (how == 3)
		run(pid, 0);
}

int main(void)
{
	static const char *const names[] = {
		"in the stop of SIGSTOP", "in the group-stop", "listening",
		"gone on",
	};
	int how;

	for (how = 0; how < 4; how++) {
		pid_t pid = spawn("tracee", pausing_in_group, NULL), other;

		out("%s", names[how]);
		await_syscall(pid, SYS_pause);
		shm->pid[0] = pid;
		other = spawn("other", tracer, &how);
		show_wait(other, 0);
		await_state(pid, how == 0 ? "ST" : "T");
		show_proc(pid);
		show_wait(pid, WUNTRACED | (how ? 0 : WNOHANG));
		kill(pid, SIGCONT);
		await_syscall(pid, SYS_pause);
		show_wait(pid, WCONTINUED | WNOHANG);
		finish(pid);
	}
	return 0;
}
