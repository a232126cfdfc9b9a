// SPDX-License-Identifier: GPL-2.0-only
/* rep movsb: a stop for each round, and none in between with block steps */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(copy); LABEL(behind);
char from[] = "abcdef", to[8];

asm(".text\nbody:\n"
	"mov $from, %" STR(R(si)) "\n"
	"mov $to, %" STR(R(di)) "\n"
	"mov $6, %ecx\n"
	"int3\n"
	L(first) "cld\n"
	L(copy) "rep movsb\n"
	L(behind) "nop\n"
	"mov $" STR(__NR_exit_group) ", %eax\n"
	CALL_INSN);

static const struct label table[] = {
	SYM(first), SYM(copy), SYM(behind), { NULL }
};

static void steps(int request)
{
	struct user_regs_struct regs;
	pid_t pid = start_body(body);
	int n;

	for (n = 0; n < 9; n++) {
		if (!go(pid, request, 0))
			break;
		regs = regs_of(pid);
		out("  counter %ld, source +%ld, target +%ld",
		    (long)regs.R(cx), (long)regs.R(si) - (long)from,
		    (long)regs.R(di) - (long)to);
	}
	finish(pid);
}

int main(void)
{
	labels = table;
	steps(PTRACE_SINGLESTEP);
	steps(PTRACE_SINGLEBLOCK);
	return 0;
}
