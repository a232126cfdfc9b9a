// SPDX-License-Identifier: GPL-2.0-only
/* SYSEMU: calls are not done, the tracer gives the result; then CONT, SYSCALL */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(call); LABEL(behind); LABEL(call2); LABEL(behind2);
LABEL(call3); LABEL(behind3);

asm(".text\nbody:\nint3\n"
	L(first) "mov $" STR(__NR_getuid) ", %eax\n"
	L(call) CALL_INSN
	L(behind) "mov $" STR(__NR_getuid) ", %eax\n"
	L(call2) CALL_INSN
	L(behind2) "mov $" STR(__NR_getuid) ", %eax\n"
	L(call3) CALL_INSN
	L(behind3) "int3\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(call), SYM(behind), SYM(call2), SYM(behind2),
	SYM(call3), SYM(behind3), { NULL }
};

static void set_ax(pid_t pid, long value)
{
	struct user_regs_struct regs = regs_of(pid);

	regs.R(ax) = value;
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
}

int main(void)
{
	static const int then[] = {
		PTRACE_SYSEMU, PTRACE_SYSCALL, PTRACE_CONT, PTRACE_SINGLESTEP,
		PTRACE_SYSEMU_SINGLESTEP,
	};
	int i, n;

	labels = table;
	for (i = 0; i < 5; i++) {
		pid_t pid = start_body(body);

		out("SYSEMU, then %d", then[i]);
		if (i)
			quiet_pt(PTRACE_SETOPTIONS, pid, 0,
				 PTRACE_O_TRACESYSGOOD);
		go(pid, PTRACE_SYSEMU, 0);
		show_syscall(pid);
		set_ax(pid, 1234);
		for (n = 0; n < 4; n++) {
			if (!go(pid, then[i], 0))
				break;
			show_syscall(pid);
		}
		finish(pid);
	}
	return 0;
}
