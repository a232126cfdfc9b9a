// SPDX-License-Identifier: GPL-2.0-only
/* POKEUSR of values that are refused or changed: selectors, bases, flags, DR6, DR7 */
#include "req.h"

#ifdef __x86_64__
#define BX	rbx
#define ORIG	orig_rax
#define SEGMENT	cs, ss, ds, es, fs, gs
#else
#define BX	ebx
#define ORIG	orig_eax
#endif

#define REG(x)	offsetof(struct user_regs_struct, x)
#define DR(n)	(offsetof(struct user, u_debugreg) + (n) * sizeof(long))

static void try(pid_t pid, const char *what, long offset, long value)
{
	long old = 0, now = 0, ret;

	quiet_pt(PTRACE_PEEKUSR, pid, offset, (long)&old);
	ret = quiet_pt(PTRACE_POKEUSR, pid, offset, value);
	out("%s %#lx: %s", what, value, show_errno(ret));
	quiet_pt(PTRACE_PEEKUSR, pid, offset, (long)&now);
	if (now == old)
		out("  as it was");
	else
		out("  %#lx, now %#lx", old, now);
	quiet_pt(PTRACE_POKEUSR, pid, offset, old);
	quiet_pt(PTRACE_PEEKUSR, pid, offset, (long)&now);
	if (now != old)
		out("  not to be set again");
}

int main(void)
{
	static const struct {
		const char *name;
		long offset;
	} segments[] = {
#ifdef __x86_64__
		{ "cs", REG(cs) }, { "ss", REG(ss) }, { "ds", REG(ds) },
		{ "es", REG(es) }, { "fs", REG(fs) }, { "gs", REG(gs) },
#else
		{ "cs", REG(xcs) }, { "ss", REG(xss) }, { "ds", REG(xds) },
		{ "es", REG(xes) }, { "fs", REG(xfs) },
#endif
	};
	static const long selectors[] = { 0, 3, 0x10, 0x33, 0x2b, 0x23, 0x7f,
					  0xfffc, 0x10033, -1 };
	pid_t pid = spawn_traced("tracee", pausing, NULL);
	unsigned int i, j;

	for (i = 0; i < sizeof(segments) / sizeof(segments[0]); i++)
		for (j = 0; j < sizeof(selectors) / sizeof(selectors[0]); j++)
			try(pid, segments[i].name, segments[i].offset,
			    selectors[j]);
	/*
	 * those of the last computation depend on numbers like pids,
	 * and the register may be one
	 */
	quiet_pt(PTRACE_POKEUSR, pid, REG(eflags), 0x202);
	quiet_pt(PTRACE_POKEUSR, pid, REG(BX), 5);
	try(pid, "flags", REG(eflags), -1);
	try(pid, "flags", REG(eflags), 0);
	try(pid, "flags", REG(eflags), 0x100);
	try(pid, "flags", REG(eflags), 0x3000);
	try(pid, "flags", REG(eflags), 0x4000);
	try(pid, "a register", REG(BX), -1);
	try(pid, "call", REG(ORIG), -1);
	try(pid, "call", REG(ORIG), 0x7fffffff);
#ifdef __x86_64__
	/* fs_base is not shown: it is somewhere */
	out("fs base: %s %s",
	    show_errno(quiet_pt(PTRACE_POKEUSR, pid, REG(fs_base), -1)),
	    show_errno(quiet_pt(PTRACE_POKEUSR, pid, REG(fs_base), 0x7ffffffff000)));
	try(pid, "gs base", REG(gs_base), 0x1000);
	try(pid, "gs base", REG(gs_base), 0x7fffffffefff);
	try(pid, "gs base", REG(gs_base), 0x7ffffffff000);
	try(pid, "gs base", REG(gs_base), -1);
	try(pid, "dr0 kernel", DR(0), 0xffff888000000000L);
	try(pid, "dr0 not canonical", DR(0), 1L << 47);
#endif
	try(pid, "dr0", DR(0), 0x1001);
	try(pid, "dr1 end", DR(1), -1);
	try(pid, "dr3", DR(3), 0x2000);
	try(pid, "dr4", DR(4), 0);
	try(pid, "dr5", DR(5), 1);
	try(pid, "dr6", DR(6), 0);
	try(pid, "dr6", DR(6), -1);
	try(pid, "dr6", DR(6), 0x4001);
	try(pid, "dr7", DR(7), 0x1);
	try(pid, "dr7", DR(7), 0x400);
	try(pid, "dr7", DR(7), 0xffffff00);
	finish(pid);
	return 0;
}
