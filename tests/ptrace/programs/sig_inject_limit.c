// SPDX-License-Identifier: GPL-2.0-only
/* Signals given back that are blocked meanwhile, and cannot be queued again */
#include <sys/prctl.h>
#include <sys/resource.h>

#include "sig.h"

#define UID	4242
#define RT	40

static void child(void *arg)
{
	/* a limit of its own, and no queue entry of others */
	if (setresuid(UID, UID, UID))
		_exit(98);
	prctl(PR_SET_DUMPABLE, 1);
	handle(RT, tell, 0);
	handle(SIGUSR1, tell, 0);
	mask(SIG_BLOCK, RT + 1);
	queue_thread(getpid(), syscall(SYS_gettid), *(int *)arg, 5);
	out("alive");
}

static void one(int sig, bool full, bool block)
{
	struct rlimit limit = { 2, 2 };
	uint64_t all = ~0ULL;
	siginfo_t info = { .si_code = SI_QUEUE };
	pid_t pid;
	int i;

	out("%s%s%s", signame(sig), full ? ", no more of them" : "",
	    block ? ", blocked" : "");
	pid = spawn_seized("tracee", child, &sig, 0);
	show_wait(pid, 0);
	if (full) {
		prlimit(pid, RLIMIT_SIGPENDING, &limit, NULL);
		for (i = 0; i < 5; i++)
			syscall(SYS_rt_tgsigqueueinfo, pid, pid, RT + 1, &info);
	}
	if (block)
		quiet_pt(PTRACE_SETSIGMASK, pid, 8, (long)&all);
	pt(PTRACE_CONT, pid, 0, sig);
	show_wait(pid, 0);
	finish(pid);
}

int main(void)
{
	static const int sigs[] = { RT, SIGUSR1 };
	int i;

	for (i = 0; i < 8; i++)
		one(sigs[i & 1], i & 2, i & 4);
	return 0;
}
