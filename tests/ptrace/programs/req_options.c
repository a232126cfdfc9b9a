// SPDX-License-Identifier: GPL-2.0-only
/* SETOPTIONS and SEIZE with each bit: which are there, which errno; the rest stays */
#include "req.h"

static void child(void *arg)
{
	for (;;)
		syscall(SYS_getppid);
}

static void set(pid_t pid, int request, const char *what)
{
	char text[16];
	int i;

	out("%s", what);
	for (i = 0; i < 8 * sizeof(long); i++) {
		sprintf(text, "%d", i);
		req_add(text, show_errno(quiet_pt(request, pid, 0, 1L << i)));
	}
	req_print();
}

int main(void)
{
	static const long some[] = { 0xff, 0x1ff, 0x1000ff, 0x3000ff, -1, 0x80,
				     0x400000, 0x100, 0 };
	pid_t pid = spawn_traced("tracee", child, NULL);
	char text[16];
	unsigned int i;

	set(pid, PTRACE_SETOPTIONS, "set");
	set(pid, REQ_OLDSETOPTIONS, "set by the old number");
	for (i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		pt(PTRACE_SETOPTIONS, pid, 0, some[i]);
	/* addr is not used */
	pt(PTRACE_SETOPTIONS, pid, -1, PTRACE_O_TRACESYSGOOD);
	req_go(pid, PTRACE_SYSCALL, 0);
	out("a bad one changes none");
	pt(PTRACE_SETOPTIONS, pid, 0, 0x100);
	req_go(pid, PTRACE_SYSCALL, 0);
	out("a good one replaces them all");
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEFORK);
	req_go(pid, PTRACE_SYSCALL, 0);
	out("by the old number");
	quiet_pt(REQ_OLDSETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
	req_go(pid, PTRACE_SYSCALL, 0);
	finish(pid);

	out("seize");
	for (i = 0; i < 8 * sizeof(long); i++) {
		pid = spawn("tracee", pausing, NULL);
		sprintf(text, "%d", i);
		req_add(text, show_errno(quiet_pt(PTRACE_SEIZE, pid, 0,
						  1L << i)));
		sprintf(text, "%d-addr", i);
		req_add(text, show_errno(quiet_pt(PTRACE_SEIZE, pid, 4,
						  1L << i)));
		finish(pid);
	}
	req_print();
	for (i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		pid = spawn("tracee", pausing, NULL);
		pt(PTRACE_SEIZE, pid, 0, some[i]);
		pt(PTRACE_SEIZE, pid, 1, some[i]);
		out("tracer %s", quiet_pt(PTRACE_INTERRUPT, pid, 0, 0) ?
		    "none" : "this");
		finish(pid);
	}
	return 0;
}
