// SPDX-License-Identifier: GPL-2.0-only
/* Every harmless request at each kind of stop of a seized tracee, and listening */
#include "req.h"

static void child(void *arg)
{
	raise(SIGUSR1);
	raise(SIGSTOP);
	syscall(SYS_getuid);
	syscall(SYS_pause);
}

static void show(const char *what, pid_t pid)
{
	out("%s", what);
	req_show(pid);
	req_at_stop(pid);
	pt(PTRACE_ATTACH, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	show_proc(pid);
}

static void listening(pid_t pid)
{
	pt(PTRACE_LISTEN, pid, 0, 0);
	out("listening");
	req_refused(pid);
	show_proc(pid);
	show_wait(pid, __WALL | WNOHANG);
	/* a new stop, at once */
	req_interrupt(pid);
	show("after it", pid);
}

int main(int argc, char **argv)
{
	pid_t pid;

	req_options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXIT;
	pid = spawn_seized("tracee", child, NULL, req_options);
	show_wait(pid, 0);
	show("a signal", pid);
	pt(PTRACE_LISTEN, pid, 0, 0);
	req_go(pid, PTRACE_CONT, 0);
	req_go(pid, PTRACE_CONT, SIGSTOP);
	show("group-stop", pid);
	listening(pid);
	/* out of the group-stop */
	kill(pid, SIGCONT);
	pt(PTRACE_CONT, pid, 0, 0);
	do {
		show_wait(pid, __WALL);
		if (WSTOPSIG(last_status()) == SIGCONT)
			break;
	} while (!pt(PTRACE_CONT, pid, 0, 0));
	show("SIGCONT", pid);
	pt(PTRACE_CONT, pid, 0, 0);
	await_syscall(pid, SYS_pause);
	req_interrupt(pid);
	show("interrupted in a call", pid);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	listening(pid);
	/* before it returns to user mode, where it would restart the call */
	kill(pid, SIGUSR2);
	pt(PTRACE_CONT, pid, 0, 0);
	do {
		show_wait(pid, __WALL);
		if (WSTOPSIG(last_status()) == SIGUSR2)
			break;
	} while (!pt(PTRACE_CONT, pid, 0, 0));
	req_go(pid, PTRACE_CONT, SIGUSR2);
	show("exit event", pid);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	req_go(pid, PTRACE_CONT, 0);
	return 0;
}
