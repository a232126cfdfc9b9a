// SPDX-License-Identifier: GPL-2.0-only
/* sigwaitinfo is left by a signal it does not wait for; one it waits for, injected */
#include "sig.h"

static void child(void *arg)
{
	siginfo_t info;
	sigset_t set;
	int i, ret;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	handle(SIGUSR1, tell, 0);
	handle(SIGUSR2, tell, 0);
	for (i = 0; i < 4; i++) {
		ret = sigwaitinfo(&set, &info);
		out("sigwaitinfo %s", ret < 0 ? strerrorname_np(errno) :
		    signame(ret));
		if (ret > 0)
			show_info(&info);
	}
}

static void next(pid_t pid)
{
	await_syscall(pid, SYS_rt_sigtimedwait);
	kill(pid, SIGUSR2);
	show_wait(pid, 0);
	show_siginfo(pid);
	/* what the call unblocked meanwhile is not in the mask */
	show_mask(pid);
	show_regs(pid);
}

int main(void)
{
	pid_t pid = spawn_seized("tracee", child, NULL, 0);

	next(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	next(pid);
	pt(PTRACE_CONT, pid, 0, SIGUSR2);
	next(pid);
	/* blocked: queued, and taken by the next call */
	pt(PTRACE_CONT, pid, 0, SIGUSR1);
	show_wait(pid, 0);
	return 0;
}
