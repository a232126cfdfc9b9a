// SPDX-License-Identifier: GPL-2.0-only
/* Hardware breakpoints on instructions, hit by CONT and by steps */
#include "step_hw.h"

void body(void *arg);
LABEL(first); LABEL(spot); LABEL(behind); LABEL(spot2); LABEL(last);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(spot) "nop\n"
	L(behind) "nop\n"
	L(spot2) "nop\n"
	L(last) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(spot), SYM(behind), SYM(spot2), SYM(last), { NULL }
};

int main(void)
{
	pid_t pid;
	int how;

	labels = table;
	for (how = 0; how < 3; how++) {
		pid = start_body(body);
		show_drs(pid);
		out("set %s", show_errno(set_dr(pid, 0, (long)spot)));
		out("set %s", show_errno(set_dr(pid, 3, (long)spot2)));
		out("set %s", show_errno(set_dr(pid, 7, dr7(0, 0, 0) |
						dr7(3, 0, 0))));
		show_drs(pid);
		go(pid, how == 1 ? PTRACE_SINGLESTEP : PTRACE_CONT, 0);
		show_drs(pid);
		out("clear %s", show_errno(set_dr(pid, 6, 0)));
		show_drs(pid);
		go(pid, how == 1 ? PTRACE_SINGLESTEP : PTRACE_CONT, 0);
		show_drs(pid);
		if (how == 2) {
			out("off %s", show_errno(set_dr(pid, 7, 0)));
			show_drs(pid);
			pt(PTRACE_DETACH, pid, 0, 0);
			show_wait(pid, 0);
			continue;
		}
		if (go(pid, how == 1 ? PTRACE_SINGLESTEP : PTRACE_CONT, 0))
			show_drs(pid);
		finish(pid);
	}
	return 0;
}
