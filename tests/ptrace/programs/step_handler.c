// SPDX-License-Identifier: GPL-2.0-only
/* A step with a signal enters its handler; steps through it and sigreturn */
#include "step.h"

void body(void *arg);
void handler(int sig);
LABEL(first); LABEL(second); LABEL(last); LABEL(in_handler);

asm(".text\nbody:\nint3\n"
	L(first)
	"nop\n"
	L(second)
	"nop\n"
	L(last)
	"nop\n"
	"ret\n"
	"handler:\n"
	L(in_handler)
	"nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(second), SYM(last), SYM(in_handler), { NULL }
};

static void child(void *arg)
{
	signal(SIGUSR1, handler);
	body(arg);
}

int main(void)
{
	unsigned long ip;
	pid_t pid;
	int n;

	labels = table;
	pid = start_body(child);
	show_at(pid);
	go(pid, PTRACE_SINGLESTEP, SIGUSR1);
	for (n = 0; n < 12; n++) {
		ip = regs_of(pid).R(ip);
		if (ip == (unsigned long)second)
			break;
		go(pid, PTRACE_SINGLESTEP, 0);
	}
	/* with CONT there is no stop at the handler */
	go(pid, PTRACE_CONT, SIGUSR1);
	return 0;
}
