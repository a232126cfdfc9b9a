/* SPDX-License-Identifier: GPL-2.0-only */
/* Debug registers by PEEKUSER and POKEUSER */
#ifndef STEP_HW_H
#define STEP_HW_H

#include "step.h"

#define DR(n)	offsetof(struct user, u_debugreg[n])

static __attribute__((unused)) long set_dr(pid_t pid, int n, unsigned long val)
{
	return quiet_pt(PTRACE_POKEUSR, pid, DR(n), val);
}

static __attribute__((unused)) unsigned long dr(pid_t pid, int n)
{
	unsigned long val = 0;

	if (quiet_pt(PTRACE_PEEKUSR, pid, DR(n), (long)&val))
		return 0xdeadUL;
	return val;
}

/* DR7: enable n, with its type (0 exec, 1 write, 3 both) and length - 1 */
static __attribute__((unused)) unsigned long dr7(int n, int type, int len)
{
	return 1UL << (2 * n) | (unsigned long)(type | len << 2) << (16 + 4 * n);
}

static __attribute__((unused)) void show_drs(pid_t pid)
{
	char text[200] = "";
	int i;

	for (i = 0; i < 4; i++)
		sprintf(text + strlen(text), "%s ", where(dr(pid, i)));
	out("  %s: addresses %sdr6 %#lx dr7 %#lx", who(pid), text, dr(pid, 6),
	    dr(pid, 7));
}

#endif
