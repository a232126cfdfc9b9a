// SPDX-License-Identifier: GPL-2.0-only
/* 32-bit calls of a 64-bit tracee: number, arguments, arch at the stops; changed there */
#include "req_compat.h"

static void child(void *arg)
{
	asm volatile("int3");
	call32(199, 1, 2, 3, 4);	/* getuid32 */
	call32(6, -1, 0, 0, 0);		/* close */
	call32(24, 0, 0, 0, 0);		/* getuid, changed to 29, pause */
	raise(SIGUSR1);
}

static void show(pid_t pid)
{
	struct ptrace_syscall_info info = { 0 };

	show_syscall(pid);
	quiet_pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), (long)&info);
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		out("  %lld: %#llx", (long long)info.entry.nr,
		    (unsigned long long)info.entry.args[0]);
}

int main(void)
{
	struct user_regs_struct r;
	pid_t pid = spawn_traced("tracee", child, NULL);
	int i;

	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
	req_go(pid, PTRACE_CONT, 0);
	for (i = 0; i < 4; i++) {
		req_go(pid, PTRACE_SYSCALL, 0);
		show(pid);
	}
	req_go(pid, PTRACE_SYSCALL, 0);
	show(pid);
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&r);
	r.orig_rax = 29;
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&r);
	show(pid);
	pt(PTRACE_SYSCALL, pid, 0, 0);
	await_state(pid, "S");
	kill(pid, SIGUSR2);
	show_wait(pid, 0);
	show(pid);
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&r);
	out("ax %ld", (long)r.rax);
	/* a result by the 32-bit request: its sign is lost, as far as one sees */
	out("poke: %s", show_errno(pt32(PTRACE_POKEUSR, pid, 24, -7)));
	show(pid);
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&r);
	out("ax %#lx", (long)r.rax);
	/* with the number this marks the registers as touched by 32 bit */
	out("poke: %s", show_errno(pt32(PTRACE_POKEUSR, pid, 44, 29)));
	show(pid);
	req_go(pid, PTRACE_CONT, 0);
	show_siginfo(pid);
	req_go(pid, PTRACE_CONT, 0);
	finish(pid);
	return 0;
}
