// SPDX-License-Identifier: GPL-2.0-only
/* Attaching to a frozen task, detaching from it, and killing it */
#include "misc_freezer.h"

static void child(void *arg)
{
	for (;;)
		pause();
}

int main(void)
{
	int how;

	group_make();
	for (how = 0; how < 3; how++) {
		pid_t pid = spawn("target", child, NULL);

		await_syscall(pid, SYS_pause);
		group_add(pid);
		group_write("cgroup.freeze", "1");
		await_frozen(true);
		show_proc(pid);
		pt(how ? PTRACE_SEIZE : PTRACE_ATTACH, pid, 0, 0);
		if (how) {
			pt(PTRACE_INTERRUPT, pid, 0, 0);
		} else {
			/* its SIGSTOP waits for the thaw */
			await_state(pid, "S");
			await_frozen(true);
			show_wait(pid, WNOHANG);
			show_proc(pid);
			group_write("cgroup.freeze", "0");
		}
		show_wait(pid, 0);
		show_proc(pid);
		if (how == 1) {
			pt(PTRACE_DETACH, pid, 0, 0);
			await_frozen(true);
			await_state(pid, "S");
			show_proc(pid);
		}
		kill(pid, SIGKILL);
		show_wait(pid, 0);
		group_write("cgroup.freeze", "0");
	}
	group_remove();
	return 0;
}
