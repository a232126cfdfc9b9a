// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIGKILL against the request that resumes: PTRACE_EVENT_EXIT's stop lasts until
 * a request that follows it, or it is that request's stop already and wait()
 * never tells of it.
 *
 * Timers expire on the tracer's processor just as it makes the request.  Their
 * interrupt comes where the kernel next allows it, and holds the tracer there
 * for as long as the tracee takes to die of the signal and to stop once more.
 */
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "race.h"

#define TIMERS		500
/* Long to give back: who goes on out of its last stop is seen doing that */
#define MEMORY		(4 << 20)

#define NS_SEC		1000000000L
#define NS_US		1000L

static int timers[TIMERS];
static int go[2];			/* a pipe: the killer's next moment */
static long lead = 1000 * NS_US;	/* setting them takes less */
static long rounds;

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_SEC + ts.tv_nsec;
}

static void tracee(void)
{
	pin(2);
	pt(PTRACE_TRACEME, 0, 0, NULL);
	sys(SYS_kill, sys(SYS_getpid, 0, 0, 0, 0, 0), SIGSTOP, 0, 0, 0);
	for (;;)
		sys(SYS_getppid, 0, 0, 0, 0, 0);
}

static struct timespec as_timespec(long ns)
{
	return (struct timespec){ .tv_sec = ns / NS_SEC, .tv_nsec = ns % NS_SEC };
}

/* Sleeps, so that the tracee runs where it is killed */
static int killer(long arg)
{
	struct timespec ts;
	long n, ret, when;

	pin(2);
	for (n = 1; n <= rounds; n++) {
		ret = sys(SYS_read, go[0], (long)&when, sizeof(when), 0, 0);
		if (ret != sizeof(when))
			fail("read: %ld", ret);
		ts = as_timespec(when + 50 * NS_US);
		sys(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME,
		    (long)&ts, 0, 0);
		ret = sys(SYS_kill, shm->pid, SIGKILL, 0, 0, 0);
		if (ret)
			fail("kill: %ld", ret);
		shm->done = n;
	}
	return 0;
}

static int next_status(void)
{
	int status;
	long ret = wait_for(shm->pid, &status, 0);

	if (ret != shm->pid)
		fail("wait: %ld", ret);
	return status;
}

/* In a system call's stop, resumed once as it will be again */
static void start(void)
{
	pid_t pid = fork();
	int i, status;
	long ret;

	if (!pid)
		tracee();
	shm->pid = pid;
	status = next_status();
	if (status >> 8 != SIGSTOP)
		fail("status %#x", status);
	ret = pt(PTRACE_SETOPTIONS, pid, 0, (void *)PTRACE_O_TRACEEXIT);
	for (i = 0; i < 3 && !ret; i++) {
		ret = pt(PTRACE_SYSCALL, pid, 0, NULL);
		status = next_status();
		if (status >> 8 != SIGTRAP)
			fail("status %#x", status);
	}
	if (ret)
		fail("the start: %ld", ret);
}

/* All expire at once; returns when.  What it takes is learnt, and forgotten. */
static long set_timers(void)
{
	struct itimerspec it = { };
	long when, left;
	int i;

	for (;;) {
		when = now() + lead;
		it.it_value = as_timespec(when);
		for (i = 0; i < TIMERS; i++)
			timerfd_settime(timers[i], TFD_TIMER_ABSTIME, &it, NULL);
		left = when - now();
		if (left > lead / 2)
			lead -= lead / 8;
		if (left > 100 * NS_US)
			return when;
		lead += lead / 4;
	}
}

/* wait() told of this stop */
static void check_last_stop(void)
{
	unsigned long msg;
	long ret;

	ret = pt(PTRACE_GETEVENTMSG, shm->pid, 0, &msg);
	if (ret)
		fail("PTRACE_EVENT_EXIT: GETEVENTMSG: %ld", ret);
	ret = pt(PTRACE_CONT, shm->pid, 0, NULL);
	if (ret)
		fail("PTRACE_EVENT_EXIT: CONT: %ld", ret);
}

/* Returns whether the tracee was seen in its last stop */
static bool see_the_end(void)
{
	bool seen = false;
	int status;

	for (;;) {
		status = next_status();
		if (!WIFSTOPPED(status))
			break;
		if (status >> 8 == AT(SIGTRAP, PTRACE_EVENT_EXIT)) {
			check_last_stop();
			seen = true;
		} else {
			pt(PTRACE_SYSCALL, shm->pid, 0, NULL);
		}
	}
	if (status != SIGKILL)
		fail("the end: status %#x", status);
	return seen;
}

static void one_round(long n)
{
	long when, early, ret;

	start();
	when = set_timers();
	ret = sys(SYS_write, go[1], (long)&when, sizeof(when), 0, 0);
	if (ret != sizeof(when))
		fail("write: %ld", ret);
	early = random() % (20 * NS_US);
	while (now() < when - early)
		;
	pt(PTRACE_SYSCALL, shm->pid, 0, NULL);
	meet_was(&shm->meet[0], see_the_end());
	AWAIT(shm->done == n);
	round_done();
}

static void run(long r, long arg)
{
	struct sched_param sp = { };
	long n;
	int i;

	rounds = r;
	/* nobody here waits in a loop for long */
	sched_setscheduler(0, SCHED_OTHER, &sp);
	shm->killed_too = true;
	pin(1);
	for (i = 0; i < TIMERS; i++) {
		timers[i] = timerfd_create(CLOCK_MONOTONIC, 0);
		if (timers[i] < 0)
			fail("timerfd_create: %d", errno);
	}
	if (pipe(go))
		fail("pipe: %d", errno);
	if (mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		 MAP_ANONYMOUS | MAP_POPULATE, -1, 0) == MAP_FAILED)
		fail("mmap: %d", errno);
	task_start(0, killer, 0, SIGCHLD);
	for (n = 1; n <= rounds; n++)
		one_round(n);
}

int main(int argc, char **argv)
{
	static const struct race races[] = {
		{ "SIGKILL against PTRACE_SYSCALL", 500, run, 0 },
		{ }
	};

	return race_main(argc, argv, races);
}
