// SPDX-License-Identifier: GPL-2.0-only
/* After a step CONT leaves no trap flag and no stop behind; so does SYSCALL */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(second); LABEL(call); LABEL(behind); LABEL(brk2);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(second) "mov $" STR(__NR_getuid) ", %eax\n"
	L(call) CALL_INSN
	L(behind) "nop\n"
	"pushf\n"
	"pop %" STR(R(ax)) "\n"
	"shr $8, %eax\n"
	"and $1, %eax\n"
	"int3\n"
	L(brk2) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(second), SYM(call), SYM(behind), SYM(brk2), { NULL }
};

int main(void)
{
	int steps, n;
	pid_t pid;

	labels = table;
	for (steps = 1; steps <= 3; steps++) {
		out("%d steps, CONT", steps);
		pid = start_body(body);
		for (n = 0; n < steps; n++)
			go(pid, PTRACE_SINGLESTEP, 0);
		go(pid, PTRACE_CONT, 0);
		go(pid, PTRACE_CONT, 0);

		out("%d steps, SYSCALL", steps);
		pid = start_body(body);
		for (n = 0; n < steps; n++)
			go(pid, PTRACE_SINGLESTEP, 0);
		for (n = 0; n < 3; n++)
			go(pid, PTRACE_SYSCALL, 0);
		go(pid, PTRACE_CONT, 0);
		finish(pid);
	}
	return 0;
}
