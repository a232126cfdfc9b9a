/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs about waits, and those about lifetimes, share */
#ifndef WAIT_H
#define WAIT_H

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/prctl.h>

#include "../rig.h"

#define UNUSED __attribute__((unused))

/* Until it sleeps in pause(), woken by nothing */
static UNUSED void rest(pid_t pid)
{
	await_state(pid, "S");
	await_syscall(pid, SYS_pause);
}

static UNUSED pid_t gettid_(void)
{
	return syscall(SYS_gettid);
}

static UNUSED pid_t raw_clone(long flags)
{
	return syscall(SYS_clone, flags, 0L, 0L, 0L, 0L);
}

/* Like spawn(), with flags and exit signal of clone() */
static UNUSED pid_t spawn_clone(const char *child, void (*fn)(void *),
				void *arg, long flags)
{
	pid_t pid = raw_clone(flags);

	if (pid < 0)
		abort();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fn(arg);
		_exit(0);
	}
	name(pid, "%s", child);
	return pid;
}

static UNUSED unsigned long msg_of(pid_t pid)
{
	unsigned long msg = 0;

	if (quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg))
		out("no message: %s", show_errno(-1));
	return msg;
}

/* A stop without a word, or what else there was */
static UNUSED int quiet_stop(pid_t pid)
{
	int status = 0;

	alarm(20);
	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		out("no stop of %s: status %#x", who(pid), status);
	alarm(0);
	return status;
}

/* It stopped and is asleep: its notices to the parents are out, too */
static UNUSED void await_inactive(pid_t pid)
{
	long msg;

	await_state(pid, "t");
	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
}

/* Nobody is inside of a change to parents and zombies any more */
static UNUSED void settle(void)
{
	siginfo_t info;

	waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL);
}

/* A zombie, and those who had to be told of it were */
static UNUSED void await_zombie(pid_t pid)
{
	await_state(pid, "Z");
	settle();
}

/* The SIGCHLD that is pending, or that there is none */
static UNUSED void take(void)
{
	settle();
	no_sigchld();
}

static UNUSED void drain(void)
{
	struct timespec ts = { 0 };
	sigset_t set;

	settle();
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while (sigtimedwait(&set, NULL, &ts) > 0)
		;
}

static UNUSED void sigchld_action(void (*fn)(int), int flags)
{
	struct sigaction sa = { .sa_handler = fn, .sa_flags = flags };

	sigaction(SIGCHLD, &sa, NULL);
}

static UNUSED void handler_nop(int sig)
{
}

static UNUSED int pidfd_of(pid_t pid, int flags)
{
	return syscall(SYS_pidfd_open, pid, flags);
}

/* waitid(P_PIDFD); shown with the process's name */
static UNUSED void show_wait_pidfd(int fd, int options, const char *text)
{
	siginfo_t info = { 0 };
	int ret = waitid(P_PIDFD, fd, &info, options);

	if (ret || !info.si_pid) {
		out("waitid(pidfd, %s) = %s", text, show_errno(ret));
	} else {
		out("waitid(pidfd, %s):", text);
		show_info(&info);
	}
}

static UNUSED void show_poll(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ret = poll(&p, 1, 0);

	out("poll(pidfd) = %d%s", ret, p.revents & POLLIN ? " POLLIN" : "");
}

/*
 * A real parent that is not the tracer: it does what the tracer asks for, so
 * that one function tells the whole story.
 */
enum { ASK_DONE, ASK_TAKE, ASK_WAIT, ASK_WAITID, ASK_EXIT, ASK_GROUP };
#define asked ((volatile long *)shm->val + 48)

struct parent_job {
	void (*setup)(void);
	void (*fn)(void *arg);
	void *arg;
	long flags;
};

static UNUSED void parent_main(void *arg)
{
	const struct parent_job *job = arg;

	hold_sigchld();
	if (job->setup)
		job->setup();
	shm->pid[0] = spawn_clone("tracee", job->fn, job->arg,
				  job->flags ?: SIGCHLD);
	asked[0] = ASK_DONE;
	for (;;) {
		while (asked[0] == ASK_DONE)
			usleep(200);
		__sync_synchronize();
		if (asked[0] == ASK_EXIT)
			return;
		out("parent:");
		switch (asked[0]) {
		case ASK_TAKE:
			take();
			break;
		case ASK_WAIT:
			show_wait(asked[1], asked[2]);
			break;
		case ASK_WAITID:
			show_waitid(P_PID, asked[1], asked[2]);
			break;
		case ASK_GROUP:
			show_waitid(P_ALL, 0, asked[2]);
			break;
		}
		__sync_synchronize();
		asked[0] = ASK_DONE;
	}
}

static UNUSED void answered(void)
{
	int i;

	for (i = 0; asked[0] != ASK_DONE; i++) {
		if (i > 100000) {
			out("TIME-OUT: no answer");
			_exit(98);
		}
		usleep(200);
	}
	__sync_synchronize();
}

static UNUSED void begin_ask(int what, long arg, long arg2)
{
	asked[1] = arg;
	asked[2] = arg2;
	__sync_synchronize();
	asked[0] = what;
}

static UNUSED void ask(int what, long arg, long arg2)
{
	begin_ask(what, arg, arg2);
	answered();
}

/* The parent; its child is shm->pid[0] */
static UNUSED pid_t start_parent(void (*setup)(void), void (*fn)(void *),
				 void *arg, long flags)
{
	struct parent_job job = { setup, fn, arg, flags };
	pid_t pid;

	asked[0] = -1;
	pid = spawn("parent", parent_main, &job);
	answered();
	return pid;
}

static UNUSED void end_parent(pid_t parent)
{
	begin_ask(ASK_EXIT, 0, 0);
	show_wait(parent, 0);
}

/* Threads 1, 2 ... that sleep in pause(), and the leader does so, too */
static UNUSED void *pausing_thread(void *arg)
{
	long i = (long)arg;

	name(gettid_(), "thread %ld", i);
	shm->pid[i] = gettid_();
	reach(i);
	pausing(NULL);
	return NULL;
}

static UNUSED void start_threads(int n)
{
	pthread_t thread;
	long i;

	for (i = 1; i <= n; i++)
		pthread_create(&thread, NULL, pausing_thread, (void *)i);
}

static UNUSED void await_threads(int n)
{
	int i;

	for (i = 1; i <= n; i++) {
		await(i);
		rest(shm->pid[i]);
	}
}

static UNUSED void forget_steps(void)
{
	memset((void *)shm->step, 0, sizeof(shm->step));
	memset((void *)shm->pid, 0, sizeof(shm->pid));
}

#endif
