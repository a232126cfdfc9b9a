// SPDX-License-Identifier: GPL-2.0-only
/* The filter looks again at a call that the tracer changed, at either stop */
#include "sec.h"

static void child(void *arg)
{
	pid_t me = getpid();

	FILTER({ SYS_dup2, SECCOMP_RET_TRACE | 1 },
	       { SYS_getuid, SECCOMP_RET_ERRNO | 77 },
	       { SYS_getpid, SECCOMP_RET_TRACE | 2 },
	       { SYS_gettid, SECCOMP_RET_KILL_PROCESS },
	       { SYS_getpgrp, SECCOMP_RET_TRAP | 3 },
	       { SYS_setsid, SECCOMP_RET_LOG });
	syscall(SYS_kill, me, SIGUSR1);
	_exit(result(syscall(SYS_dup2, 1, 50)) & 0xff);
}

static void change(pid_t pid, long nr)
{
	quiet_pt(PTRACE_POKEUSR, pid,
		 offsetof(struct user_regs_struct, ORIG), nr);
}

static void look(pid_t pid, long nr)
{
	int status = go_on(pid, PTRACE_SYSCALL, 0);

	out("  status %#x event %d", status & 0xffff, event_of(status));
	/* a pid is no result to show */
	if (event_of(status) || (nr != SYS_getpid && nr != SYS_getppid))
		show_syscall(pid);
	if (nr != SYS_getpid && nr != SYS_getppid)
		show_stop(pid, "  then", go_on(pid, PTRACE_CONT, 0));
	finish(pid);
}

int main(void)
{
	static const long to[] = {
		SYS_getuid, SYS_getpid, SYS_gettid, SYS_getpgrp, SYS_getppid,
	};
	int i, status;
	pid_t pid;

	for (i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		out("at the seccomp stop to %ld", to[i]);
		pid = spawn_traced("tracee", child, NULL);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP |
			 PTRACE_O_TRACESYSGOOD);
		do {
			status = go_on(pid, PTRACE_CONT, 0);
		} while (WIFSTOPPED(status) && !(status >> 16 &&
			 (long)regs_of(pid).ORIG == SYS_dup2));
		change(pid, to[i]);
		show_syscall(pid);
		look(pid, to[i]);

		out("at the entry stop to %ld", to[i]);
		pid = spawn_traced("tracee", child, NULL);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP |
			 PTRACE_O_TRACESYSGOOD);
		do {
			status = go_on(pid, PTRACE_CONT, 0);
		} while (WIFSTOPPED(status) && status >> 8 != SIGUSR1);
		do {
			status = go_on(pid, PTRACE_SYSCALL, 0);
		} while (WIFSTOPPED(status) && (long)regs_of(pid).ORIG != SYS_dup2);
		change(pid, to[i]);
		show_syscall(pid);
		look(pid, to[i]);
	}
	return 0;
}
