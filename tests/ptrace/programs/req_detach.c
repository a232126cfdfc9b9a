// SPDX-License-Identifier: GPL-2.0-only
/* DETACH where there is a stop and where there is none; then nothing is allowed */
#include "req.h"

static void child(void *arg)
{
	raise(SIGUSR1);
	for (;;)
		syscall(SYS_pause);
}

static void after(pid_t pid)
{
	pt(PTRACE_DETACH, pid, 0, 0);
	pt(PTRACE_KILL, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	req_refused(pid);
	await_syscall(pid, SYS_pause);
	show_proc(pid);
	show_wait(pid, WNOHANG | WUNTRACED);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	out("at the first stop");
	/* addr is not used */
	pt(PTRACE_DETACH, pid, -1, 0);
	show_wait(pid, 0);

	pid = spawn_traced("tracee", child, NULL);
	req_go(pid, PTRACE_CONT, 0);
	out("at a signal, which is dropped");
	pt(PTRACE_DETACH, pid, 0, 0);
	after(pid);

	out("asleep");
	pt(PTRACE_SEIZE, pid, 0, 0);
	pt(PTRACE_DETACH, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_wait(pid, __WALL);
	pt(PTRACE_DETACH, pid, 0, 65);
	pt(PTRACE_DETACH, pid, 0, 0);
	after(pid);

	out("listening");
	pt(PTRACE_SEIZE, pid, 0, 0);
	kill(pid, SIGSTOP);
	show_wait(pid, __WALL);
	req_go(pid, PTRACE_CONT, SIGSTOP);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_DETACH, pid, 0, 0);
	show_proc(pid);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_wait(pid, __WALL);
	pt(PTRACE_DETACH, pid, 0, 0);
	await_state(pid, "T");
	show_proc(pid);
	out("again and again");
	pt(PTRACE_SEIZE, pid, 0, 0);
	show_wait(pid, __WALL);
	pt(PTRACE_DETACH, pid, 0, 0);
	pt(PTRACE_DETACH, pid, 0, 0);
	await_state(pid, "T");
	pt(PTRACE_ATTACH, pid, 0, 0);
	show_wait(pid, __WALL);
	/* this is no signal's stop: it is not killed */
	pt(PTRACE_DETACH, pid, 0, SIGKILL);
	await_state(pid, "T");
	show_proc(pid);
	finish(pid);
	return 0;
}
