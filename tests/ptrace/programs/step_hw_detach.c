// SPDX-License-Identifier: GPL-2.0-only
/* A breakpoint survives DETACH and hits then; another tracer sees the registers */
#include "step_hw.h"

void body(void *arg);
LABEL(first); LABEL(spot); LABEL(last);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(spot) "nop\n"
	L(last) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(spot), SYM(last), { NULL }
};

int main(void)
{
	pid_t pid;

	labels = table;
	pid = start_body(body);
	set_dr(pid, 0, (long)spot);
	set_dr(pid, 7, dr7(0, 0, 0));
	pt(PTRACE_DETACH, pid, 0, 0);
	show_wait(pid, 0);

	pid = start_body(body);
	set_dr(pid, 0, (long)spot);
	set_dr(pid, 7, dr7(0, 0, 0));
	pt(PTRACE_DETACH, pid, 0, SIGSTOP);
	show_wait(pid, WUNTRACED);
	pt(PTRACE_SEIZE, pid, 0, 0);
	show_wait(pid, 0);
	show_drs(pid);
	kill(pid, SIGCONT);
	go(pid, PTRACE_CONT, 0);
	go(pid, PTRACE_CONT, 0);
	go(pid, PTRACE_CONT, 0);
	show_drs(pid);
	go(pid, PTRACE_CONT, 0);
	return 0;
}
