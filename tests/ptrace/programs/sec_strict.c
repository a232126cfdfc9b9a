// SPDX-License-Identifier: GPL-2.0-only
/* Strict mode under a tracer: killed at once, only the exit event shows it */
#include "sec.h"

static void child(void *arg)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	syscall(SYS_getuid, 3);
	for (;;)
		;
}

int main(void)
{
	int status;
	pid_t pid;

	pid = spawn_seized("tracee", child, NULL, PTRACE_O_TRACEEXIT);
	show_wait(pid, 0);
	show_msg(pid);
	show_regs(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);

	/* the tracer puts another call in its place */
	pid = spawn_traced("changed", child, NULL);
	do {
		status = go_on(pid, PTRACE_SYSCALL, 0);
	} while (WIFSTOPPED(status) && (long)regs_of(pid).ORIG != SYS_getuid);
	quiet_pt(PTRACE_POKEUSR, pid, offsetof(struct user_regs_struct, ORIG),
		 SYS_exit);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	return 0;
}
