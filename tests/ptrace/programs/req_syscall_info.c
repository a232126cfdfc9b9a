// SPDX-License-Identifier: GPL-2.0-only
/* GET_SYSCALL_INFO: sizes, at entry, exit, with an error, without TRACESYSGOOD */
#include <linux/audit.h>

#include "req.h"

static void child(void *arg)
{
	for (;;) {
		syscall(SYS_getuid, 1, 2, 3, 4, 5, 6);
		syscall(SYS_close, 9999);
		syscall(999, -1, -2);
	}
}

static void show(pid_t pid)
{
	static const long size[] = { 0, 1, 4, 23, 24, 32, 33, 80, 84, 88, 1000,
				     -1 };
	struct ptrace_syscall_info info;
	struct user_regs_struct regs;
	unsigned char *b = (void *)req_room;
	unsigned int i;
	char text[16];
	int j, n;

	for (i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		long ret;

		memset(b, 0xa5, 256);
		ret = quiet_pt(PTRACE_GET_SYSCALL_INFO, pid, size[i], (long)b);
		for (n = 256; n && b[n - 1] == 0xa5; n--)
			;
		sprintf(text, "%ld/%d", size[i], n);
		req_add(text, show_errno(ret));
	}
	req_print();
	memcpy(&info, b, sizeof(info));
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&regs);
#ifdef __x86_64__
	out("  op %d arch %s, pc %s, sp %s, padding %d %d %d", info.op,
	    info.arch == AUDIT_ARCH_X86_64 ? "x86_64" : "other",
	    info.instruction_pointer == regs.rip ? "right" : "wrong",
	    info.stack_pointer == regs.rsp ? "right" : "wrong",
	    info.pad[0], info.pad[1], info.pad[2]);
#else
	out("  op %d arch %s, pc %s, sp %s, padding %d %d %d", info.op,
	    info.arch == AUDIT_ARCH_I386 ? "i386" : "other",
	    info.instruction_pointer == (uint32_t)regs.eip ? "right" : "wrong",
	    info.stack_pointer == (uint32_t)regs.esp ? "right" : "wrong",
	    info.pad[0], info.pad[1], info.pad[2]);
#endif
	/* arguments that were not given are what was in the registers */
	n = info.op != PTRACE_SYSCALL_INFO_ENTRY ? 0 :
	    info.entry.nr == SYS_getuid ? 6 : info.entry.nr == SYS_close ? 1 : 2;
	for (j = 0; j < n; j++)
		out("  argument %d: %#llx", j,
		    (unsigned long long)info.entry.args[j]);
	show_syscall(pid);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);
	int i;

	show(pid);
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
	/* the end of kill() is none: it was not traced then */
	for (i = 0; i < 6; i++) {
		req_go(pid, PTRACE_SYSCALL, 0);
		show(pid);
	}
	out("without the option");
	pt(PTRACE_SETOPTIONS, pid, 0, 0);
	/* this stop is still what it was */
	show(pid);
	for (i = 0; i < 2; i++) {
		req_go(pid, PTRACE_SYSCALL, 0);
		show(pid);
	}
	req_go(pid, PTRACE_SINGLESTEP, 0);
	show(pid);
	finish(pid);
	return 0;
}
