// SPDX-License-Identifier: GPL-2.0-only
/* SETSIGINFO at stops that have a siginfo, and at those that have none */
#include "sig.h"

static void child(void *arg)
{
	handle(SIGTRAP, tell, 0);
	mask(SIG_BLOCK, SIGUSR2);
	reach(0);
	send_self(SIGSTOP);
	syscall(SYS_getpid);
	syscall(SYS_exit_group, 7);
}

static void set(pid_t pid)
{
	siginfo_t info = { .si_signo = SIGTRAP, .si_code = SI_QUEUE };

	info.si_pid = pid;
	info.si_value.sival_int = 12;
	show_siginfo(pid);
	out("set %s", show_errno(quiet_pt(PTRACE_SETSIGINFO, pid, 0,
					  (long)&info)));
	show_siginfo(pid);
	out("get to 0: %s", show_errno(quiet_pt(PTRACE_GETSIGINFO, pid, 0, 0)));
	out("set from 0: %s",
	    show_errno(quiet_pt(PTRACE_SETSIGINFO, pid, 0, 0)));
}

static void to(pid_t pid, int request, int sig)
{
	pt(request, pid, 0, sig);
	show_wait(pid, 0);
}

int main(void)
{
	pid_t pid = spawn_traced("old", child, NULL);

	set(pid);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	to(pid, PTRACE_CONT, SIGSTOP);
	set(pid);
	to(pid, PTRACE_SYSCALL, 0);
	set(pid);
	to(pid, PTRACE_SYSCALL, SIGTRAP);
	set(pid);
	/* the signal's own stop, with a siginfo of its own */
	to(pid, PTRACE_CONT, 0);
	set(pid);
	to(pid, PTRACE_CONT, SIGTRAP);
	finish(pid);

	pid = spawn_seized("seized", child, NULL, 0);
	show_wait(pid, 0);
	to(pid, PTRACE_CONT, SIGSTOP);
	set(pid);
	to(pid, PTRACE_SYSCALL, 0);
	set(pid);
	to(pid, PTRACE_CONT, 0);
	finish(pid);
	return 0;
}
