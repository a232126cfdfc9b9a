// SPDX-License-Identifier: GPL-2.0-only
/* Block steps, SYSEMU and its steps into a handler, out of it, and through rep */
#include "step.h"

void body(void *arg);
void handler(int sig);
LABEL(first); LABEL(copy); LABEL(behind); LABEL(emulated); LABEL(in_handler);
LABEL(out_of_it);
char from[] = "abcdef", to[8];

asm(".text\nbody:\n"
	"int3\n"
	L(first)
	"nop\n"
	"mov $from, %" STR(R(si)) "\n"
	"mov $to, %" STR(R(di)) "\n"
	"mov $3, %ecx\n"
	"cld\n"
	L(copy)
	"rep movsb\n"
	L(behind)
	"nop\n"
	"mov $" STR(__NR_getppid) ", %eax\n"
	CALL_INSN
	L(emulated)
	"nop\n"
	"mov $" STR(__NR_exit_group) ", %eax\n"
	CALL_INSN
	"handler:\n"
	L(in_handler)
	"nop\n"
	"jmp out_of_it\n"
	L(out_of_it)
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(copy), SYM(behind), SYM(emulated), SYM(in_handler),
	SYM(out_of_it), { NULL }
};

static void child(void *arg)
{
	signal(SIGUSR1, handler);
	body(arg);
}

static void all(int request, const char *what)
{
	struct user_regs_struct regs;
	pid_t pid = start_body(child);
	int n;

	out("%s", what);
	kill(pid, SIGUSR1);
	/* the signal's stop first */
	go(pid, request, 0);
	go(pid, request, SIGUSR1);
	for (n = 0; n < 30; n++) {
		regs = regs_of(pid);
		/* emulated, sigreturn would not be made */
		if (regs.ORIG == SYS_rt_sigreturn ||
		    (sizeof(long) == 4 && regs.ORIG == 119))
			break;
		if (regs.R(ip) == (unsigned long)emulated)
			break;
		/* libc's, where sigreturn is */
		if (!go(pid, !strcmp(where(regs.R(ip)), "elsewhere") ?
			PTRACE_SINGLESTEP : request, 0))
			break;
	}
	finish(pid);
}

int main(void)
{
	labels = table;
	hide_ax = true;
	all(PTRACE_SINGLEBLOCK, "SINGLEBLOCK");
	all(PTRACE_SYSEMU, "SYSEMU");
	all(PTRACE_SYSEMU_SINGLESTEP, "SYSEMU_SINGLESTEP");
	return 0;
}
