// SPDX-License-Identifier: GPL-2.0-only
/* RET_TRAP under a tracer: SIGSYS, its siginfo; given, suppressed, without SYSCALL */
#include "sec.h"

static void on_sys(int sig, siginfo_t *info, void *context)
{
	shm->val[0] = info->si_errno;
	shm->val[1] = info->si_syscall;
}

static void child(void *arg)
{
	struct sigaction sa = { .sa_sigaction = on_sys, .sa_flags = SA_SIGINFO };
	long ret;

	if (!arg)
		sigaction(SIGSYS, &sa, NULL);
	FILTER({ SYS_dup2, SECCOMP_RET_TRAP | 12 });
	ret = syscall(SYS_dup2, 1, 50);
	/* rolled back: ax is the call's number */
	_exit(ret == SYS_dup2 ? 33 : 34);
}

static void to_the_trap(pid_t pid)
{
	siginfo_t info = { 0 };

	show_wait(pid, 0);
	if (quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info))
		return;
	out("  code %d errno %d call %s arch %s, address %s", info.si_code,
	    info.si_errno, syscall_name(info.si_syscall),
	    info.si_arch == 0xc000003e ? "x86_64" : "i386",
	    (unsigned long)info.si_call_addr == regs_of(pid).R(ip) ?
	    "is ip" : "differs");
	show_regs(pid);
}

int main(void)
{
	static const int how[] = { SIGSYS, 0, SIGUSR1 };
	pid_t pid;
	int i;

	for (i = 0; i < 6; i++) {
		out("%s, %s", i < 3 ? "handled" : "default",
		    signame(how[i % 3]));
		shm->val[0] = 0;
		shm->val[1] = 0;
		pid = spawn_traced("tracee", child, (void *)(long)(i >= 3));
		pt(PTRACE_CONT, pid, 0, 0);
		to_the_trap(pid);
		pt(PTRACE_CONT, pid, 0, how[i % 3]);
		show_wait(pid, 0);
		out("handler saw errno %ld call %s", shm->val[0],
		    syscall_name(shm->val[1]));
	}
	return 0;
}
