// SPDX-License-Identifier: GPL-2.0-only
/* Every request to a tracee of ours that is not at a stop: spinning, asleep, vfork */
#include "req.h"

static void vforking(void *arg)
{
	if (!vfork())
		for (;;)
			pause();
}

/* In the background, so that waiting for it can be seen */
static void sleeping(void *arg)
{
	for (;;)
		pause();
}

static void ask(const char *what, pid_t pid, long nr)
{
	if (nr)
		await_syscall(pid, nr);
	out("%s", what);
	req_refused(pid);
	show_proc(pid);
	show_wait(pid, __WALL | WNOHANG);
}

int main(void)
{
	pid_t pid;

	pid = spawn_traced("spinner", spinning, NULL);
	pt(PTRACE_CONT, pid, 0, 0);
	await_state(pid, "R");
	ask("it runs", pid, 0);
	finish(pid);

	pid = spawn_traced("sleeper", sleeping, NULL);
	pt(PTRACE_CONT, pid, 0, 0);
	ask("it sleeps", pid, SYS_pause);
	finish(pid);

	pid = spawn_seized("seized", sleeping, NULL, PTRACE_O_TRACESYSGOOD);
	ask("it sleeps and is seized", pid, SYS_pause);
	finish(pid);

	pid = spawn_traced("vforker", vforking, NULL);
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEVFORK);
	req_go(pid, PTRACE_CONT, 0);
	unsigned long child = 0;

	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&child);
	name(child, "child");
	show_wait(child, __WALL);
	pt(PTRACE_CONT, child, 0, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	await_state(pid, "D");
	ask("it waits in vfork", pid, 0);
	finish(child);
	finish(pid);
	return 0;
}
