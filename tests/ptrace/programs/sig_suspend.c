// SPDX-License-Identifier: GPL-2.0-only
/* sigsuspend: the mask at the stop, no end by CONT 0, EINTR by a handler */
#include "sig.h"

static void show(int sig, siginfo_t *info, void *context)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	out("handler of %s: SIGUSR1 %d SIGUSR2 %d SIGHUP %d", signame(sig),
	    sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2),
	    sigismember(&set, SIGHUP));
}

static void child(void *arg)
{
	sigset_t set, wait;

	handle(SIGUSR1, show, SA_RESTART);
	handle(SIGUSR2, show, SA_RESTART);
	mask(SIG_BLOCK, SIGUSR1);
	mask(SIG_BLOCK, SIGUSR2);
	sigprocmask(SIG_BLOCK, NULL, &wait);
	sigdelset(&wait, SIGUSR1);
	sigaddset(&wait, SIGHUP);
	reach(0);
	sigsuspend(&wait);
	out("sigsuspend %s", strerrorname_np(errno));
	sigprocmask(SIG_BLOCK, NULL, &set);
	out("mask: SIGUSR1 %d SIGUSR2 %d SIGHUP %d",
	    sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2),
	    sigismember(&set, SIGHUP));
}

int main(void)
{
	pid_t pid = spawn_seized("tracee", child, NULL, 0);
	int i;

	await(0);
	for (i = 0; i < 3; i++) {
		await_syscall(pid, SYS_rt_sigsuspend);
		kill(pid, SIGUSR1);
		show_wait(pid, 0);
		show_mask(pid);
		show_regs(pid);
		/* none; another that sigsuspend blocks; the same */
		pt(PTRACE_CONT, pid, 0, i == 0 ? 0 : i == 1 ? SIGUSR2 :
		   SIGUSR1);
	}
	show_wait(pid, 0);
	while (WIFSTOPPED(last_status()) &&
	       go(pid, PTRACE_CONT, WSTOPSIG(last_status())))
		;
	finish(pid);
	return 0;
}
