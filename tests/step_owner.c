// SPDX-License-Identifier: GPL-2.0-only
/*
 * The step that an engine requested continues after a ptracer has attached and
 * detached, in any ptrace stop, by PTRACE_DETACH or by its exit.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define IGN	UTRACE_SIGNAL_IGN
#define ENDS	(-1)		/* for parting: exit without PTRACE_DETACH */

/* The stop in which the ptracer detaches */
struct leave {
	const char *name;
	int request;		/* resumes the tracee until the stop */
	bool (*there)(int status);	/* is the tracee in the stop? */
	int sig;		/* sent to the tracee */
};

static struct leave leave;
static pid_t tracee;
static int parting;

static void on_signal(int sig)
{
}

static int stepped(void)
{
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	ut_step(1);
	while (ut_shm->go < 2)
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	return 7;
}

static bool at_interrupt(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP;
}

/*
 * Only the entry: at the exit the engine's trap is pending, and its report
 * requests the next step in any case.
 */
static bool at_syscall(int status)
{
	struct __ptrace_syscall_info info = { 0 };

	return status >> 8 == (SIGTRAP | 0x80) &&
		ptrace(PTRACE_GET_SYSCALL_INFO, tracee, sizeof(info), &info) > 0 &&
		info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

static bool at_trap(int status)
{
	return status >> 8 == SIGTRAP;
}

static bool at_signal(int status)
{
	return status >> 8 == SIGUSR2;
}

static const struct leave leaves[] = {
	{ "interrupt", PTRACE_CONT, at_interrupt },
	{ "system call", PTRACE_SYSCALL, at_syscall },
	{ "trap", PTRACE_CONT, at_trap },
	{ "signal", PTRACE_CONT, at_signal, .sig = SIGUSR2 },
	{ "trap of its own step", PTRACE_SINGLESTEP, at_trap },
	{ "block step", PTRACE_SINGLEBLOCK, at_trap },
	{ "signal while it steps", PTRACE_SINGLESTEP, at_signal,
	  .sig = SIGUSR2 },
};

/* Exits with 0 after it has reached the stop and detached. */
static int tracer(void)
{
	int status, n;

	if (ptrace(PTRACE_SEIZE, tracee, 0, PTRACE_O_TRACESYSGOOD) ||
	    ptrace(PTRACE_INTERRUPT, tracee, 0, 0))
		return 1;
	if (leave.sig)
		kill(tracee, leave.sig);
	for (n = 0; ; n++) {
		if (waitpid(tracee, &status, __WALL) != tracee ||
		    !WIFSTOPPED(status))
			return 2;
		/* if the tracer steps, detach after some steps */
		if (leave.there(status) &&
		    (n > 3 || leave.request == PTRACE_CONT || leave.sig))
			break;
		/* an earlier trap stop has consumed the interrupt: repeat it */
		if (leave.there == at_interrupt &&
		    ptrace(PTRACE_INTERRUPT, tracee, 0, 0))
			return 5;
		if (ptrace(leave.request, tracee, 0, 0))
			return 3;
	}
	if (parting == ENDS)
		return 0;
	return ptrace(PTRACE_DETACH, tracee, 0, parting) ? 4 : 0;
}

static bool count_grows(int h, int by)
{
	int from = ut_count(h, UT_SIGNAL);
	long start = 0;

	while (ut_count(h, UT_SIGNAL) < from + by)
		if (ut_expired(&start))
			return false;
	return true;
}

static bool ok_or_running(int ret)
{
	return ret == 0 || ret == -EINPROGRESS_;
}

static void leave_by(struct __test_metadata *_metadata, int sig, int step)
{
	struct ut_rec *r;
	pid_t pid;
	size_t i;
	int h;

	for (i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		ut_restart();
		leave = leaves[i];
		parting = sig;
		tracee = ut_child(stepped);
		ASSERT_EQ(0, ut_wait_at(1));
		ATTACH(h, tracee, EV_SIGNALS | EV(QUIESCE));
		ut_rule(h, UT_QUIESCE, .match = 0, ANSWER(step));
		ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
			ANSWER_ALL(IGN | step));
		ut_rule(h, UT_SIGNAL, ANSWER(step));
		ASSERT_EQ(0, ut_control(h, step));
		WAIT_ARG(h, UT_SIGNAL, SIGTRAP);
		/* from here on, only report_signal requests the step */
		ut_mute(h, ~0UL);
		ASSERT_LE(-EINPROGRESS_, ut_events(h, EV_SIGNALS));
		ut_go(1);
		pid = ut_child(tracer);
		EXPECT_EQ(0, ut_reap(pid)) {
			TH_LOG("%s", leave.name);
		}
		EXPECT_TRUE(count_grows(h, 50)) {
			TH_LOG("%s: the step is lost", leave.name);
		}
		/* DETACH must drop a pending trap: SIGTRAP would be fatal */
		EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
		ut_go(2);
		EXPECT_EQ(7 << 8, ut_reap(tracee)) {
			TH_LOG("%s", leave.name);
		}
		ut_put(h);
	}
}

UT_LONG_TEST(detach)
{
	leave_by(_metadata, 0, UTRACE_SINGLESTEP);
}

UT_LONG_TEST(detach_with_signal)
{
	leave_by(_metadata, SIGUSR1, UTRACE_SINGLESTEP);
}

UT_LONG_TEST(end_of_tracer)
{
	leave_by(_metadata, ENDS, UTRACE_SINGLESTEP);
}

UT_LONG_TEST(detach_from_block_step)
{
	leave_by(_metadata, 0, UTRACE_BLOCKSTEP);
}

/* After the engine has detached as well, the task is not stepped any more. */
UT_TEST(both_leave)
{
	struct ut_rec *r;
	int h;

	leave = leaves[4];
	parting = 0;
	tracee = ut_child(stepped);
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, tracee, EV_SIGNALS | EV(QUIESCE));
	ut_rule(h, UT_QUIESCE, .match = 0, ANSWER(UTRACE_SINGLESTEP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP,
		ANSWER_ALL(IGN | UTRACE_SINGLESTEP));
	ASSERT_EQ(0, ut_control(h, UTRACE_SINGLESTEP));
	WAIT_ARG(h, UT_SIGNAL, SIGTRAP);
	ut_mute(h, ~0UL);
	ut_go(1);
	EXPECT_EQ(0, ut_reap(ut_child(tracer)));
	EXPECT_TRUE(count_grows(h, 50));
	EXPECT_TRUE(ok_or_running(ut_control(h, UTRACE_DETACH)));
	ut_go(2);
	EXPECT_EQ(7 << 8, ut_reap(tracee));
}

static int in_vfork(void)
{
	if (!vfork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* a parent that is dead by now does not send the signal */
		ut_shm->at = 1;
		for (;;)
			pause();
	}
	return 7;
}

static volatile sig_atomic_t traps;

static void on_trap(int sig)
{
	traps++;
}

/* A step of a task that dies before it is armed must not step its reaper. */
UT_TEST(reaper_does_not_step)
{
	pid_t pid = ut_child(in_vfork);
	struct ut_rec *r;
	int h;

	signal(SIGTRAP, on_trap);
	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, ut_wait_state(pid, 'D'));
	ATTACH(h, pid, EV(QUIESCE) | EV(REAP));
	ASSERT_EQ(0, ut_control(h, UTRACE_SINGLESTEP));
	/* no report in the dying task; report_reap runs in the reaper */
	ASSERT_EQ(0, ut_events(h, EV(REAP)));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(SIGKILL, ut_reap(pid));
	WAIT(h, UT_REAP);
	EXPECT_EQ(0, traps);
}
