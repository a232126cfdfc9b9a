// SPDX-License-Identifier: GPL-2.0-only
/* PEEKSIGINFO: flags, counts and offsets out of range; room for some only */
#include "req.h"

static void child(void *arg)
{
	sigset_t set;

	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	raise(SIGUSR1);
	raise(SIGUSR2);
	raise(SIGTERM);
	kill(getpid(), SIGHUP);
	kill(getpid(), SIGINT);
	asm volatile("int3");
}

static void peek(pid_t pid, unsigned long long off, unsigned int flags, int nr,
		 void *to)
{
	struct ptrace_peeksiginfo_args args = { off, flags, nr };
	siginfo_t *info = to ? to : (void *)req_room;
	long ret, i;

	memset(req_room, 0, sizeof(req_room));
	ret = quiet_pt(PTRACE_PEEKSIGINFO, pid, (long)&args, (long)info);
	out("off %llx flags %#x nr %d: %s", off, flags, nr, show_errno(ret));
	for (i = 0; i < ret; i++)
		show_info(&info[i]);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);
	char *edge = req_edge();

	/* int3 with SIGTRAP blocked is forced, and so it stops */
	req_go(pid, PTRACE_CONT, 0);
	peek(pid, 0, 0, 0, NULL);
	peek(pid, 0, 0, 1, NULL);
	peek(pid, 0, 0, 99, NULL);
	peek(pid, 1, 0, 1, NULL);
	peek(pid, 2, 0, 5, NULL);
	peek(pid, 3, 0, 1, NULL);
	peek(pid, 99, 0, 1, NULL);
	peek(pid, ~0ULL, 0, 1, NULL);
	peek(pid, 1ULL << 32, 0, 1, NULL);
	peek(pid, ~0ULL, 0, 3, NULL);
	peek(pid, 0, PTRACE_PEEKSIGINFO_SHARED, 9, NULL);
	peek(pid, 1, PTRACE_PEEKSIGINFO_SHARED, 9, NULL);
	peek(pid, 0, 2, 1, NULL);
	peek(pid, 0, ~0U, 1, NULL);
	peek(pid, 0, 0, -1, NULL);
	peek(pid, 0, 2, -1, NULL);
	peek(pid, 0, 0, 0x7fffffff, NULL);
	peek(pid, 0, 0, 3, edge);
	peek(pid, 0, 0, 3, edge - sizeof(siginfo_t));
	peek(pid, 0, 0, 3, edge - 2 * sizeof(siginfo_t));
	peek(pid, 5, 0, 3, edge);
	finish(pid);
	return 0;
}
