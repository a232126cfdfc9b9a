// SPDX-License-Identifier: GPL-2.0-only
/* SETSIGINFO decides what LISTEN takes for an event stop */
#include "req.h"

static void child(void *arg)
{
	for (;;)
		raise(SIGUSR1);
}

static void code(pid_t pid, int code)
{
	siginfo_t info = { 0 };

	quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info);
	info.si_code = code;
	out("code %#x: %s", code, show_errno(quiet_pt(PTRACE_SETSIGINFO, pid,
						      0, (long)&info)));
	show_siginfo(pid);
}

int main(void)
{
	pid_t pid = spawn_seized("tracee", child, NULL, 0);

	show_wait(pid, __WALL);
	pt(PTRACE_LISTEN, pid, 0, 0);
	code(pid, PTRACE_EVENT_STOP << 8 | SIGTRAP);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	req_interrupt(pid);
	show_siginfo(pid);
	/* this one looks like no event */
	code(pid, SI_USER);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, __WALL);
	finish(pid);
	return 0;
}
