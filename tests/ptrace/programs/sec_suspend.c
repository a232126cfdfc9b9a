// SPDX-License-Identifier: GPL-2.0-only
/* PTRACE_O_SUSPEND_SECCOMP: filters do nothing until it is taken back */
#include "sec.h"

static void child(void *arg)
{
	FILTER({ SYS_dup2, SECCOMP_RET_ERRNO | 77 });
	raise(SIGUSR1);
	shm->val[0] = syscall(SYS_dup2, 1, 50);
	raise(SIGUSR1);
	shm->val[1] = syscall(SYS_dup2, 1, 50);
	raise(SIGUSR1);
	shm->val[2] = syscall(SYS_dup2, 1, 50);
}

static void strict(void *arg)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	shm->val[3] = syscall(SYS_dup2, 1, 50);
	syscall(SYS_exit, 0);
}

/* A tracer without privileges, or itself under seccomp */
static void poor(void *arg)
{
	pid_t pid;

	if (arg)
		FILTER({ 3999, SECCOMP_RET_ERRNO | 1 });
	else if (setresuid(1, 1, 1))
		out("setresuid: %s", show_errno(-1));
	pid = spawn_traced("inner", child, NULL);
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_SUSPEND_SECCOMP);
	finish(pid);
	pid = spawn("inner", child, NULL);
	pt(PTRACE_SEIZE, pid, 0, PTRACE_O_SUSPEND_SECCOMP);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_SUSPEND_SECCOMP);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	out("suspended: %ld", shm->val[0]);
	pt(PTRACE_SETOPTIONS, pid, 0, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	out("not: %ld", shm->val[1]);
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_SUSPEND_SECCOMP);
	pt(PTRACE_DETACH, pid, 0, 0);
	show_wait(pid, 0);
	out("detached: %ld", shm->val[2]);

	pid = spawn_traced("strict", strict, NULL);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	out("strict: %ld", shm->val[3]);
	pid = spawn_seized("strict, suspended", strict, NULL,
			   PTRACE_O_SUSPEND_SECCOMP);
	show_wait(pid, 0);
	out("strict: %ld", shm->val[3]);

	pid = spawn("user", poor, NULL);
	show_wait(pid, 0);
	pid = spawn("filtered", poor, pid + (char *)NULL);
	show_wait(pid, 0);
	return 0;
}
