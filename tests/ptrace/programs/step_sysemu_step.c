// SPDX-License-Identifier: GPL-2.0-only
/* SYSEMU_SINGLESTEP through plain code and system calls that are not done */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(call); LABEL(behind); LABEL(call2); LABEL(behind2);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	"mov $" STR(__NR_getuid) ", %eax\n"
	L(call) CALL_INSN
	L(behind) "nop\n"
	"mov $" STR(__NR_getuid) ", %eax\n"
	L(call2) CALL_INSN
	L(behind2) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(call), SYM(behind), SYM(call2), SYM(behind2), { NULL }
};

int main(void)
{
	int good, n;

	labels = table;
	for (good = 0; good < 2; good++) {
		pid_t pid = start_body(body);

		out("TRACESYSGOOD %d", good);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0,
			 good ? PTRACE_O_TRACESYSGOOD : 0);
		for (n = 0; n < 8; n++) {
			go(pid, PTRACE_SYSEMU_SINGLESTEP, 0);
			show_syscall(pid);
		}
		go(pid, PTRACE_CONT, 0);
	}
	return 0;
}
