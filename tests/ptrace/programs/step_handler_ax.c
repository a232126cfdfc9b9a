// SPDX-License-Identifier: GPL-2.0-only
/* At the entry of a handler, out of a system call: -512 and on as its result */
#include "step.h"

void handler(int sig);
LABEL(in_handler); LABEL(next);

asm(".text\nhandler:\n"
	L(in_handler)
	"nop\n"
	L(next)
	"nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(in_handler), SYM(next), { NULL }
};

/* Not one of those that know how to be restarted */
static void child(void *arg)
{
	int n;

	signal(SIGUSR1, handler);
	for (n = 0; n < 6; n++)
		kill(getpid(), SIGUSR1);
}

static void show_next(pid_t pid)
{
	struct user_regs_struct regs = regs_of(pid);

	out("  at %s, ax %s, orig_ax %s", where(regs.R(ip)),
	    small((long)regs.R(ax)), small((long)regs.ORIG));
}

int main(void)
{
	struct user_regs_struct regs;
	pid_t pid;
	int n;

	labels = table;
	pid = spawn_traced("tracee", child, NULL);
	pt(PTRACE_CONT, pid, 0, 0);
	for (n = 0; n < 6; n++) {
		show_wait(pid, 0);
		pt(PTRACE_SINGLESTEP, pid, 0, SIGUSR1);
		show_wait(pid, 0);
		show_next(pid);
		regs = regs_of(pid);
		regs.R(ax) = -511 - n;
		quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
		pt(PTRACE_SINGLESTEP, pid, 0, 0);
		show_wait(pid, 0);
		show_next(pid);
		pt(PTRACE_CONT, pid, 0, 0);
	}
	show_wait(pid, 0);
	return 0;
}
