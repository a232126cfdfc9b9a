// SPDX-License-Identifier: GPL-2.0-only
/* Single steps through plain code, a loop and a call */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(push); LABEL(loop); LABEL(jump); LABEL(call); LABEL(sub);
LABEL(last);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	"mov $3, %ecx\n"
	L(push) "push %" STR(R(cx)) "\n"
	"pop %" STR(R(cx)) "\n"
	L(loop) "dec %ecx\n"
	L(jump) "jnz loop\n"
	L(call) "call sub\n"
	L(last) "nop\n"
	"ret\n"
	L(sub) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(push), SYM(loop), SYM(jump), SYM(call), SYM(sub),
	SYM(last), { NULL }
};

int main(void)
{
	pid_t pid;
	int n;

	labels = table;
	pid = start_body(body);
	show_at(pid);
	for (n = 0; n < 40; n++) {
		if (regs_of(pid).R(ip) == (unsigned long)last)
			break;
		go(pid, PTRACE_SINGLESTEP, 0);
	}
	out("%d stops", n);
	go(pid, PTRACE_CONT, 0);
	return 0;
}
