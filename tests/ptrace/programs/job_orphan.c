// SPDX-License-Identifier: GPL-2.0-only
/* In an orphaned process group only SIGSTOP stops; when it becomes orphaned, SIGHUP */
#include "job.h"

static void orphan(void *arg)
{
	for (;;)
		pause();
}

static void father(void *arg)
{
	pid_t pid = fork();

	if (!pid)
		pausing_in_group(NULL);
	name(pid, "tracee");
	await_syscall(pid, SYS_pause);
	shm->pid[0] = pid;
	reach(1);
	await(2);
}

int main(void)
{
	static const int sigs[] = { SIGTSTP, SIGTTIN, SIGTTOU, SIGSTOP };
	pid_t pid = spawn_seized("orphan", orphan, NULL, 0), dad;
	int i;

	await_syscall(pid, SYS_pause);
	for (i = 0; i < 4; i++) {
		kill(pid, sigs[i]);
		show_stop(pid);
		if (sigs[i] == SIGSTOP)
			go(pid, PTRACE_CONT, sigs[i]);
		run(pid, event_of(last_status()) ? 0 : sigs[i]);
		show_proc(pid);
	}
	finish(pid);

	dad = spawn("father", father, NULL);
	await(1);
	pid = shm->pid[0];
	pt(PTRACE_SEIZE, pid, 0, 0);
	stop_it(pid, SIGTSTP);
	pt(PTRACE_LISTEN, pid, 0, 0);
	reach(2);
	show_wait(dad, 0);
	show_stop(pid);
	go(pid, PTRACE_CONT, 0);
	go(pid, PTRACE_CONT, 0);
	run(pid, SIGCONT);
	/* no stop any more */
	kill(pid, SIGTSTP);
	show_stop(pid);
	run(pid, SIGTSTP);
	show_proc(pid);
	finish(pid);
	return 0;
}
