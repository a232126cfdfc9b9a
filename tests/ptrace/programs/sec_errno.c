// SPDX-License-Identifier: GPL-2.0-only
/* RET_ERRNO under a tracer: entry and exit stops, a result the tracer changes */
#include "sec.h"

static void child(void *arg)
{
	FILTER({ SYS_dup2, SECCOMP_RET_ERRNO | 77 },
	       { SYS_getuid, SECCOMP_RET_ERRNO | 0 },
	       { SYS_getgid, SECCOMP_RET_ERRNO | 0xffff });
	syscall(SYS_getuid);
	shm->val[0] = syscall(SYS_getgid);
	shm->val[1] = errno;
	_exit(result(syscall(SYS_dup2, 1, 50)));
}

int main(void)
{
	struct user_regs_struct regs;
	int status, i;
	pid_t pid;

	pid = spawn_traced("tracee", child, NULL);
	quiet_pt(PTRACE_SETOPTIONS, pid, 0,
		 PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD);
	do {
		status = go_on(pid, PTRACE_SYSCALL, 0);
	} while (WIFSTOPPED(status) && (long)regs_of(pid).ORIG != SYS_getuid);
	show_stop(pid, "entry", status);
	show_syscall(pid);
	for (i = 0; i < 5; i++) {
		go(pid, PTRACE_SYSCALL, 0);
		show_syscall(pid);
	}
	regs = regs_of(pid);
	regs.R(ax) = 21;
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
	go(pid, PTRACE_CONT, 0);
	out("getgid: %ld, errno %ld", shm->val[0], shm->val[1]);
	return 0;
}
