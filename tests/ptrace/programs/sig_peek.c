// SPDX-License-Identifier: GPL-2.0-only
/* PEEKSIGINFO: the queues of thread and group, with offsets, nothing is taken */
#include "sig.h"

static void child(void *arg)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	send_self(SIGSTOP);
}

static void peek(pid_t pid, uint64_t off, uint32_t flags, int32_t nr)
{
	struct ptrace_peeksiginfo_args args = {
		.off = off, .flags = flags, .nr = nr,
	};
	siginfo_t info[8];
	long i, ret;

	memset(info, 0, sizeof(info));
	ret = quiet_pt(PTRACE_PEEKSIGINFO, pid, (long)&args, (long)info);
	out("from %llu, flags %u, %d: %s", (unsigned long long)off, flags, nr,
	    show_errno(ret));
	for (i = 0; i < ret; i++)
		show_info(&info[i]);
}

int main(void)
{
	pid_t pid = spawn_seized("tracee", child, NULL, 0);
	int i;

	show_wait(pid, 0);
	queue(pid, 41, 1);
	queue(pid, 40, 2);
	kill(pid, SIGUSR1);
	queue_thread(pid, pid, 42, 3);
	queue_thread(pid, pid, SIGUSR1, 4);
	for (i = 0; i < 2; i++) {
		peek(pid, 0, 0, 8);
		peek(pid, 0, PTRACE_PEEKSIGINFO_SHARED, 8);
	}
	peek(pid, 1, PTRACE_PEEKSIGINFO_SHARED, 1);
	peek(pid, 3, PTRACE_PEEKSIGINFO_SHARED, 8);
	peek(pid, 1ULL << 40, 0, 8);
	peek(pid, 0, 0, 0);
	peek(pid, 0, 0, -1);
	peek(pid, 0, 2, 8);
	finish(pid);
	return 0;
}
