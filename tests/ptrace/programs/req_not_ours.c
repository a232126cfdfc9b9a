// SPDX-License-Identifier: GPL-2.0-only
/* Every request to a process that is not our tracee, is no process, is us */
#include "req.h"

static void ask(const char *what, pid_t pid)
{
	out("%s", what);
	req_refused(pid);
	/* a state does not matter for these, to whom it belongs does */
	pt(PTRACE_KILL, pid, 0, 0);
	pt(PTRACE_INTERRUPT, pid, 0, 0);
}

static void first(void *arg)
{
	pid_t pid = spawn_traced("taken", pausing, NULL);

	shm->pid[0] = pid;
	reach(0);
	await(1);
	finish(pid);
}

static void asker(void *arg)
{
	ask("the parent", getppid());
}

int main(void)
{
	pid_t pid = spawn("sleeper", pausing, NULL), other;

	await_syscall(pid, SYS_pause);
	ask("a child, asleep", pid);
	kill(pid, SIGSTOP);
	show_wait(pid, WUNTRACED);
	ask("a child, stopped", pid);
	show_proc(pid);
	kill(pid, SIGKILL);
	await_state(pid, "Z");
	ask("a child, dead", pid);
	show_wait(pid, 0);
	ask("gone", pid);

	other = spawn("first", first, NULL);
	await(0);
	ask("another's tracee, at a stop", shm->pid[0]);
	show_proc(shm->pid[0]);
	reach(1);
	show_wait(other, 0);

	ask("us", getpid());
	name(1, "init");
	ask("init", 1);
	name(2, "kthreadd");
	/* only asked, nothing is done to them */
	ask("a kernel thread", 2);
	ask("pid 0", 0);
	ask("pid -1", -1);
	ask("a large pid", 0x3fffffff);
	ask("our group", -getpid());
	pid = spawn("asker", asker, NULL);
	show_wait(pid, 0);
	return 0;
}
