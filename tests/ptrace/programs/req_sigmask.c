// SPDX-License-Identifier: GPL-2.0-only
/* GETSIGMASK and SETSIGMASK: sizes, addresses; KILL and STOP cannot be blocked */
#include "req.h"

static void child(void *arg)
{
	sigset_t set;

	for (;;) {
		sigprocmask(SIG_BLOCK, NULL, &set);
		shm->val[0] = ((unsigned long *)&set)[0];
		raise(SIGUSR1);
	}
}

static void sizes(pid_t pid, int request, const char *name)
{
	static const long size[] = { 0, 1, 4, 7, 8, 9, 12, 16, 128, -8 };
	char text[32];
	unsigned int i;

	for (i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		sprintf(text, "%s-%ld", name, size[i]);
		req_add(text, show_errno(quiet_pt(request, pid, size[i],
						  (long)req_room)));
		/* the size is looked at first */
		sprintf(text, "%s-%ld-bad", name, size[i]);
		req_add(text, show_errno(quiet_pt(request, pid, size[i], 8)));
	}
	req_print();
}

static void show(pid_t pid)
{
	uint64_t mask = 1;
	long ret = quiet_pt(PTRACE_GETSIGMASK, pid, 8, (long)&mask);

	out("  %s, %#llx", show_errno(ret), (long long)mask);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);
	uint64_t mask;

	sizes(pid, PTRACE_GETSIGMASK, "get");
	show(pid);
	sizes(pid, PTRACE_SETSIGMASK, "set");
	req_go(pid, PTRACE_CONT, 0);
	for (mask = 1; mask; mask <<= 7) {
		out("set %#llx: %s", (long long)mask,
		    show_errno(quiet_pt(PTRACE_SETSIGMASK, pid, 8,
					(long)&mask)));
		show(pid);
	}
	mask = ~0ULL & ~(1ULL << (SIGUSR1 - 1));
	quiet_pt(PTRACE_SETSIGMASK, pid, 8, (long)&mask);
	show(pid);
	req_go(pid, PTRACE_CONT, 0);
	out("it sees %#lx", shm->val[0]);
	show(pid);
	mask = 0;
	quiet_pt(PTRACE_SETSIGMASK, pid, 8, (long)&mask);
	req_go(pid, PTRACE_CONT, 0);
	out("it sees %#lx", shm->val[0]);
	finish(pid);
	return 0;
}
