// SPDX-License-Identifier: GPL-2.0-only
/* SIGCONT with a handler, blocked, ignored and dropped ends the stop all the same */
#include "job.h"

static const char *const names[] = {
	"handler", "blocked", "ignored", "dropped",
};

static void child(void *arg)
{
	int how = *(int *)arg;

	if (how == 2)
		signal(SIGCONT, SIG_IGN);
	else
		handle(SIGCONT, tell, 0);
	if (how == 1)
		mask(SIG_BLOCK, SIGCONT);
	pausing_in_group(NULL);
}

int main(void)
{
	int how;

	for (how = 0; how < 4; how++) {
		pid_t pid = spawn_seized("tracee", child, &how, 0);

		out("%s", names[how]);
		await_syscall(pid, SYS_pause);
		stop_it(pid, SIGSTOP);
		pt(PTRACE_LISTEN, pid, 0, 0);
		kill(pid, SIGCONT);
		show_stop(pid);
		if (how != 1)
			go(pid, PTRACE_CONT, 0);
		run(pid, how == 0 || how == 2 ? SIGCONT : 0);
		show_proc(pid);
		finish(pid);
	}
	return 0;
}
