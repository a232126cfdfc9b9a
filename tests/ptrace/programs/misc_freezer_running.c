// SPDX-License-Identifier: GPL-2.0-only
/* A frozen group with a running tracee: INTERRUPT, requests, CONT, then thawed */
#include "misc_freezer.h"

static void child(void *arg)
{
	shm->val[0] = 7;
	reach(1);
	while (!shm->step[0])
		;
	shm->val[0] = 8;
	_exit(5);
}

int main(void)
{
	long val = 0;
	pid_t pid;

	group_make();
	pid = spawn_seized("tracee", child, NULL, PTRACE_O_EXITKILL);
	await(1);
	group_add(pid);
	group_write("cgroup.freeze", "1");
	await_frozen(true);
	show_proc(pid);
	reach(0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, WNOHANG);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_wait(pid, 0);
	show_siginfo(pid);
	show_proc(pid);
	out("peek %s", show_errno(quiet_pt(PTRACE_PEEKDATA, pid,
					   (long)&shm->val[0], (long)&val)));
	out("value %ld", val);
	await_frozen(true);
	pt(PTRACE_CONT, pid, 0, 0);
	/* it goes back into the freezer, and does not see step 0 */
	await_state(pid, "S");
	await_frozen(true);
	show_proc(pid);
	out("value %ld", shm->val[0]);
	group_write("cgroup.freeze", "0");
	show_wait(pid, 0);
	out("value %ld", shm->val[0]);
	group_remove();
	return 0;
}
