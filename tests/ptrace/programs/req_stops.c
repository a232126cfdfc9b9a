// SPDX-License-Identifier: GPL-2.0-only
/* Every harmless request at each kind of stop of an old-style tracee */
#include "req.h"

static void child(void *arg)
{
	pid_t pid;

	raise(SIGUSR1);
	raise(SIGSTOP);
	syscall(SYS_getuid);
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	raise(SIGUSR2);
	execl("/proc/self/exe", "req_stops", "new", NULL);
}

static void show(const char *what, pid_t pid)
{
	out("%s", what);
	req_show(pid);
	req_at_stop(pid);
	/* only for the seized */
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_ATTACH, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	show_proc(pid);
}

int main(int argc, char **argv)
{
	unsigned long msg = 0;
	pid_t pid;

	if (argc > 1)
		return 7;
	pid = spawn_traced("tracee", child, NULL);
	show("the first stop", pid);
	req_options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC |
		      PTRACE_O_TRACEEXIT | PTRACE_O_TRACEFORK;
	pt(PTRACE_SETOPTIONS, pid, 0, req_options);
	req_go(pid, PTRACE_CONT, 0);
	show("a signal", pid);
	req_go(pid, PTRACE_CONT, 0);
	req_go(pid, PTRACE_CONT, SIGSTOP);
	show("group-stop", pid);
	req_go(pid, PTRACE_SYSCALL, 0);
	/* the end of raise() may come first */
	for (;;) {
		struct ptrace_syscall_info info = { 0 };

		quiet_pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info),
			 (long)&info);
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY &&
		    info.entry.nr == SYS_getuid)
			break;
		req_go(pid, PTRACE_SYSCALL, 0);
	}
	show("entry", pid);
	req_go(pid, PTRACE_SYSCALL, 0);
	show("exit", pid);
	req_go(pid, PTRACE_CONT, 0);
	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
	name(msg, "child");
	out("fork event");
	show_siginfo(pid);
	req_at_stop(pid);
	finish(msg);
	req_go(pid, PTRACE_CONT, 0);	/* SIGCHLD */
	out("SIGCHLD");
	show_siginfo(pid);
	req_at_stop(pid);
	req_go(pid, PTRACE_CONT, 0);
	req_go(pid, PTRACE_CONT, 0);
	out("exec event");
	show_siginfo(pid);
	show_msg_pid(pid);
	req_at_stop(pid);
	req_go(pid, PTRACE_CONT, 0);
	show("exit event", pid);
	req_go(pid, PTRACE_CONT, 0);
	return 0;
}
