// SPDX-License-Identifier: GPL-2.0-only
/* SETSIGINFO before the injection: what an SA_SIGINFO handler sees */
#include "sig.h"

static void child(void *arg)
{
	handle(SIGUSR1, tell, 0);
	handle(SIGUSR2, tell, 0);
	handle(SIGCHLD, tell, 0);
	handle(SIGSEGV, tell, 0);
	send_self(*(int *)arg);
	syscall(SYS_exit_group, 7);
}

static void one(int sig, int code, int info_sig, int inject)
{
	pid_t pid = spawn_traced("tracee", child, &sig);
	siginfo_t info = { 0 };

	out("si_signo %s si_code %d, inject %s", signame(info_sig), code,
	    signame(inject));
	go(pid, PTRACE_CONT, 0);
	info.si_signo = info_sig;
	info.si_code = code;
	info.si_errno = 5;
	info.si_pid = pid;
	info.si_uid = 77;
	if (info_sig == SIGCHLD)
		info.si_status = 3;
	else if (code == SI_QUEUE)
		info.si_value.sival_int = 4711;
	out("set %s", show_errno(quiet_pt(PTRACE_SETSIGINFO, pid, 0,
					  (long)&info)));
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, inject);
	show_wait(pid, 0);
	finish(pid);
}

int main(void)
{
	one(SIGUSR1, SI_QUEUE, SIGUSR1, SIGUSR1);
	one(SIGUSR1, SI_USER, SIGUSR1, SIGUSR1);
	one(SIGUSR1, SI_TKILL, SIGUSR1, SIGUSR1);
	one(SIGUSR1, SI_KERNEL, SIGUSR1, SIGUSR1);
	one(SIGUSR1, -77, SIGUSR1, SIGUSR1);
	/* another signal: the kernel makes a new siginfo */
	one(SIGUSR1, SI_QUEUE, SIGUSR1, SIGUSR2);
	/* unless it was told before */
	one(SIGUSR1, SI_QUEUE, SIGUSR2, SIGUSR2);
	one(SIGUSR1, SI_QUEUE, SIGUSR2, SIGUSR1);
	one(SIGUSR1, CLD_EXITED, SIGCHLD, SIGCHLD);
	one(SIGCHLD, CLD_KILLED, SIGCHLD, SIGCHLD);
	one(SIGUSR1, SEGV_ACCERR, SIGSEGV, SIGSEGV);
	return 0;
}
