// SPDX-License-Identifier: GPL-2.0-only
/* Yama: who may attach in scopes 0, 1 and 2, with and without PR_SET_PTRACER */
#include <fcntl.h>
#include <sys/prctl.h>

#include "../rig.h"

static const char path[] = "/proc/sys/kernel/yama/ptrace_scope";
static int word = 77;

static void set_scope(char c)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, &c, 1) != 1)
		out("scope: %s", show_errno(-1));
	close(fd);
}

static void become_user(void)
{
	if (setresuid(1, 1, 1) || prctl(PR_SET_DUMPABLE, 1))
		out("no user: %s", show_errno(-1));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void target(void *arg)
{
	become_user();
	reach(0);
	await(1);
	if (shm->val[0])
		out("  PR_SET_PTRACER: %s",
		    show_errno(prctl(PR_SET_PTRACER, shm->val[0])));
	reach(2);
	for (;;)
		pause();
}

static void idle(void *arg)
{
	for (;;)
		pause();
}

static void try(pid_t pid)
{
	struct iovec to, from = { &word, sizeof(word) };
	int copy = 0;
	long ret;

	to = (struct iovec){ &copy, sizeof(copy) };
	out("  vm_readv(%s): %s", who(pid),
	    show_errno(process_vm_readv(pid, &to, 1, &from, 1, 0)));
	ret = pt(PTRACE_SEIZE, pid, 0, 0);
	if (!ret) {
		out("  vm_readv then: %s",
		    show_errno(process_vm_readv(pid, &to, 1, &from, 1, 0)));
		pt(PTRACE_INTERRUPT, pid, 0, 0);
		show_wait(pid, 0);
		pt(PTRACE_DETACH, pid, 0, 0);
	}
	ret = pt(PTRACE_ATTACH, pid, 0, 0);
	if (!ret) {
		show_wait(pid, 0);
		pt(PTRACE_DETACH, pid, 0, 0);
	}
}

static void traceme(void *arg)
{
	out("  TRACEME: %s", show_errno(quiet_pt(PTRACE_TRACEME, 0, 0, 0)));
}

static void user(void *arg)
{
	pid_t pid;

	become_user();
	await(2);
	try(shm->pid[0]);
	pid = spawn("its child", idle, NULL);
	try(pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	pid = spawn("its child", traceme, NULL);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	char old = 0, scope;
	int fd, allow;
	pid_t pid, other;

	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, &old, 1) != 1)
		return 1;
	for (scope = '0'; scope <= '2'; scope++) {
		set_scope(scope);
		for (allow = 0; allow < 3; allow++) {
			out("scope %c, %s", scope, !allow ? "no exception" :
			    allow == 1 ? "any may" : "the user may");
			memset((void *)shm->step, 0, sizeof(shm->step));
			pid = spawn("target", target, NULL);
			shm->pid[0] = pid;
			await(0);
			other = spawn("user", user, NULL);
			shm->val[0] = !allow ? 0 : allow == 1 ? -1 : other;
			reach(1);
			waitpid(other, NULL, 0);
			/* root is above this */
			try(pid);
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
	}
	set_scope(old);
	close(fd);
	return 0;
}
