// SPDX-License-Identifier: GPL-2.0-only
/* INTERRUPT of a running and a sleeping tracee; of old-style ones, strangers, the dead */
#include "job.h"

static void busy(void *arg)
{
	reach(0);
	while (!shm->step[1])
		;
	syscall(SYS_exit_group, 7);
}

static void stranger(void *arg)
{
	out("a stranger: %s",
	    show_errno(quiet_pt(PTRACE_INTERRUPT, *(pid_t *)arg, 0, 0)));
}

int main(void)
{
	pid_t pid = spawn_seized("busy", busy, NULL, 0), other;
	int i;

	await(0);
	for (i = 0; i < 2; i++) {
		pt(PTRACE_INTERRUPT, pid, 0, 0);
		show_stop(pid);
		show_msg(pid);
		show_syscall(pid);
		show_proc(pid);
		pt(PTRACE_CONT, pid, 0, 0);
	}
	other = spawn("stranger", stranger, &pid);
	show_wait(other, 0);
	reach(1);
	show_wait(pid, 0);
	out("reaped: %s",
	    show_errno(quiet_pt(PTRACE_INTERRUPT, pid, 0, 0)));

	pid = seized_pausing();
	for (i = 0; i < 2; i++) {
		pt(PTRACE_INTERRUPT, pid, 0x1234, 5);
		show_stop(pid);
		show_regs(pid);
		show_syscall(pid);
		run(pid, 0);
	}
	finish(pid);

	pid = spawn_traced("old", pausing_in_group, NULL);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	run(pid, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	nothing(pid);
	finish(pid);
	return 0;
}
