// SPDX-License-Identifier: GPL-2.0-only
/* Waits by pid, group, pidfd and for all: a child, a stranger, a stranger's thread */
#include "wait.h"

static void threads(void *arg)
{
	start_threads(1);
	pausing(NULL);
}

static const int flags = WEXITED | WSTOPPED | WNOHANG | WNOWAIT;

static void group(const char *what, pid_t pgid)
{
	out("%s", what);
	show_waitid(P_PGID, pgid, flags);
	show_waitid(P_PGID, pgid, flags | __WALL);
	if (pgid)
		show_wait(-pgid, WNOHANG | WUNTRACED);
}

static void look(const char *what, pid_t pid, int fd)
{
	out("%s", what);
	show_waitid(P_PID, pid, flags);
	show_waitid(P_ALL, 0, flags);
	show_wait_pidfd(fd, flags, "...");
	show_poll(fd);
}

static void stop(pid_t pid, int sig)
{
	syscall(SYS_tkill, pid, sig);
	await_state(pid, "t");
}

int main(void)
{
	pid_t pid, other, tid, parent;
	int fd, fd2, ndelay;

	parent = start_parent(NULL, threads, NULL, 0);
	other = shm->pid[0];
	name(other, "stranger");
	await_threads(1);
	tid = shm->pid[1];
	rest(other);
	pid = spawn("child", pausing, NULL);
	rest(pid);
	setpgid(pid, pid);
	fd = pidfd_of(pid, 0);
	fd2 = pidfd_of(other, 0);
	ndelay = pidfd_of(pid, O_NONBLOCK);
	out("pidfd of a thread: %d", pidfd_of(tid, 0) >= 0);
	pt(PTRACE_SEIZE, pid, 0, 0);
	pt(PTRACE_SEIZE, tid, 0, 0);

	stop(pid, SIGUSR1);
	look("the child", pid, fd);
	group("its group", pid);
	group("my group", 0);
	stop(tid, SIGUSR2);
	look("the thread", tid, fd2);
	group("my group", 0);
	show_wait(0, WNOHANG);
	show_wait(-getpgrp(), WNOHANG);
	show_wait_pidfd(fd2, flags & ~WNOHANG, "...");
	show_wait(other, WNOHANG | __WALL);
	pt(PTRACE_SEIZE, other, 0, 0);
	stop(other, SIGUSR1);
	look("the thread's leader", other, fd2);
	show_wait(-1, WNOHANG);
	show_wait(-1, WNOHANG);
	show_wait(-1, WNOHANG);
	group("an empty group", 1 << 22);
	group("a bad group", -2);
	show_waitid(P_PID, 0, flags);
	show_waitid(17, 0, flags);
	show_wait_pidfd(-1, flags, "-1");
	show_wait_pidfd(0, flags, "no pidfd");
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait_pidfd(ndelay, WEXITED, "O_NONBLOCK");
	show_wait_pidfd(ndelay, WEXITED | WNOHANG, "O_NONBLOCK, WNOHANG");
	show_wait_pidfd(fd, WEXITED | WNOHANG, "WNOHANG");
	pt(PTRACE_DETACH, tid, 0, 0);
	finish(other);
	finish(pid);
	ask(ASK_WAIT, other, 0);
	end_parent(parent);
	return 0;
}
