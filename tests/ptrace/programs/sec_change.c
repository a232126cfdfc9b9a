// SPDX-License-Identifier: GPL-2.0-only
/* At the seccomp stop: number, argument, result changed, the call skipped */
#include "sec.h"

static void child(void *arg)
{
	FILTER({ SYS_dup2, SECCOMP_RET_TRACE | 1 });
	_exit(result(syscall(SYS_dup2, 1, 50)));
}

int main(void)
{
	static const struct {
		const char *what;
		long nr, arg, ax;
	} table[] = {
		{ "nothing", SYS_dup2, 50, -38 },
		{ "number", SYS_getuid, 50, -38 },
		{ "unknown", 3999, 50, -38 },
		{ "argument", SYS_dup2, 60, -38 },
		{ "skip", -1, 50, -38 },
		{ "skip, 7", -1, 50, 7 },
		{ "skip, EPERM", -1, 50, -1 },
		{ "-2, 8", -2, 50, 8 },
		{ "only ax", SYS_dup2, 50, 9 },
	};
	struct user_regs_struct regs;
	int i, how;
	pid_t pid;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		for (how = 0; how < 2; how++) {
			pid = spawn_seized("tracee", child, NULL,
					   PTRACE_O_TRACESECCOMP |
					   PTRACE_O_TRACESYSGOOD);
			if (waitpid(pid, NULL, 0) != pid)
				return 1;
			out("%s, then %s", table[i].what,
			    how ? "SYSCALL" : "CONT");
			regs = regs_of(pid);
			regs.ORIG = table[i].nr;
			regs.R(ax) = table[i].ax;
#ifdef __x86_64__
			regs.rsi = table[i].arg;
#else
			regs.ecx = table[i].arg;
#endif
			quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
			show_syscall(pid);
			if (!how) {
				go(pid, PTRACE_CONT, 0);
				continue;
			}
			go(pid, PTRACE_SYSCALL, 0);
			show_syscall(pid);
			go(pid, PTRACE_CONT, 0);
		}
	}
	return 0;
}
