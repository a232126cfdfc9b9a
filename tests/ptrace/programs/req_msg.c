// SPDX-License-Identifier: GPL-2.0-only
/* GETEVENTMSG at stops in a row: each has its own message, 0 where there is none */
#include "req.h"

static void child(void *arg)
{
	if (!fork())
		_exit(0);
	waitpid(-1, NULL, 0);
	raise(SIGUSR1);
	syscall(SYS_getppid);
	raise(SIGUSR2);
	_exit(9);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);
	unsigned long msg = 0, before = 0x55;
	long err;

	show_msg(pid);
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXIT |
	   PTRACE_O_TRACESYSGOOD);
	show_msg(pid);
	req_go(pid, PTRACE_CONT, 0);
	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
	name(msg, "child");
	show_msg_pid(pid);
	show_msg_pid(pid);
	out("bad address: %s", show_errno(quiet_pt(PTRACE_GETEVENTMSG, pid, 0,
						   0)));
	/* addr is not used */
	err = quiet_pt(PTRACE_GETEVENTMSG, pid, -1, (long)&before);
	out("with addr: %s, %s", show_errno(err), who(before));
	show_wait(msg, __WALL);
	show_msg(msg);
	pt(PTRACE_DETACH, msg, 0, 0);
	do {
		req_go(pid, PTRACE_CONT, 0);
	} while (WSTOPSIG(last_status()) != SIGUSR1);
	show_msg(pid);
	for (;;) {
		struct ptrace_syscall_info info = { 0 };

		quiet_pt(PTRACE_SYSCALL, pid, 0, 0);
		waitpid(pid, NULL, __WALL);
		quiet_pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info),
			 (long)&info);
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY &&
		    info.entry.nr == SYS_getppid)
			break;
	}
	show_msg(pid);
	req_go(pid, PTRACE_SYSCALL, 0);
	show_msg(pid);
	req_go(pid, PTRACE_CONT, 0);
	show_msg(pid);
	req_go(pid, PTRACE_SINGLESTEP, 0);
	show_msg(pid);
	req_go(pid, PTRACE_CONT, 0);
	show_msg(pid);
	req_go(pid, PTRACE_CONT, 0);
	return 0;
}
