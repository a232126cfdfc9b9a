// SPDX-License-Identifier: GPL-2.0-only
/* poll() and waitid(P_PIDFD) of a tracee: stops say nothing, its end does before it is reaped */
#include "wait.h"

static const int all = WEXITED | WSTOPPED | WCONTINUED | WNOHANG;

static void look(const char *what, int fd)
{
	out("%s", what);
	show_poll(fd);
	show_wait_pidfd(fd, all | WNOWAIT, "WNOWAIT");
}

static void *poller(void *arg)
{
	struct pollfd p = { .fd = (long)arg, .events = POLLIN };

	shm->pid[5] = gettid_();
	reach(5);
	poll(&p, 1, 20000);
	shm->val[5] = p.revents;
	return NULL;
}

static void one(pid_t pid)
{
	int fd = pidfd_of(pid, 0);
	pthread_t thread;

	rest(pid);
	pt(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT);
	look("running", fd);
	kill(pid, SIGUSR1);
	await_inactive(pid);
	look("in a stop", fd);
	show_wait_pidfd(fd, all, "...");
	show_wait_pidfd(fd, all, "...");
	pthread_create(&thread, NULL, poller, (void *)(long)fd);
	await(5);
	await_syscall(shm->pid[5], SYS_poll);
	kill(pid, SIGKILL);
	await_inactive(pid);
	look("in its exit", fd);
	await_syscall(shm->pid[5], SYS_poll);
	show_wait_pidfd(fd, all, "...");
	pt(PTRACE_CONT, pid, 0, 0);
	pthread_join(thread, NULL);
	out("poll woke with %#lx", shm->val[5]);
	await_zombie(pid);
	look("zombie", fd);
	show_wait_pidfd(fd, all, "...");
	look("reaped", fd);
	close(fd);
}

int main(void)
{
	pid_t parent;

	out("own child");
	one(spawn("tracee", pausing, NULL));
	forget_steps();
	out("a stranger's");
	parent = start_parent(NULL, pausing, NULL, 0);
	one(shm->pid[0]);
	ask(ASK_WAIT, shm->pid[0], 0);
	end_parent(parent);
	return 0;
}
