// SPDX-License-Identifier: GPL-2.0-only
/* SYSEMU and execve: a call that was entered already is done; the new image's are not */
#include "step.h"

static void child(void *arg)
{
	execl("/proc/self/exe", "step_emu_exec", "new", NULL);
}

static bool is_execve(pid_t pid)
{
	struct user_regs_struct regs = regs_of(pid);

	return (long)regs.ORIG == SYS_execve;
}

static void one(int request, long options)
{
	pid_t pid = spawn_traced("tracee", child, NULL);
	int n;

	out("request %d, options %#lx", request, options);
	quiet_pt(PTRACE_SETOPTIONS, pid, 0, options | PTRACE_O_TRACESYSGOOD);
	do {
		go_on(pid, PTRACE_SYSCALL, 0);
	} while (!is_execve(pid));
	/* out of its entry */
	go(pid, request, 0);
	show_siginfo(pid);
	for (n = 0; n < 4; n++) {
		if (!go(pid, request, 0))
			break;
		show_siginfo(pid);
		show_syscall(pid);
	}
	finish(pid);

	/* it is not done, and the old image goes on */
	pid = spawn_traced("tracee", child, NULL);
	quiet_pt(PTRACE_SETOPTIONS, pid, 0, options | PTRACE_O_TRACESYSGOOD);
	do {
		go_on(pid, PTRACE_SYSEMU, 0);
	} while (!is_execve(pid));
	show_syscall(pid);
	go(pid, request, 0);
	show_siginfo(pid);
	go(pid, PTRACE_CONT, 0);
	finish(pid);
}

int main(int argc, char **argv)
{
	static const int requests[] = {
		PTRACE_SYSEMU, PTRACE_SYSEMU_SINGLESTEP,
	};
	int i;

	if (argc > 1)
		return 7;
	for (i = 0; i < 2; i++) {
		one(requests[i], 0);
		one(requests[i], PTRACE_O_TRACEEXEC);
	}
	return 0;
}
