// SPDX-License-Identifier: GPL-2.0-only
/* The 32-bit ptrace call with a 64-bit tracee in each state: every harmless request */
#include "req_compat.h"
#include "sec.h"

static void child(void *arg)
{
	pid_t pid;

	FILTER({ SYS_getpgrp, SECCOMP_RET_TRACE | 3 });
	raise(SIGUSR1);
	raise(SIGSTOP);
	syscall(SYS_getuid);
	pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (!pid)
		syscall(SYS_exit, 0);
	waitpid(pid, NULL, 0);
	syscall(SYS_getpgrp);
	execl("/proc/self/exe", "req_compat_stops", "new", NULL);
}

/* A 32-bit SETREGS cuts registers: they are put back */
static void show(const char *what, pid_t pid)
{
	struct user_regs_struct regs;

	out("%s", what);
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&regs);
	req_quiet(pt32, pid);
	req_print();
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
	out("  attach %s", show_errno(pt32(PTRACE_ATTACH, pid, 0, 0)));
	out("  seize %s", show_errno(pt32(PTRACE_SEIZE, pid, 0, 0)));
	show_siginfo(pid);
	show_proc(pid);
}

static void refused(const char *what, pid_t pid)
{
	out("%s", what);
	req_quiet(pt32, pid);
	req_moving(pt32, pid, 0);
	req_print();
	out("  listen %s", show_errno(pt32(PTRACE_LISTEN, pid, 0, 0)));
}

static void go32(pid_t pid, int request, long sig)
{
	out("%#x %ld: %s", request, sig,
	    show_errno(pt32(request, pid, 0, sig)));
	show_wait(pid, __WALL);
}

/* The end of raise() may come first */
static void go_to_getuid(pid_t pid)
{
	struct ptrace_syscall_info info = { 0 };

	do {
		go32(pid, PTRACE_SYSCALL, 0);
		quiet_pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info),
			 (long)&info);
	} while (info.op != PTRACE_SYSCALL_INFO_ENTRY ||
		 info.entry.nr != SYS_getuid);
}

/* At its first signal, traced in either way */
static void through(pid_t pid, bool seized)
{
	unsigned long msg = 0;

	show("a signal", pid);
	go32(pid, PTRACE_CONT, 0);
	go32(pid, PTRACE_CONT, SIGSTOP);
	show("group stop", pid);
	if (seized) {
		out("listen %s", show_errno(pt32(PTRACE_LISTEN, pid, 0, 0)));
		refused("listening", pid);
		kill(pid, SIGCONT);
		show_wait(pid, __WALL);
		show("SIGCONT's trap", pid);
		go32(pid, PTRACE_CONT, 0);
		show("SIGCONT", pid);
	}
	go_to_getuid(pid);
	show("entry", pid);
	go32(pid, PTRACE_SYSCALL, 0);
	show("exit", pid);
	go32(pid, PTRACE_SINGLESTEP, 0);
	show("step", pid);
	go32(pid, PTRACE_CONT, 0);
	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
	name(msg, "child");
	show("fork event", pid);
	show_wait(msg, __WALL);
	show("a new child", msg);
	out("detach %s", show_errno(pt32(PTRACE_DETACH, msg, 0, 0)));
	go32(pid, PTRACE_CONT, 0);
	show("SIGCHLD", pid);
	go32(pid, PTRACE_CONT, 0);
	show("seccomp", pid);
	go32(pid, PTRACE_CONT, 0);
	show("exec event", pid);
	go32(pid, PTRACE_CONT, 0);
	show("exit event", pid);
	out("cont %s", show_errno(pt32(PTRACE_CONT, pid, 0, 0)));
	await_gone(pid);
	refused("zombie", pid);
	show_wait(pid, __WALL);
	refused("nobody", pid);
}

int main(int argc, char **argv)
{
	pid_t pid;

	if (argc > 1)
		return 7;
	req_options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC |
		      PTRACE_O_TRACEEXIT | PTRACE_O_TRACEFORK |
		      PTRACE_O_TRACESECCOMP;
	pid = spawn_traced("tracee", child, NULL);
	out("options %s", show_errno(pt32(PTRACE_SETOPTIONS, pid, 0,
					  req_options)));
	show("the first stop", pid);
	go32(pid, PTRACE_CONT, 0);
	through(pid, false);

	pid = spawn("tracee", pausing, NULL);
	await_syscall(pid, SYS_pause);
	refused("not ours", pid);
	out("seize %s", show_errno(pt32(PTRACE_SEIZE, pid, 0, req_options)));
	refused("asleep", pid);
	out("interrupt %s", show_errno(pt32(PTRACE_INTERRUPT, pid, 0, 0)));
	show_wait(pid, __WALL);
	show("interrupted in a call", pid);
	out("kill %s", show_errno(pt32(PTRACE_KILL, pid, 0, 0)));
	show_wait(pid, __WALL);
	show("exit event", pid);
	go32(pid, PTRACE_CONT, 0);

	pid = spawn_seized("tracee", child, NULL, req_options);
	show_wait(pid, __WALL);
	through(pid, true);
	return 0;
}
