// SPDX-License-Identifier: GPL-2.0-only
/* SETSIGMASK holds over CONT, a handler, DETACH and a new tracer */
#include "../rig.h"

static void handler(int sig)
{
}

static long mask_now(void)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	return *(long *)&set;
}

static void child(void *arg)
{
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	shm->val[0] = mask_now();
	reach(0);
	await(1);
	shm->val[1] = mask_now();
	reach(2);
	for (;;)
		pause();
}

static void show(pid_t pid)
{
	uint64_t mask = 0;

	long ret = quiet_pt(PTRACE_GETSIGMASK, pid, 8, (long)&mask);

	out("  get %s, mask %#llx", show_errno(ret), (long long)mask);
}

int main(void)
{
	uint64_t mask = 1 << (SIGUSR2 - 1) | 1 << (SIGKILL - 1) |
			1 << (SIGSTOP - 1) | 1 << (SIGTERM - 1);
	pid_t pid = spawn_traced("tracee", child, NULL);

	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	show(pid);
	out("set %s", show_errno(quiet_pt(PTRACE_SETSIGMASK, pid, 8,
					  (long)&mask)));
	show(pid);
	out("size 4: %s", show_errno(quiet_pt(PTRACE_SETSIGMASK, pid, 4,
					      (long)&mask)));
	pt(PTRACE_CONT, pid, 0, SIGUSR1);
	await(0);
	out("it sees %#lx", shm->val[0]);
	kill(pid, SIGUSR2);
	show_wait(pid, WNOHANG);
	kill(pid, SIGSTOP);
	show_wait(pid, 0);
	show(pid);
	pt(PTRACE_DETACH, pid, 0, 0);
	reach(1);
	await(2);
	out("it sees %#lx", shm->val[1]);
	pt(PTRACE_SEIZE, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_wait(pid, 0);
	show(pid);
	/* unblocked: the pending one comes */
	mask = 0;
	quiet_pt(PTRACE_SETSIGMASK, pid, 8, (long)&mask);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	finish(pid);
	return 0;
}
