// SPDX-License-Identifier: GPL-2.0-only
/* DETACH with a parting signal from each kind of stop */
#include "sig.h"

enum { SIGNAL, BLOCKED, ENTRY, EXIT, STEP, TRAP, GROUP, LAST };

static void child(void *arg)
{
	int kind = *(int *)arg;

	handle(SIGUSR2, tell, 0);
	if (kind == BLOCKED)
		mask(SIG_BLOCK, SIGUSR2);
	send_self(kind == GROUP ? SIGSTOP : SIGUSR1);
	syscall(SYS_getpid);
	out("alive");
	if (kind == BLOCKED)
		mask(SIG_UNBLOCK, SIGUSR2);
	syscall(SYS_exit_group, 7);
}

static void one(int kind, int sig)
{
	static const char *const names[] = {
		"signal", "signal, blocked", "syscall entry", "syscall exit",
		"step", "interrupt", "group-stop",
	};
	pid_t pid = spawn_seized("tracee", child, &kind, 0);
	int i;

	out("%s", names[kind]);
	show_wait(pid, 0);
	if (kind == TRAP)
		quiet_pt(PTRACE_INTERRUPT, pid, 0, 0);
	if (kind == ENTRY || kind == EXIT)
		for (i = ENTRY; i <= kind; i++)
			go(pid, PTRACE_SYSCALL, 0);
	else if (kind != SIGNAL && kind != BLOCKED)
		go(pid, kind == STEP ? PTRACE_SINGLESTEP : PTRACE_CONT,
		   kind == GROUP ? SIGSTOP : 0);
	pt(PTRACE_DETACH, pid, 0, 65);
	pt(PTRACE_DETACH, pid, 0, sig);
	pt(PTRACE_CONT, pid, 0, 0);
	if (kind == GROUP) {
		await_state(pid, "T");
		show_proc(pid);
		kill(pid, SIGCONT);
	}
	show_wait(pid, 0);
	finish(pid);
}

int main(void)
{
	int kind;

	for (kind = 0; kind < LAST; kind++) {
		one(kind, SIGUSR2);
		one(kind, SIGTERM);
		one(kind, SIGKILL);
	}
	return 0;
}
