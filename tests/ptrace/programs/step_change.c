// SPDX-License-Identifier: GPL-2.0-only
/* The tracer changes a call at its entry: number, argument, -1, and its result */
#include "step.h"

static int result(long ret)
{
	return ret < 0 ? 100 + errno : ret;
}

static void child(void *arg)
{
	shm->val[1] = syscall(SYS_dup2, 1, 50);
	_exit(result(shm->val[1]));
}

int main(void)
{
	static const struct {
		const char *what;
		long nr, arg, ax, result;
	} table[] = {
		{ "nothing", SYS_dup2, 50, -38, -9999 },
		{ "number: getuid", SYS_getuid, 50, -38, -9999 },
		{ "number: unknown", 3999, 50, -38, -9999 },
		{ "number: -1", -1, 50, -38, -9999 },
		{ "number: -1, ax 7", -1, 50, 7, -9999 },
		{ "number: -1, ax EPERM", -1, 50, -1, -9999 },
		{ "number: -2, ax 7", -2, 50, 7, -9999 },
		{ "ax 7 only", SYS_dup2, 50, 7, -9999 },
		{ "argument", SYS_dup2, 60, -38, -9999 },
		{ "bad argument", SYS_dup2, -1, -38, -9999 },
		{ "result 9", SYS_dup2, 50, -38, 9 },
		{ "result ENOENT", SYS_dup2, 50, -38, -2 },
		{ "result ERESTARTSYS", SYS_dup2, 50, -38, -512 },
		{ "-1 and result 12", -1, 50, 7, 12 },
	};
	struct user_regs_struct regs;
	int i, status;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		pid_t pid = spawn_traced("tracee", child, NULL);

		out("%s", table[i].what);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD);
		do {	/* through the end of kill() */
			status = go_on(pid, PTRACE_SYSCALL, 0);
			regs = regs_of(pid);
		} while (WIFSTOPPED(status) && (long)regs.ORIG != SYS_dup2);
		show_stop(pid, "entry", status);
		regs.ORIG = table[i].nr;
		regs.R(ax) = table[i].ax;
#ifdef __x86_64__
		regs.rsi = table[i].arg;
#else
		regs.ecx = table[i].arg;
#endif
		quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
		show_syscall(pid);
		go_on(pid, PTRACE_SYSCALL, 0);
		show_syscall(pid);
		show_regs(pid);
		if (table[i].result != -9999) {
			regs = regs_of(pid);
			regs.R(ax) = table[i].result;
			quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
			show_syscall(pid);
		}
		go(pid, PTRACE_CONT, 0);
		out("  it saw %ld", shm->val[1]);
	}
	return 0;
}
