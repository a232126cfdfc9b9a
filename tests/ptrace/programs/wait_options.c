// SPDX-License-Identifier: GPL-2.0-only
/* Which options of wait4() and waitid() see a tracee's stop and its death; bad ones */
#include "wait.h"

static const int wait4_options[] = {
	0, WUNTRACED, WCONTINUED, WUNTRACED | WCONTINUED, __WALL, __WCLONE,
	__WNOTHREAD, WNOWAIT, WEXITED, 0x10,
};

static const int waitid_options[] = {
	WEXITED, WSTOPPED, WCONTINUED, WEXITED | WSTOPPED | WCONTINUED,
	WEXITED | __WALL, WSTOPPED | __WCLONE, WCONTINUED | __WNOTHREAD,
	WNOWAIT | WEXITED, 0, WEXITED | 0x10,
};

#define COUNT(x) (sizeof(x) / sizeof((x)[0]))

static void again(pid_t pid)
{
	if (!quiet_pt(PTRACE_CONT, pid, 0, 0))
		rest(pid);
	kill(pid, SIGUSR1);
	await_state(pid, "t");
}

static void table(pid_t pid)
{
	int i;

	again(pid);
	for (i = 0; i < COUNT(wait4_options); i++) {
		if (show_wait(pid, wait4_options[i] | WNOHANG) > 0)
			again(pid);
	}
	for (i = 0; i < COUNT(waitid_options); i++) {
		if (show_waitid(P_PID, pid, waitid_options[i] | WNOHANG) > 0)
			again(pid);
	}
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", pausing, NULL), parent;
	int i;

	out("the parent traces");
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
	table(pid);
	kill(pid, SIGKILL);
	await_zombie(pid);
	out("zombie");
	for (i = 0; i < COUNT(waitid_options); i++)
		show_waitid(P_PID, pid, waitid_options[i] | WNOHANG | WNOWAIT);
	show_wait(pid, WUNTRACED);

	out("a stranger traces");
	parent = start_parent(NULL, pausing, NULL, 0);
	pid = shm->pid[0];
	rest(pid);
	quiet_pt(PTRACE_SEIZE, pid, 0, 0);
	table(pid);
	kill(pid, SIGKILL);
	await_zombie(pid);
	out("zombie");
	for (i = 0; i < COUNT(waitid_options); i++)
		show_waitid(P_PID, pid, waitid_options[i] | WNOHANG | WNOWAIT);
	show_wait(pid, WUNTRACED);
	end_parent(parent);
	return 0;
}
