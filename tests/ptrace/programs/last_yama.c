// SPDX-License-Identifier: GPL-2.0-only
/* Yama's scope 3: nobody may attach; it stays until the next boot, so it is the last */
#include <fcntl.h>
#include <sys/prctl.h>

#include "../rig.h"

static const char path[] = "/proc/sys/kernel/yama/ptrace_scope";

static void scope(char c)
{
	int fd = open(path, O_WRONLY);

	out("scope %c: %s", c, show_errno(write(fd, &c, 1)));
	close(fd);
}

static void target(void *arg)
{
	out("  PR_SET_PTRACER: %s",
	    show_errno(prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY)));
	reach(0);
	for (;;)
		pause();
}

static void traceme(void *arg)
{
	pt(PTRACE_TRACEME, 0, 0, 0);
}

/* Who traces a task already, goes on */
static void traced(void *arg)
{
	raise(SIGUSR1);
	traceme(NULL);
}

int main(void)
{
	static int word = 77;
	struct iovec from = { &word, sizeof(word) }, to;
	int copy = 0;
	pid_t pid, before = spawn_traced("before", traced, NULL);

	scope('3');
	/* it does not go back */
	scope('0');
	pid = spawn("target", target, NULL);
	await(0);
	pt(PTRACE_ATTACH, pid, 0, 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	to = (struct iovec){ &copy, sizeof(copy) };
	out("vm_readv: %s",
	    show_errno(process_vm_readv(pid, &to, 1, &from, 1, 0)));
	finish(pid);
	pid = spawn("child", traceme, NULL);
	show_wait(pid, 0);
	pt(PTRACE_CONT, before, 0, 0);
	show_wait(before, 0);
	/* it prints, too */
	quiet_pt(PTRACE_CONT, before, 0, 0);
	show_wait(before, 0);
	return 0;
}
