// SPDX-License-Identifier: GPL-2.0-only
/*
 * PTRACE_LISTEN checks the siginfo, which the tracer can write: a forged one
 * makes it succeed in any stop.  What ends a real listening stop must end that.
 */
#include "job.h"

static void child(void *arg)
{
	for (;;) {
		send_self(SIGUSR1);
		syscall(SYS_getpid);
		if (!syscall(SYS_fork))
			_exit(0);
		wait4(-1, NULL, __WALL, NULL);
		if (shm->val[0])
			_exit(7);
	}
}

static void forge(pid_t pid, int sig)
{
	siginfo_t info = { 0 };

	quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info);
	info.si_code = PTRACE_EVENT_STOP << 8 | sig;
	quiet_pt(PTRACE_SETSIGINFO, pid, 0, (long)&info);
	pt(PTRACE_LISTEN, pid, 0, 0);
}

/* Show and continue the next stops. */
static void follow(pid_t pid)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (show_wait(pid, __WALL) != pid || !WIFSTOPPED(last_status()))
			return;
		show_siginfo(pid);
		pt(PTRACE_CONT, pid, 0, 0);
	}
}

enum at { AT_SIGNAL, AT_ENTRY, AT_EXIT, AT_FORK, AT_END, NSTOPS };

static const char *const stops[] = {
	"signal", "entry", "exit", "fork", "end",
};

/* Start a tracee and run it to the stop @at. */
static pid_t stopped_at(enum at at)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXIT;
	pid_t pid;

	shm->val[0] = at == AT_END;
	if (at == AT_FORK)
		options |= PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEFORK;
	pid = spawn_seized("tracee", child, NULL, options);
	show_wait(pid, __WALL);
	switch (at) {
	case AT_SIGNAL:
		break;
	case AT_ENTRY:
	case AT_EXIT:
		/* to the end of the system call that sent the signal */
		go(pid, PTRACE_SYSCALL, 0);
		if (at == AT_EXIT)
			go(pid, PTRACE_SYSCALL, 0);
		break;
	default:
		go(pid, PTRACE_CONT, 0);
	}
	show_siginfo(pid);
	return pid;
}

int main(void)
{
	static const char *const ends[] = { "SIGCONT", "INTERRUPT", "SIGKILL",
					    "DETACH" };
	unsigned int at, end;
	unsigned long msg;
	pid_t pid;

	for (at = 0; at < NSTOPS; at++) {
		for (end = 0; end < 4; end++) {
			out("%s, %s", stops[at], ends[end]);
			pid = stopped_at(at);
			msg = 0;
			if (at == AT_FORK) {
				quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
				finish(msg);
			}
			forge(pid, SIGTRAP);
			if (end == 0)
				kill(pid, SIGCONT);
			if (end == 1)
				pt(PTRACE_INTERRUPT, pid, 0, 0);
			if (end == 2)
				kill(pid, SIGKILL);
			if (end == 3)
				pt(PTRACE_DETACH, pid, 0, 0);
			else
				follow(pid);
			finish(pid);
		}
	}
	return 0;
}
