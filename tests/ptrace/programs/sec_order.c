// SPDX-License-Identifier: GPL-2.0-only
/* Entry stop, seccomp stop, exit stop: the order by how it is resumed */
#include "sec.h"

static void child(void *arg)
{
	FILTER({ SYS_dup2, SECCOMP_RET_TRACE | 6 });
	raise(SIGUSR1);
	syscall(SYS_dup2, 1, 50);
	syscall(SYS_dup2, 1, 51);
	_exit(3);
}

int main(void)
{
	static const int how[] = {
		PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SYSEMU, PTRACE_SINGLESTEP,
	};
	int status, mask, i;
	pid_t pid;

	for (mask = 0; mask < 64; mask++) {
		int r[3] = { mask % 4, mask / 4 % 4, mask / 16 };

		out("order %d%d%d", r[0], r[1], r[2]);
		pid = spawn_traced("tracee", child, NULL);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP |
			 PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
		do {
			status = go_on(pid, PTRACE_CONT, 0);
		} while (WIFSTOPPED(status) && status >> 8 != SIGUSR1);
		do {
			status = go_on(pid, mask % 2 ? PTRACE_SYSCALL :
				       PTRACE_CONT, 0);
		} while (WIFSTOPPED(status) &&
			 (long)regs_of(pid).ORIG != SYS_dup2);
		show_syscall(pid);
		for (i = 0; i < 3; i++) {
			if (!go(pid, how[r[i]], 0))
				break;
			show_syscall(pid);
		}
		finish(pid);
	}
	return 0;
}
