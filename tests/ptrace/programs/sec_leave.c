// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of a call when the tracer leaves the seccomp stop in other ways */
#include "sec.h"

static void child(void *arg)
{
	shm->pid[0] = getpid();
	reach(0);
	await(1);
	FILTER({ SYS_dup2, SECCOMP_RET_TRACE | 1 });
	_exit(result(syscall(SYS_dup2, 1, 50)));
}

static void traced(void *arg)
{
	FILTER({ SYS_dup2, SECCOMP_RET_TRACE | 1 });
	shm->val[0] = syscall(SYS_dup2, 1, 50);
	_exit(result(shm->val[0]));
}

static void inner(void *arg)
{
	pid_t pid = shm->pid[0];

	pt(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESECCOMP |
	   (arg ? PTRACE_O_EXITKILL : 0));
	reach(1);
	show_wait(pid, 0);
	show_msg(pid);
}

static pid_t at_stop(const char *what)
{
	pid_t pid = spawn_seized(what, traced, NULL, PTRACE_O_TRACESECCOMP);

	show_wait(pid, 0);
	return pid;
}

int main(void)
{
	static const char *const kinds[] = { "left alone", "EXITKILL" };
	pid_t pid, tracer;
	int i;

	for (i = 0; i < 2; i++) {
		shm->step[0] = 0;
		shm->step[1] = 0;
		pid = spawn(kinds[i], child, NULL);
		await(0);
		tracer = spawn("the other", inner, i ? &shm : NULL);
		show_wait(tracer, 0);
		show_wait(pid, 0);
	}
	pid = at_stop("detached");
	pt(PTRACE_DETACH, pid, 0, 0);
	show_wait(pid, 0);
	pid = at_stop("killed");
	kill(pid, SIGKILL);
	show_wait(pid, 0);
	out("dup2: %ld", shm->val[0] = 0);
	pid = at_stop("with a signal");
	pt(PTRACE_CONT, pid, 0, SIGTERM);
	show_wait(pid, 0);
	pid = at_stop("signalled meanwhile");
	kill(pid, SIGTERM);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	out("dup2: %ld", shm->val[0]);
	pt(PTRACE_CONT, pid, 0, SIGTERM);
	show_wait(pid, 0);
	return 0;
}
