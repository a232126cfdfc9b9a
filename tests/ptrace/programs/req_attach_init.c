// SPDX-License-Identifier: GPL-2.0-only
/* The first process of the machine can be a tracee, and goes on unharmed */
#include "req.h"

static void tracing(void *arg)
{
	await_state(1, "S");
	pt(PTRACE_SEIZE, 1, 0, 0);
	pt(PTRACE_SEIZE, 1, 0, 0);
	pt(PTRACE_CONT, 1, 0, 0);
	req_interrupt(1);
	show_siginfo(1);
	show_proc(1);
	pt(PTRACE_DETACH, 1, 0, 0);
	await_state(1, "S");
	show_proc(1);
	/* and it is left by the end of its tracer */
	pt(PTRACE_SEIZE, 1, 0, 0);
	req_interrupt(1);
}

int main(void)
{
	pid_t pid;

	name(1, "init");
	pid = spawn("tracing", tracing, NULL);
	show_wait(pid, 0);
	await_state(1, "S");
	show_proc(1);
	return 0;
}
