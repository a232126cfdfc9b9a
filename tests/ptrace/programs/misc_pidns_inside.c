// SPDX-License-Identifier: GPL-2.0-only
/* Tracer inside a pid namespace: messages in its numbers, signals from outside */
#include "../rig.h"

static void child(void *arg)
{
	pid_t pid;

	reach(1);
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	/* deeper still: the message is the number at the tracer */
	if (unshare(CLONE_NEWPID))
		_exit(9);
	pid = fork();
	if (!pid)
		_exit(getpid());
	waitpid(pid, NULL, 0);
	reach(2);
	for (;;)
		pause();
}

static void tracer(void)
{
	unsigned long msg;
	siginfo_t info;
	pid_t pid;
	int i;

	pid = spawn_traced("inner tracee", child, NULL);
	out("pid %d", pid);
	quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEFORK);
	for (i = 0; i < 2; i++) {
		pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, 0);
		show_msg(pid);
		quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
		name(msg, "child %d", i);
		show_wait(msg, __WALL);
		quiet_pt(PTRACE_GETSIGINFO, msg, 0, (long)&info);
		out("  code %d pid %d", info.si_code, info.si_pid);
		pt(PTRACE_CONT, msg, 0, 0);
		show_wait(msg, __WALL);
		pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, 0);
		show_siginfo(pid);
	}
	pt(PTRACE_CONT, pid, 0, 0);
	await(2);
	reach(3);
	show_wait(pid, 0);
	quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info);
	out("  code %d pid %d", info.si_code, info.si_pid);
	finish(pid);
}

static void starter(void *arg)
{
	pid_t pid;

	if (unshare(CLONE_NEWPID))
		_exit(99);
	pid = fork();
	if (!pid) {
		tracer();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* The pid here of the process that is number 2 there: the init's child */
static pid_t child_of(pid_t pid)
{
	char path[64];
	int child = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%d", &child) != 1)
		out("no children");
	if (f)
		fclose(f);
	return child;
}

int main(void)
{
	pid_t pid = spawn("starter", starter, NULL);

	await(3);
	kill(child_of(child_of(pid)), SIGUSR1);
	waitpid(pid, NULL, 0);
	return 0;
}
