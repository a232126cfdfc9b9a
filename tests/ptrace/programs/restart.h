/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs about interrupted system calls share: the calls, their ends */
#ifndef RESTART_H
#define RESTART_H

#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <time.h>

#include "sig.h"

#ifdef __x86_64__
#define SELECT SYS_select
#else
#define SELECT SYS__newselect
#endif

/* One for the tracee to wait on, one for its child */
static int pipes[2][2];
static const struct timespec long_time = { .tv_sec = 100000 };
#define WORD ((volatile int *)&shm->val[0])

static long do_pause(void)
{
	return syscall(SYS_pause);
}

static long do_nanosleep(void)
{
	return syscall(SYS_nanosleep, &long_time, NULL);
}

static long do_clock(void)
{
	return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &long_time,
		       NULL);
}

static long do_clock_abs(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += long_time.tv_sec;
	return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &ts,
		       NULL);
}

static long do_poll_for(int ms)
{
	struct pollfd pfd = { .fd = pipes[0][0], .events = POLLIN };

	return syscall(SYS_poll, &pfd, 1, ms);
}

static long do_poll(void)
{
	return do_poll_for(-1);
}

static long do_poll_time(void)
{
	return do_poll_for(100000000);
}

static long do_select(void)
{
	struct timeval tv = { .tv_sec = 100000 };
	fd_set set;

	FD_ZERO(&set);
	FD_SET(pipes[0][0], &set);
	return syscall(SELECT, pipes[0][0] + 1, &set, NULL, NULL, &tv);
}

static long do_futex(void)
{
	return syscall(SYS_futex, WORD, FUTEX_WAIT, 0, NULL);
}

static long do_futex_time(void)
{
	return syscall(SYS_futex, WORD, FUTEX_WAIT, 0, &long_time);
}

static long do_read(void)
{
	char c[4];

	return syscall(SYS_read, pipes[0][0], c, sizeof(c));
}

static long do_wait4(void)
{
	pid_t pid = fork();
	char c;

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(read(pipes[1][0], &c, 1));
	}
	name(pid, "child");
	return syscall(SYS_wait4, pid, NULL, 0, NULL) == pid ? 0 : -1;
}

static long do_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd = epoll_create1(0);

	epoll_ctl(fd, EPOLL_CTL_ADD, pipes[0][0], &event);
	return syscall(SYS_epoll_wait, fd, &event, 1, -1);
}

static long do_sigtimedwait(void)
{
	uint64_t set = 1ULL << (SIGHUP - 1);

	return syscall(SYS_rt_sigtimedwait, &set, NULL, &long_time, 8);
}

static const struct {
	const char *name;
	long nr;
	long (*fn)(void);
	char end;	/* by a Signal, Pipe, Futex, Child, Hangup */
} calls[] = {
	{ "pause", SYS_pause, do_pause, 's' },
	{ "nanosleep", SYS_nanosleep, do_nanosleep, 's' },
	{ "clock_nanosleep", SYS_clock_nanosleep, do_clock, 's' },
	{ "clock_nanosleep to a time", SYS_clock_nanosleep, do_clock_abs, 's' },
	{ "poll", SYS_poll, do_poll, 'p' },
	{ "poll with a time", SYS_poll, do_poll_time, 'p' },
	{ "select", SELECT, do_select, 'p' },
	{ "futex", SYS_futex, do_futex, 'f' },
	{ "futex with a time", SYS_futex, do_futex_time, 'f' },
	{ "read", SYS_read, do_read, 'p' },
	{ "wait4", SYS_wait4, do_wait4, 'c' },
	{ "epoll_wait", SYS_epoll_wait, do_epoll, 'p' },
	{ "sigtimedwait", SYS_rt_sigtimedwait, do_sigtimedwait, 'h' },
};

#define CALLS ((int)(sizeof(calls) / sizeof(calls[0])))

