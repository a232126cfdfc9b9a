// SPDX-License-Identifier: GPL-2.0-only
/* Single steps over calls with RET_TRACE, RET_ERRNO, RET_TRAP */
#include "sec.h"

void body(void *arg);
LABEL(first); LABEL(call1); LABEL(call2); LABEL(call3); LABEL(behind);

asm(".text\nbody:\nint3\n"
	L(first) "mov $" STR(__NR_getuid) ", %eax\n"
	L(call1) CALL_INSN
	"mov $" STR(__NR_getgid) ", %eax\n"
	L(call2) CALL_INSN
	"mov $" STR(__NR_geteuid) ", %eax\n"
	L(call3) CALL_INSN
	L(behind) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(call1), SYM(call2), SYM(call3), SYM(behind), { NULL }
};

static void child(void *arg)
{
	FILTER({ SYS_getuid, SECCOMP_RET_TRACE | 1 },
	       { SYS_getgid, SECCOMP_RET_ERRNO | 2 },
	       { SYS_geteuid, SECCOMP_RET_TRAP | 3 });
	body(arg);
}

int main(void)
{
	static const int how[] = { PTRACE_SINGLESTEP, PTRACE_SINGLEBLOCK,
				   PTRACE_SYSEMU_SINGLESTEP };
	int i, n;

	labels = table;
	for (i = 0; i < 3; i++) {
		pid_t pid = start_body(child);

		out("request %d", how[i]);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP);
		for (n = 0; n < 9; n++)
			if (!go(pid, how[i], 0))
				break;
		finish(pid);
	}
	return 0;
}
