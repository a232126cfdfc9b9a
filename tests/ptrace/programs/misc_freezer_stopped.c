// SPDX-License-Identifier: GPL-2.0-only
/* Freezing a tracee that stands in a stop; resuming it frozen; then thawed */
#include "misc_freezer.h"

static void child(void *arg)
{
	raise(SIGUSR1);
	shm->val[0] = 1;
	_exit(6);
}

int main(void)
{
	pid_t pid;

	group_make();
	pid = spawn_traced("tracee", child, NULL);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	group_add(pid);
	group_write("cgroup.freeze", "1");
	await_frozen(true);
	show_proc(pid);
	show_siginfo(pid);
	show_regs(pid);
	pt(PTRACE_SINGLESTEP, pid, 0, 0);
	await_state(pid, "S");
	await_frozen(true);
	show_proc(pid);
	out("value %ld", shm->val[0]);
	show_wait(pid, WNOHANG);
	/* a signal waits for the thaw, and comes before the step is done */
	kill(pid, SIGUSR2);
	await_state(pid, "S");
	await_frozen(true);
	show_wait(pid, WNOHANG);
	group_write("cgroup.freeze", "0");
	show_wait(pid, 0);
	show_siginfo(pid);
	out("value %ld", shm->val[0]);
	pt(PTRACE_SINGLESTEP, pid, 0, 0);
	show_wait(pid, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	out("value %ld", shm->val[0]);
	group_remove();
	return 0;
}
