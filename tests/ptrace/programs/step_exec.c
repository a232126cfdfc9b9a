// SPDX-License-Identifier: GPL-2.0-only
/* A step over execve: the stop, and that the new image has no trap flag */
#include "step.h"

static void child(void *arg)
{
	execl("/proc/self/exe", "step_exec", "new", NULL);
}

int main(int argc, char **argv)
{
	int rounds, n, status;

	if (argc > 1) {
		unsigned long flags;

		asm volatile("pushf\npop %0" : "=r"(flags));
		return flags & 0x100 ? 1 : 0;
	}
	for (rounds = 0; rounds < 3; rounds++) {
		pid_t pid = spawn_traced("tracee", child, NULL);

		out("options %s", rounds == 1 ? "TRACEEXEC" : "none");
		if (rounds == 1)
			quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC);
		/* steps, till execve() is done: orig_ax tells in between */
		for (n = 0; n < 5000; n++) {
			struct user_regs_struct regs;

			status = go_on(pid, rounds == 2 ? PTRACE_SINGLEBLOCK :
				       PTRACE_SINGLESTEP, 0);
			if (!WIFSTOPPED(status))
				break;
			regs = regs_of(pid);
			if (status >> 16 || (long)regs.ORIG == SYS_execve)
				break;
		}
		show_stop(pid, "the first in execve", status);
		show_siginfo(pid);
		go(pid, PTRACE_SINGLESTEP, 0);
		show_siginfo(pid);
		go(pid, PTRACE_SINGLESTEP, 0);
		show_siginfo(pid);
		go(pid, PTRACE_CONT, 0);
		finish(pid);
	}
	return 0;
}
