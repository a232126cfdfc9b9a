// SPDX-License-Identifier: GPL-2.0-only
/* A step out of a signal stop inside read(), which starts anew and then ends */
#include "step.h"

static int fds[2];

static void child(void *arg)
{
	char c;

	_exit(read(fds[0], &c, 1) == 1 ? c : 99);
}

int main(void)
{
	unsigned long call;
	pid_t pid;
	int n;

	if (pipe(fds))
		return 1;
	pid = spawn_traced("tracee", child, NULL);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	await_syscall(pid, SYS_read);
	kill(pid, SIGUSR1);
	show_wait(pid, 0);
	show_regs(pid);
	call = regs_of(pid).R(ip);
	/* it goes back to the call and traps before it, or behind it? */
	if (write(fds[1], "A", 1) != 1)
		return 1;
	for (n = 0; n < 3; n++) {
		go(pid, PTRACE_SINGLESTEP, 0);
		show_regs(pid);
		if (!n)
			out("  moved by %ld",
			    (long)(regs_of(pid).R(ip) - call));
	}
	go(pid, PTRACE_CONT, 0);
	return 0;
}
