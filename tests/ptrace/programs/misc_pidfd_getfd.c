// SPDX-License-Identifier: GPL-2.0-only
/* pidfd_getfd() from a tracee at a stop, by the tracer and by another user */
#include <sys/prctl.h>

#include "../rig.h"

static int mfd;

static void child(void *arg)
{
	mfd = memfd_create("it", 0);
	if (write(mfd, "hello", 5) != 5)
		_exit(1);
	shm->val[0] = mfd;
	raise(SIGUSR1);
	close(mfd);
	raise(SIGUSR1);
}

static void get(pid_t pid)
{
	char buf[8] = "";
	int fd, got;

	fd = syscall(SYS_pidfd_open, pid, 0);
	got = syscall(SYS_pidfd_getfd, fd, shm->val[0], 0);
	if (got < 0)
		out("%s", show_errno(-1));
	else if (pread(got, buf, 5, 0) == 5)
		out("it has %s", buf);
	close(got);
	close(fd);
}

static void user(void *arg)
{
	if (setresuid(1, 1, 1))
		_exit(1);
	get(shm->pid[0]);
}

int main(void)
{
	pid_t pid, other;

	pid = spawn_traced("tracee", child, NULL);
	shm->pid[0] = pid;
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	get(pid);
	other = spawn("user", user, NULL);
	show_wait(other, 0);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	get(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	await_state(pid, "Z");
	get(pid);
	show_wait(pid, 0);
	return 0;
}
