// SPDX-License-Identifier: GPL-2.0-only
/* SINGLESTEP with a signal stops at the handler's first instruction, on its stack */
#include "sig.h"

#ifdef __x86_64__
#define IP rip
#define SP rsp
#else
#define IP eip
#define SP esp
#endif

static char stack[1 << 16] __attribute__((aligned(16)));

static void handler(int sig, siginfo_t *info, void *context)
{
	shm->val[0]++;
}

static void child(void *arg)
{
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };

	sigaltstack(&alt, NULL);
	handle(SIGUSR1, handler, *(int *)arg);
	send_self(SIGUSR1);
	syscall(SYS_exit_group, shm->val[0]);
}

int main(void)
{
	static const int flags[] = {
		0, SA_ONSTACK, SA_NODEFER, SA_RESETHAND | SA_ONSTACK,
	};
	struct user_regs_struct regs;
	int i, request;

	for (request = 0; request < 2; request++) {
		for (i = 0; i < 4; i++) {
			int flag = flags[i];
			pid_t pid = spawn_traced("tracee", child, &flag);

			shm->val[0] = 0;
			out("flags %#x", flag);
			go(pid, PTRACE_CONT, 0);
			go(pid, request ? PTRACE_SINGLEBLOCK :
			   PTRACE_SINGLESTEP, SIGUSR1);
			quiet_pt(PTRACE_GETREGS, pid, 0, (long)&regs);
			out("%s handler, %s stack, trap flag %d",
			    regs.IP == (unsigned long)handler ? "at the" :
			    "not at the",
			    regs.SP - (unsigned long)stack < sizeof(stack) ?
			    "alternate" : "usual", !!(regs.eflags & 0x100));
			show_mask(pid);
			show_regs(pid);
			go(pid, PTRACE_CONT, 0);
			finish(pid);
		}
	}
	return 0;
}
