// SPDX-License-Identifier: GPL-2.0-only
/* TRACEME, a stop by a signal, CONT with and without it */
#include "../rig.h"

static void child(void *arg)
{
	raise(SIGUSR1);
	raise(SIGUSR2);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	show_proc(pid);
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	pt(PTRACE_CONT, pid, 0, SIGUSR2);
	show_wait(pid, 0);
	show_wait(pid, 0);
	return 0;
}
