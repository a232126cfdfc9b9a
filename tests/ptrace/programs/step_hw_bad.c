// SPDX-License-Identifier: GPL-2.0-only
/* Debug registers that cannot be set, and what the others are afterwards */
#include "step_hw.h"

static int data[4] __attribute__((aligned(16)));
static const struct label table[] = { { "data", (const char *)data }, { NULL } };

static void child(void *arg)
{
	pause();
}

int main(void)
{
	const unsigned long at = (unsigned long)data;
	const struct {
		const char *what;
		int n;
		unsigned long val;
	} try[] = {
		{ "dr0", 0, at },
		{ "dr0 kernel", 0, -4096UL },
		{ "dr0 last user byte", 0, 0x7fffffffefffUL },
		{ "dr1 unaligned", 1, at + 1 },
		{ "dr2", 2, at + 4 },
		{ "dr4", 4, 0 },
		{ "dr5", 5, 1 },
		{ "dr6", 6, 0x1234 },
		{ "dr6 all", 6, -1UL },
		{ "dr6 0", 6, 0 },
		{ "dr7 write 1 of 0", 7, dr7(0, 1, 0) },
		{ "dr7 io", 7, dr7(2, 2, 0) },
		{ "dr7 exec length 4", 7, dr7(2, 0, 3) },
		{ "dr7 exec length 2", 7, dr7(2, 0, 1) },
		{ "dr7 length 4, unaligned", 7, dr7(1, 1, 3) },
		{ "dr7 one good, one bad", 7, dr7(2, 1, 3) | dr7(1, 1, 3) },
		{ "dr7 register without address", 7, dr7(3, 1, 0) },
		{ "dr7 general detect", 7, dr7(2, 1, 3) | 0x2000 },
		{ "dr7 global and exact", 7, dr7(2, 1, 3) << 1 | 0x300 },
		{ "dr7 reserved", 7, 0xc00 },
		{ "dr7 0", 7, 0 },
	};
	pid_t pid;
	int i;

	labels = table;
	pid = spawn_traced("tracee", child, NULL);
	for (i = 0; i < sizeof(try) / sizeof(try[0]); i++) {
		if (sizeof(long) == 4 && i == 2)
			continue;
		out("%s: %s", try[i].what,
		    show_errno(set_dr(pid, try[i].n, try[i].val)));
		show_drs(pid);
	}
	out("offset past the end: %s",
	    show_errno(quiet_pt(PTRACE_POKEUSR, pid, sizeof(struct user), 0)));
	out("odd offset: %s",
	    show_errno(quiet_pt(PTRACE_POKEUSR, pid, DR(0) + 1, 0)));
	finish(pid);
	return 0;
}
