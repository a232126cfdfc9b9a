// SPDX-License-Identifier: GPL-2.0-only
/* Code that reads and sets its flags, itself the trap flag, under single steps */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(pop); LABEL(set); LABEL(popf); LABEL(own); LABEL(own2);
LABEL(popf2); LABEL(last);

asm(".text\nbody:\nint3\n"
	L(first) "pushf\n"
	L(pop) "pop %" STR(R(ax)) "\n"		/* with TF? */
	"pushf\n"
	L(set) "orl $0x100, (%" STR(R(sp)) ")\n"
	L(popf) "popf\n"			/* TF is its own now */
	L(own) "nop\n"
	L(own2) "nop\n"
	"pushf\n"
	"andl $~0x100, (%" STR(R(sp)) ")\n"
	L(popf2) "popf\n"
	"nop\n"
	L(last) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(pop), SYM(set), SYM(popf), SYM(own), SYM(own2),
	SYM(popf2), SYM(last), { NULL }
};

int main(void)
{
	int cont, n;
	pid_t pid;

	labels = table;
	for (cont = 0; cont < 2; cont++) {
		out("then %s", cont ? "CONT" : "steps");
		pid = start_body(body);
		go(pid, PTRACE_SINGLESTEP, 0);
		go(pid, PTRACE_SINGLESTEP, 0);
		out("  TF in what pushf left: %d",
		    !!(regs_of(pid).R(ax) & 0x100));
		while (regs_of(pid).R(ip) != (unsigned long)own)
			if (!go(pid, PTRACE_SINGLESTEP, 0))
				return 1;
		for (n = 0; n < 9; n++)
			if (!go(pid, cont ? PTRACE_CONT : PTRACE_SINGLESTEP, 0))
				break;
		finish(pid);
	}
	return 0;
}
