// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaks: count the objects in the caches of utrace and ptrace after many traced
 * processes, which end in different ways.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define PROCESSES	2000	/* tests/stress.sh: 50,000 */

static void traceme(void)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(1);
	raise(SIGSTOP);
}

static bool stops(pid_t pid)
{
	int status;

	return waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status);
}

static bool ends(pid_t pid, int want)
{
	int status;

	return waitpid(pid, &status, __WALL) == pid && status == want;
}

/* Trace to the end, through syscall stops. */
static bool run_to_end(pid_t pid)
{
	int status;

	if (!stops(pid))
		return false;
	do {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) ||
		    waitpid(pid, &status, __WALL) != pid)
			return false;
	} while (WIFSTOPPED(status));
	return !status;
}

static bool kill_stopped(pid_t pid)
{
	return stops(pid) && !kill(pid, SIGKILL) && ends(pid, SIGKILL);
}

static bool detach(pid_t pid)
{
	return stops(pid) && !ptrace(PTRACE_DETACH, pid, NULL, NULL) &&
		ends(pid, 0);
}

/* PTRACE_O_TRACEFORK; kill the tracee and its child. */
static bool follow_fork(pid_t pid)
{
	unsigned long child;
	int status;

	return stops(pid) &&
		!ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACEFORK) &&
		!ptrace(PTRACE_CONT, pid, NULL, NULL) && stops(pid) &&
		!ptrace(PTRACE_GETEVENTMSG, pid, NULL, &child) &&
		stops(child) && !kill(pid, SIGKILL) && !kill(child, SIGKILL) &&
		ends(pid, SIGKILL) &&
		waitpid(child, &status, __WALL) == (pid_t)child;
}

static void fork_and_pause(void)
{
	traceme();
	fork();
	pause();
}

static void pause_for_ever(void)
{
	for (;;)
		pause();
}

static bool seize_interrupt_detach(pid_t pid)
{
	return !ptrace(PTRACE_SEIZE, pid, NULL, NULL) &&
		!ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) && stops(pid) &&
		!ptrace(PTRACE_DETACH, pid, NULL, NULL) &&
		!kill(pid, SIGTERM) && ends(pid, SIGTERM);
}

static bool attach_kill(pid_t pid)
{
	return !ptrace(PTRACE_ATTACH, pid, NULL, NULL) && stops(pid) &&
		!kill(pid, SIGKILL) && ends(pid, SIGKILL);
}

/* The tracer exits, and PTRACE_O_EXITKILL kills its tracee. */
static void trace_and_end(void)
{
	pid_t pid = fork();

	if (!pid)
		pause_for_ever();
	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_EXITKILL) ||
	    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) || !stops(pid))
		_exit(1);
}

static bool just_end(pid_t pid)
{
	return ends(pid, 0);
}

static const struct {
	const char *name;
	void (*child)(void);
	bool (*tracer)(pid_t pid);
	int processes;
} ways[] = {
	{ "runs to its end", traceme, run_to_end, 1 },
	{ "killed in a stop", traceme, kill_stopped, 1 },
	{ "detached", traceme, detach, 1 },
	{ "fork followed", fork_and_pause, follow_fork, 2 },
	{ "seized, interrupted, detached", pause_for_ever, seize_interrupt_detach, 1 },
	{ "attached, killed", pause_for_ever, attach_kill, 1 },
	{ "tracer ends", trace_and_end, just_end, 1 },
};

static int trace_one(int way)
{
	pid_t pid = fork();

	if (!pid) {
		ways[way].child();
		_exit(0);
	}
	if (pid > 0 && ways[way].tracer(pid))
		return ways[way].processes;
	printf("# process %d: %s: failed\n", pid, ways[way].name);
	return 0;
}

/* A process without engines must not allocate any object. */
UT_TEST(untraced_processes)
{
	char *argv[] = { "true", NULL };
	int n, status;
	long before;

	if (ut_objects() < 0)
		SKIP(return, "no slab caches are shown");
	/*
	 * Wait until objects of earlier tests are freed.  The count may remain
	 * above 0: a process that once had an engine keeps its struct utrace.
	 */
	before = ut_steady_objects();
	for (n = 0; n < 50; n++) {
		pid_t pid = fork();

		if (!pid) {
			raise(SIGCHLD);
			execv("/bin/true", argv);
			_exit(1);
		}
		EXPECT_EQ(before, ut_objects());
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_EQ(0, status);
		EXPECT_EQ(before, ut_objects());
	}
}

UT_LONG_TEST(traced_processes)
{
	int processes = ut_rounds(PROCESSES), n = 0, way = 0, did;
	long before, after;

	before = ut_objects();
	if (before < 0)
		SKIP(return, "no slab caches are shown");
	while (n < processes) {
		did = trace_one(way++ % ARRAY_SIZE(ways));
		ASSERT_LT(0, did);
		n += did;
	}
	after = ut_settled_objects(before);
	EXPECT_GE(before, after);
}