/* SIGUSR1 has these flags; SIGUSR2 ends what nothing else does */
static int handler_flags;
/* The tracee stops by SIGURG before its call, to be traced from there */
static bool stop_before;

static void empty(int sig, siginfo_t *info, void *context)
{
}

static void caller(void *arg)
{
	int i = *(int *)arg;
	long ret;

	handle(SIGUSR1, empty, handler_flags);
	handle(SIGUSR2, empty, 0);
	mask(SIG_BLOCK, SIGHUP);
	mask(SIG_BLOCK, SIGCHLD);
	if (stop_before)
		send_self(SIGURG);
	reach(2);
	ret = calls[i].fn();
	shm->val[1] = ret < 0 ? -errno : ret;
	reach(1);
	for (;;)
		pause();
}

/* It slept in nanosleep() before, too */
static UNUSED void await_call(pid_t pid, int i)
{
	await(2);
	await_syscall(pid, calls[i].nr);
}

/* A tracee that sleeps in its call, or is at SIGURG's stop before it */
static UNUSED pid_t begin(int i)
{
	pid_t pid;
	int j;

	out("%s", calls[i].name);
	shm->step[1] = 0;
	shm->step[2] = 0;
	for (j = 0; j < 2; j++)
		if (pipe(pipes[j]))
			abort();
	pid = spawn_seized("tracee", caller, &i, PTRACE_O_TRACESYSGOOD);
	if (stop_before)
		show_wait(pid, 0);
	else
		await_call(pid, i);
	return pid;
}

static UNUSED void show(pid_t pid)
{
	show_regs(pid);
	show_syscall(pid);
}

/* What ends the call */
static UNUSED void end(pid_t pid, int i)
{
	switch (calls[i].end) {
	case 'p':
	case 'c':
		if (write(pipes[calls[i].end == 'c'][1], "", 1) != 1)
			abort();
		break;
	case 'f':
		while (syscall(SYS_futex, WORD, FUTEX_WAKE, 1) != 1)
			sched_yield();
		break;
	case 'h':
		kill(pid, SIGHUP);
		break;
	default:
		kill(pid, SIGUSR2);
	}
}

static long sleeps_in(pid_t pid)
{
	char path[32], buf[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	f = fopen(path, "r");
	if (!f)
		return -1;
	if (!fgets(buf, sizeof(buf), f) || buf[0] < '0' || buf[0] > '9')
		strcpy(buf, "-1");
	fclose(f);
	return atol(buf);
}

/* Resumed: does it sleep in the call or its restart, or has it returned? */
static UNUSED bool show_sleep(pid_t pid, int i)
{
	time_t late = time(NULL) + 20;
	long nr;

	while (time(NULL) < late) {
		if (shm->step[1]) {
			out("returned");
			return false;
		}
		if (state_of(pid) != 'S')
			continue;
		nr = sleeps_in(pid);
		/* pause() is also where it goes after the call */
		if (!shm->step[1] &&
		    (nr == calls[i].nr || nr == SYS_restart_syscall)) {
			out("sleeps in %s", syscall_name(nr));
			return true;
		}
	}
	out("TIME-OUT: it does not sleep");
	return false;
}

static UNUSED void show_result(void)
{
	long ret = shm->val[1];

	if (ret < 0 && ret > -500)
		out("result %s", strerrorname_np(-ret));
	else
		out("result %ld", ret);
}

/* To the end of the call, and what it returned */
static UNUSED void show_end(pid_t pid, int i)
{
	if (show_sleep(pid, i)) {
		end(pid, i);
		if (calls[i].end == 's') {
			show_wait(pid, 0);
			show(pid);
			pt(PTRACE_CONT, pid, 0, SIGUSR2);
		}
		await(1);
	}
	show_result();
}

static UNUSED void over(pid_t pid)
{
	int j;

	finish(pid);
	for (j = 0; j < 2; j++) {
		close(pipes[j][0]);
		close(pipes[j][1]);
	}
}

#endif
