// SPDX-License-Identifier: GPL-2.0-only
/* SIGTRAP blocked, ignored or handled by the tracee: what steps do to that */
#include "step.h"

void body(void *arg);
void handler(int sig);
LABEL(first); LABEL(second); LABEL(third); LABEL(in_handler); LABEL(call);
LABEL(behind);

asm(".text\nbody:\nint3\n"
	L(first)
	"nop\n"
	L(second)
	"nop\n"
	L(third) "mov $" STR(__NR_getuid) ", %eax\n"
	L(call) CALL_INSN
	L(behind)
	"nop\n"
	"ret\n"
	"handler:\n"
	L(in_handler)
	"nop\n"
	"ret\n");

static const struct label table[] = {
	SYM(first), SYM(second), SYM(third), SYM(in_handler), SYM(call),
	SYM(behind), { NULL }
};

static void child(void *arg)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTRAP);
	if (shm->val[0] == 1)
		sigprocmask(SIG_BLOCK, &set, NULL);
	else
		signal(SIGTRAP, shm->val[0] == 2 ? SIG_IGN : handler);
	raise(SIGUSR2);
	body(arg);
}

static void show_masks(pid_t pid)
{
	unsigned long mask[2] = { 0 };
	char path[40], line[128];
	FILE *f;

	quiet_pt(PTRACE_GETSIGMASK, pid, 8, (long)mask);
	out("  mask %#lx", mask[0]);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "SigIgn", 6) || !strncmp(line, "SigCgt", 6))
			out("  %.24s", line);
	if (f)
		fclose(f);
}

int main(void)
{
	static const char *const how[] = { "", "blocked", "ignored", "handled" };

	labels = table;
	for (shm->val[0] = 1; shm->val[0] <= 3; shm->val[0]++) {
		pid_t pid = spawn_traced("tracee", child, NULL);
		struct user_regs_struct regs;
		int n;

		out("%s", how[shm->val[0]]);
		/* not int3, which would already force its way */
		go_on(pid, PTRACE_CONT, 0);
		show_masks(pid);
		regs = regs_of(pid);
		regs.R(ip) = (unsigned long)first;
		regs.ORIG = -1;
		quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
		for (n = 0; n < 4; n++)
			go(pid, PTRACE_SINGLESTEP, 0);
		show_masks(pid);
		go(pid, PTRACE_SINGLESTEP, SIGTRAP);
		finish(pid);
	}
	return 0;
}
