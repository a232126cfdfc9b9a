// SPDX-License-Identifier: GPL-2.0-only
/* INTERRUPT, once and twice, in each kind of stop: the next stops */
#include "job.h"

enum { SIGNAL, HANDLER, ENTRY, EXIT, STEP, TRAP, GROUP, FORK, LAST };

static const char *const names[] = {
	"signal", "signal with a handler", "syscall entry", "syscall exit",
	"step", "interrupt", "group-stop", "fork",
};

static void handler(int sig, siginfo_t *info, void *context)
{
	out("handler");
}

static void child(void *arg)
{
	int kind = *(int *)arg;

	handle(SIGUSR1, handler, 0);
	send_self(kind == GROUP ? SIGSTOP : SIGUSR1);
	if (kind == FORK && !syscall(SYS_fork))
		syscall(SYS_exit, 0);
	syscall(SYS_getuid);
	syscall(SYS_exit_group, 7);
}

static void one(int kind, int times, int request)
{
	pid_t pid = spawn_seized("tracee", child, &kind, PTRACE_O_TRACESYSGOOD |
				 (kind == FORK ? PTRACE_O_TRACEFORK : 0));
	int i;

	out("%s, %d times", names[kind], times);
	show_wait(pid, 0);
	if (kind == TRAP)
		quiet_pt(PTRACE_INTERRUPT, pid, 0, 0);
	if (kind == ENTRY || kind == EXIT)
		for (i = ENTRY; i <= kind; i++)
			go(pid, PTRACE_SYSCALL, 0);
	else if (kind != SIGNAL && kind != HANDLER)
		go(pid, kind == STEP ? PTRACE_SINGLESTEP : PTRACE_CONT,
		   kind == GROUP ? SIGSTOP : 0);
	if (kind == FORK) {
		unsigned long msg = 0;

		quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
		finish(msg);
	}
	for (i = 0; i < times; i++)
		pt(PTRACE_INTERRUPT, pid, 0, 0);
	for (i = 0; i < 4; i++) {
		if (!go(pid, request, i || kind != HANDLER ? 0 : SIGUSR1))
			break;
		/* fork's would tell the pid */
		if (kind != FORK)
			show_syscall(pid);
	}
	finish(pid);
}

int main(void)
{
	int kind;

	for (kind = 0; kind < LAST; kind++) {
		one(kind, 1, PTRACE_CONT);
		one(kind, 2, PTRACE_CONT);
		one(kind, 1, PTRACE_SYSCALL);
	}
	return 0;
}
