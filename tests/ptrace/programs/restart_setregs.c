// SPDX-License-Identifier: GPL-2.0-only
/* The tracer changes result or number of an interrupted call: what is restarted */
#include "restart.h"

#ifdef __x86_64__
#define AX rax
#define ORIG orig_rax
#else
#define AX eax
#define ORIG orig_eax
#endif

int main(void)
{
	static const struct {
		const char *name;
		long ax, orig;	/* 0: as it is */
	} changes[] = {
		{ "EINTR", -EINTR, 0 },
		{ "a good result", 17, 0 },
		{ "no system call", 0, -1 },
		{ "ERESTARTSYS", -512, 0 },
		{ "ERESTARTNOINTR", -513, 0 },
		{ "ERESTARTNOHAND", -514, 0 },
		{ "ERESTART_RESTARTBLOCK", -516, 0 },
	};
	struct user_regs_struct regs;
	int i, j;

	/* nanosleep, poll without a time, read */
	for (i = 1; i < 10; i += i == 1 ? 3 : 5) {
		for (j = 0; j < sizeof(changes) / sizeof(changes[0]); j++) {
			pid_t pid;

			/* no call has left a block to restart by */
			if (changes[j].ax == -516 && i == 9)
				continue;
			pid = begin(i);
			out("%s", changes[j].name);
			kill(pid, SIGUSR1);
			show_wait(pid, 0);
			show(pid);
			quiet_pt(PTRACE_GETREGS, pid, 0, (long)&regs);
			if (changes[j].ax)
				regs.AX = changes[j].ax;
			if (changes[j].orig)
				regs.ORIG = changes[j].orig;
			quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
			show(pid);
			pt(PTRACE_CONT, pid, 0, 0);
			show_end(pid, i);
			over(pid);
		}
	}
	return 0;
}
