// SPDX-License-Identifier: GPL-2.0-only
/* DETACH after a step, in plain code, before, in and after a system call */
#include "step.h"

void body(void *arg);
void handler(int sig);
LABEL(first); LABEL(second); LABEL(call); LABEL(behind);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(second) "mov $" STR(__NR_getuid) ", %eax\n"
	L(call) CALL_INSN
	L(behind) "nop\n"
	"nop\n"
	"ret\n"
	"handler:\nret\n");

static const struct label table[] = {
	SYM(first), SYM(second), SYM(call), SYM(behind), { NULL }
};

static void child(void *arg)
{
	unsigned long flags;

	signal(SIGUSR1, handler);
	body(arg);
	asm volatile("pushf\npop %0" : "=r"(flags));
	_exit(flags & 0x100 ? 1 : 40);
}

static void detach(int steps, int request, int sig)
{
	pid_t pid = start_body(child);
	int n;

	out("%d steps%s", steps, request == PTRACE_SYSCALL ? " and SYSCALL" :
	    request == PTRACE_SINGLEBLOCK ? " and a block" : "");
	for (n = 0; n < steps; n++)
		go_on(pid, PTRACE_SINGLESTEP, 0);
	if (request)
		go_on(pid, request, 0);
	show_at(pid);
	pt(PTRACE_DETACH, pid, 0, sig);
	show_wait(pid, 0);
}

int main(void)
{
	int i;

	labels = table;
	for (i = 0; i < 5; i++)
		detach(i, 0, 0);
	detach(1, PTRACE_SYSCALL, 0);
	detach(1, PTRACE_SINGLEBLOCK, 0);
	detach(1, 0, SIGUSR1);
	detach(3, 0, SIGUSR1);
	detach(1, 0, SIGTRAP);
	return 0;
}
