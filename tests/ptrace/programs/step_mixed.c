// SPDX-License-Identifier: GPL-2.0-only
/* SINGLESTEP and SYSCALL in turn around a system call: all orders of three */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(call); LABEL(behind); LABEL(second); LABEL(call2);
LABEL(behind2);

asm(".text\nbody:\nint3\n"
	L(first) "mov $" STR(__NR_getuid) ", %eax\n"
	L(call) CALL_INSN
	L(behind) "nop\n"
	L(second) "mov $3999, %eax\n"
	L(call2) CALL_INSN
	L(behind2) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(call), SYM(behind), SYM(second), SYM(call2),
	SYM(behind2), { NULL }
};

int main(void)
{
	int mask, n;

	labels = table;
	for (mask = 0; mask < 16; mask++) {
		pid_t pid = start_body(body);

		out("order %d", mask);
		if (mask & 8)
			quiet_pt(PTRACE_SETOPTIONS, pid, 0,
				 PTRACE_O_TRACESYSGOOD);
		go_on(pid, PTRACE_SINGLESTEP, 0);
		for (n = 0; n < 3; n++)
			go(pid, mask & 1 << n ? PTRACE_SYSCALL :
			   PTRACE_SINGLESTEP, 0);
		go(pid, PTRACE_SYSCALL, 0);
		show_syscall(pid);
		finish(pid);
	}
	return 0;
}
