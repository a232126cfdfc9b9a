// SPDX-License-Identifier: GPL-2.0-only
/* int $0x80 in 64-bit code: single steps, and the stops of PTRACE_SYSCALL */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(call1); LABEL(call2); LABEL(last);

asm(".text\nbody:\nint3\n"
	L(first) "mov $24, %eax\n"	/* getuid there */
	L(call1) "int $0x80\n"
	"mov $24, %eax\n"
	L(call2) "int $0x80\n"
	L(last) "nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(call1), SYM(call2), SYM(last), { NULL }
};

int main(void)
{
	pid_t pid;

	labels = table;
	pid = start_body(body);
	go(pid, PTRACE_SINGLESTEP, 0);
	go(pid, PTRACE_SINGLESTEP, 0);
	show_syscall(pid);
	go(pid, PTRACE_SYSCALL, 0);
	show_syscall(pid);
	go(pid, PTRACE_SYSCALL, 0);
	show_syscall(pid);
	go(pid, PTRACE_SINGLESTEP, 0);
	show_syscall(pid);
	go(pid, PTRACE_CONT, 0);
	return 0;
}
