// SPDX-License-Identifier: GPL-2.0-only
/* Several filters: the strictest action decides, its data is the message */
#include "sec.h"

static void child(void *arg)
{
	FILTER({ SYS_getuid, SECCOMP_RET_TRACE | 1 },
	       { SYS_getgid, SECCOMP_RET_TRACE | 1 },
	       { SYS_dup2, SECCOMP_RET_TRACE | 1 });
	FILTER({ SYS_getuid, SECCOMP_RET_TRACE | 2 },
	       { SYS_getgid, SECCOMP_RET_ERRNO | 55 },
	       { SYS_dup2, SECCOMP_RET_LOG });
	syscall(SYS_getuid);
	shm->val[0] = syscall(SYS_getgid);
	shm->val[1] = errno;
	syscall(SYS_dup2, 1, 50);
}

int main(void)
{
	pid_t pid;

	pid = spawn_seized("tracee", child, NULL, PTRACE_O_TRACESECCOMP);
	while (show_wait(pid, 0) == pid && WIFSTOPPED(last_status())) {
		show_msg(pid);
		show_syscall(pid);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
	}
	out("getgid: %ld, errno %ld", shm->val[0], shm->val[1]);
	return 0;
}
