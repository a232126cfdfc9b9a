// SPDX-License-Identifier: GPL-2.0-only
/* A signal given at the stops of a system call: one more stop, by the kernel */
#include "sig.h"

static void child(void *arg)
{
	handle(SIGUSR1, tell, 0);
	signal(SIGHUP, SIG_IGN);
	mask(SIG_BLOCK, SIGUSR2);
	send_self(SIGTRAP);
	syscall(SYS_getuid);
	syscall(SYS_exit_group, 7);
}

static void show(pid_t pid, int sig)
{
	if (!go(pid, PTRACE_SYSCALL, sig))
		return;
	show_syscall(pid);
	show_regs(pid);
}

int main(void)
{
	static const int sigs[] = {
		SIGUSR1, SIGUSR2, SIGHUP, SIGWINCH, SIGTERM, SIGKILL, 65,
	};
	int i, at;

	for (at = 0; at < 2; at++) {
		for (i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
			pid_t pid = spawn_traced("tracee", child, NULL);

			out("%s at %s", signame(sigs[i]), at ? "exit" : "entry");
			quiet_pt(PTRACE_CONT, pid, 0, 0);
			show_wait(pid, 0);
			quiet_pt(PTRACE_SETOPTIONS, pid, 0,
				 PTRACE_O_TRACESYSGOOD);
			show(pid, 0);
			if (at)
				show(pid, 0);
			show(pid, sigs[i]);
			show(pid, 0);
			finish(pid);
		}
	}
	return 0;
}
