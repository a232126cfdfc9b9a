// SPDX-License-Identifier: GPL-2.0-only
/* A step into exit(), with and without the exit event */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(call);

asm(".text\nbody:\nint3\n"
	L(first) "mov $" STR(__NR_exit_group) ", %eax\n"
#ifdef __x86_64__
	"mov $33, %edi\n"
#else
	"mov $33, %ebx\n"
#endif
	L(call) CALL_INSN);

static const struct label table[] = { SYM(first), SYM(call), { NULL } };

int main(void)
{
	static const int how[] = { PTRACE_SINGLESTEP, PTRACE_SINGLEBLOCK,
				   PTRACE_SYSEMU_SINGLESTEP };
	int i;

	labels = table;
	for (i = 0; i < 6; i++) {
		pid_t pid = start_body(body);

		out("%s the option", i % 2 ? "with" : "without");
		if (i % 2)
			quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXIT);
		go(pid, PTRACE_SINGLESTEP, 0);
		go(pid, PTRACE_SINGLESTEP, 0);
		if (go(pid, how[i / 2], 0)) {
			show_msg(pid);
			go(pid, PTRACE_SINGLESTEP, 0);
		}
		finish(pid);
	}
	return 0;
}
