// SPDX-License-Identifier: GPL-2.0-only
/* Steps onto and over int3, over a fault, CONT over all of them */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(trap); LABEL(behind);
LABEL(undefined); LABEL(last);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(trap) "int3\n"
	L(behind) "nop\n"
	L(undefined) "ud2\n"
	L(last) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(trap), SYM(behind), SYM(undefined),
	SYM(last), { NULL }
};

int main(void)
{
	static const int how[] = { PTRACE_SINGLESTEP, PTRACE_CONT };
	pid_t pid;
	int i, n;

	labels = table;
	for (i = 0; i < 2; i++) {
		pid = start_body(body);
		show_stop(pid, "int3", SIGTRAP << 8 | 0x7f);
		for (n = 0; n < 6; n++) {
			if (!go(pid, how[i], 0))
				break;
		}
		finish(pid);
	}
	return 0;
}
