// SPDX-License-Identifier: GPL-2.0-only
/* Every request of one user to another's task: untraced, traced, at each stop, dead */
#include "req.h"
#include "life.h"

static void become(int id)
{
	if (setresgid(id, id, id) || setresuid(id, id, id))
		out("no such user: %s", show_errno(-1));
	/* Yama is not what this is about */
	prctl(PR_SET_PTRACER, -1L);
	prctl(PR_SET_DUMPABLE, 1);
}

static void target(void *arg)
{
	become(1);
	subject(arg);
}

static void asker(void *arg)
{
	pid_t pid = shm->pid[0];

	become(2);
	req_refused(pid);
	pt(PTRACE_KILL, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	pt(PTRACE_ATTACH, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, PTRACE_O_EXITKILL);
	pt(PTRACE_SEIZE, pid, 1, 0);
	pt(PTRACE_SEIZE, pid, 0, 1 << 30);
}

static void show(const char *how, const char *what, pid_t pid)
{
	pid_t other;

	out("%s, %s", how, what);
	shm->pid[0] = pid;
	other = spawn("other", asker, NULL);
	show_wait(other, 0);
	show_proc(pid);
}

static pid_t start(int kind)
{
	pid_t pid;

	forget_subject();
	pid = spawn("target", target, &kind);
	await_subject(pid, kind);
	return pid;
}

int main(void)
{
	pid_t pid;
	int kind;

	pid = start(AWAKE);
	show("untraced", "awake", pid);
	finish(pid);
	pid = start(ASLEEP);
	show("untraced", "asleep", pid);
	kill(pid, SIGSTOP);
	show_wait(pid, WUNTRACED);
	show("untraced", "stopped", pid);
	kill(pid, SIGKILL);
	await_gone(pid);
	show("untraced", "dead", pid);
	show_wait(pid, 0);
	for (kind = 0; kind < KINDS; kind++) {
		pid = start(kind);
		take_to_stop(pid, kind, 0, false, false);
		show("traced", kind_names[kind], pid);
		/* out of its last stop, where SIGKILL does nothing */
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		show_fate(pid, kind);
		finish(pid);
	}
	return 0;
}
