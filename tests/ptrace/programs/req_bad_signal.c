// SPDX-License-Identifier: GPL-2.0-only
/* Signal numbers out of range: EIO, the tracee stays where it is; 64 is a signal */
#include "req.h"

static void child(void *arg)
{
	signal(64, SIG_IGN);
	for (;;)
		raise(SIGUSR1);
}

int main(void)
{
	static const struct {
		const char *name;
		long sig;
	} bad[] = {
		{ "65", 65 }, { "127", 127 }, { "128", 128 }, { "255", 255 },
		{ "256", 256 }, { "266", 266 }, { "-1", -1 },
		{ "-10", -10 }, { "0x7fffffff", 0x7fffffff },
		{ "0x80000000", 0x80000000L },
	};
	pid_t pid = spawn_traced("tracee", child, NULL);
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		out("%s", bad[i].name);
		req_moving(quiet_pt, pid, bad[i].sig);
		req_print();
	}
#ifdef __x86_64__
	/* the signal is a long for all but DETACH */
	out("above 32 bits");
	req_add("CONT", show_errno(quiet_pt(PTRACE_CONT, pid, 0, 1L << 32)));
	req_add("SYSCALL", show_errno(quiet_pt(PTRACE_SYSCALL, pid, 0,
					       1L << 40 | 10)));
	req_add("SINGLESTEP", show_errno(quiet_pt(PTRACE_SINGLESTEP, pid, 0,
						  1L << 63)));
	req_print();
#endif
	show_proc(pid);
	req_show(pid);
	/* none of those left a step or a call to report */
	req_go(pid, PTRACE_CONT, 0);
	req_go(pid, PTRACE_CONT, 64);
	pt(PTRACE_CONT, pid, 0, 65);
	req_go(pid, PTRACE_SINGLESTEP, 0);
	pt(PTRACE_CONT, pid, 0, -1);
	req_go(pid, PTRACE_CONT, 0);
#ifdef __x86_64__
	pt(PTRACE_DETACH, pid, 0, 1L << 32 | SIGTERM);
#else
	pt(PTRACE_DETACH, pid, 0, SIGTERM);
#endif
	show_wait(pid, 0);
	return 0;
}
