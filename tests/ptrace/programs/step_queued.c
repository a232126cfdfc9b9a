// SPDX-License-Identifier: GPL-2.0-only
/* A signal that comes while it stands is seen before the step is done */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(second); LABEL(third);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(second) "nop\n"
	L(third) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(second), SYM(third), { NULL }
};

int main(void)
{
	pid_t pid;

	labels = table;
	pid = start_body(body);
	kill(pid, SIGUSR1);
	go(pid, PTRACE_SINGLESTEP, 0);
	show_siginfo(pid);
	go(pid, PTRACE_SINGLESTEP, 0);
	kill(pid, SIGUSR1);
	kill(pid, SIGUSR2);
	go(pid, PTRACE_SINGLESTEP, 0);
	go(pid, PTRACE_SINGLESTEP, 0);
	go(pid, PTRACE_SINGLESTEP, 0);
	kill(pid, SIGSTOP);
	go(pid, PTRACE_SINGLESTEP, 0);
	go(pid, PTRACE_SINGLESTEP, SIGSTOP);
	show_siginfo(pid);
	go(pid, PTRACE_SINGLESTEP, 0);
	go(pid, PTRACE_CONT, 0);
	return 0;
}
