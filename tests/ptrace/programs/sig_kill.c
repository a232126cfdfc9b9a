// SPDX-License-Identifier: GPL-2.0-only
/* SIGKILL ends every kind of stop; of EVENT_EXIT it is dropped */
#include "sig.h"

enum { SIGNAL, ENTRY, EXIT, FORK, EXEC, END, STEP, GROUP, TRAP, LISTEN, LAST };

static const char *const names[] = {
	"signal", "syscall entry", "syscall exit", "fork", "exec", "exit",
	"step", "group-stop", "interrupt", "listening",
};

static void child(void *arg)
{
	int kind = *(int *)arg;

	send_self(kind == GROUP || kind == LISTEN ? SIGSTOP : SIGUSR1);
	if (kind == FORK && !syscall(SYS_fork))
		syscall(SYS_exit, 0);
	if (kind == EXEC)
		execl("/proc/self/exe", "exe", "again", NULL);
	syscall(SYS_getpid);
	syscall(SYS_exit_group, 7);
}

static void one(int kind, long more)
{
	static const int request[LAST] = {
		[ENTRY] = PTRACE_SYSCALL, [EXIT] = PTRACE_SYSCALL,
		[FORK] = PTRACE_CONT, [EXEC] = PTRACE_CONT, [END] = PTRACE_CONT,
		[STEP] = PTRACE_SINGLESTEP, [TRAP] = PTRACE_CONT,
	};
	long opts = (kind == FORK ? PTRACE_O_TRACEFORK : 0) | more |
		    (kind == EXEC ? PTRACE_O_TRACEEXEC : 0) |
		    (kind == END ? PTRACE_O_TRACEEXIT : 0) |
		    PTRACE_O_TRACESYSGOOD;
	pid_t pid = spawn_seized("tracee", child, &kind, opts);
	int i;

	out("%s%s", names[kind], more ? ", with TRACEEXIT" : "");
	show_wait(pid, 0);
	if (kind == TRAP)
		quiet_pt(PTRACE_INTERRUPT, pid, 0, 0);
	for (i = 0; request[kind] && i <= (kind == EXIT); i++)
		go(pid, request[kind], 0);
	if (kind == GROUP || kind == LISTEN)
		go(pid, PTRACE_CONT, SIGSTOP);
	if (kind == LISTEN)
		pt(PTRACE_LISTEN, pid, 0, 0);
	if (kind == FORK) {
		unsigned long msg = 0;

		quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
		finish(msg);
	}
	kill(pid, SIGKILL);
	if (kind == END) {
		show_proc(pid);
		pt(PTRACE_CONT, pid, 0, 0);
	}
	show_wait(pid, __WALL);
	if (WIFSTOPPED(last_status())) {
		show_msg(pid);
		kill(pid, SIGKILL);
		show_proc(pid);
		go(pid, PTRACE_CONT, 0);
	}
	finish(pid);
}

int main(int argc, char **argv)
{
	int kind;

	if (argc > 1)
		return 8;
	for (kind = 0; kind < LAST; kind++) {
		one(kind, 0);
		if (kind != END)
			one(kind, PTRACE_O_TRACEEXIT);
	}
	return 0;
}
