// SPDX-License-Identifier: GPL-2.0-only
/* Single steps over system calls that succeed, that fail and that are unknown */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(getuid_call); LABEL(close_call); LABEL(unknown_call);
LABEL(last);

asm(".text\nbody:\nint3\n"
	L(first) "mov $" STR(__NR_getuid) ", %eax\n"
	L(getuid_call) CALL_INSN
	"nop\n"
	"mov $" STR(__NR_close) ", %eax\n"
#ifdef __x86_64__
	"mov $-1, %edi\n"
#else
	"mov $-1, %ebx\n"
#endif
	L(close_call) CALL_INSN
	"nop\n"
	"mov $3999, %eax\n"
	L(unknown_call) CALL_INSN
	L(last) "nop\n"
	"mov $" STR(__NR_exit_group) ", %eax\n"
#ifdef __x86_64__
	"mov $7, %edi\n"
#else
	"mov $7, %ebx\n"
#endif
	CALL_INSN);

static const struct label table[] = {
	SYM(first), SYM(getuid_call), SYM(close_call), SYM(unknown_call),
	SYM(last), { NULL }
};

int main(void)
{
	pid_t pid;

	labels = table;
	pid = start_body(body);
	while (regs_of(pid).R(ip) != (unsigned long)last)
		if (!go(pid, PTRACE_SINGLESTEP, 0))
			return 1;
	/* into exit_group() */
	while (go(pid, PTRACE_SINGLESTEP, 0))
		;
	return 0;
}
