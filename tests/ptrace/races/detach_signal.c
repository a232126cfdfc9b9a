// SPDX-License-Identifier: GPL-2.0-only
/*
 * Detach with a parting signal by one tracer, against the attach of a second:
 * each signal is seen once, by the tracee's handler or by the new tracer.
 *
 * Two tracers pass one tracee to and fro.  Signal n has value n; whoever
 * attaches sends n + 1, and n has to be settled when n + 1 is reported.  From a
 * signal stop the signal is another's or the one reported; from a system call's
 * it is sent anew.
 */
#include "race.h"

/* How the parting signal is given */
enum { SAME, OTHER, MIXED, CALL };

static long rounds, how;
static bool old_way;

static bool parts_with_other(long n)
{
	return how == OTHER || how == CALL || (how == MIXED && (n & 1));
}

static long seen(void)
{
	return shm->caught[RT_SIG] + shm->caught[SIGUSR2] + shm->val[0];
}

static void attach(void)
{
	int request = old_way ? PTRACE_ATTACH : PTRACE_SEIZE;
	long ret;

	/* it is the other's until that one has detached */
	do {
		ret = pt(request, shm->pid, 0, NULL);
	} while (ret == -EPERM);
	if (ret)
		fail("attach: %ld", ret);
}

/* Is this stop the parting signal of n, or n + 1? */
static bool at_next(long n)
{
	siginfo_t info;
	long ret = pt(PTRACE_GETSIGINFO, shm->pid, 0, &info);
	long value = (long)info.si_value.sival_ptr;

	if (ret)
		fail("GETSIGINFO: %ld", ret);
	if (info.si_signo == SIGUSR2 ||
	    (info.si_signo == RT_SIG && value == n)) {
		shm->val[0]++;
	} else if (info.si_signo == RT_SIG) {
		if (value != n + 1)
			fail("value %ld reported, not %ld", value, n + 1);
		return true;
	} else if (info.si_signo != SIGSTOP) {
		fail("signal %d code %d", info.si_signo, info.si_code);
	}
	ret = pt(PTRACE_CONT, shm->pid, 0, NULL);
	if (ret)
		fail("CONT: %ld", ret);
	return false;
}

static void take_over(long n)
{
	int status;
	long ret;

	attach();
	queue_value(shm->pid, RT_SIG, n + 1);
	do {
		ret = wait_for(shm->pid, &status, 0);
		if (ret != shm->pid || !WIFSTOPPED(status))
			fail("wait: %ld status %#x", ret, status);
	} while (!at_next(n));
	if (seen() != n)
		fail("signal %ld: handlers %ld and %ld, tracer %ld", n,
		     shm->caught[RT_SIG], shm->caught[SIGUSR2], shm->val[0]);
}

/* Without the signal that it was stopped by */
static void to_call(void)
{
	int status;
	long ret = pt(PTRACE_SYSCALL, shm->pid, 0, NULL);

	if (ret)
		fail("SYSCALL: %ld", ret);
	ret = wait_for(shm->pid, &status, 0);
	if (ret != shm->pid || status >> 8 != SIGTRAP)
		fail("no call: wait %ld, status %#x", ret, status);
}

static void part(long n)
{
	long sig = parts_with_other(n) ? SIGUSR2 : RT_SIG;
	long ret;

	if (how == CALL)
		to_call();
	jitter();
	ret = pt(PTRACE_DETACH, shm->pid, 0, (void *)sig);
	if (ret)
		fail("DETACH: %ld", ret);
}

/* Number 0 holds the tracee with an odd n */
static int tracer(long nr)
{
	long n;

	pin(1 << nr);
	for (n = 0; n < rounds; n++) {
		AWAIT(shm->turn == n);
		if ((n & 1) == nr) {
			take_over(n);
			round_done();
			AWAIT(shm->done == n + 1 || n + 1 == rounds);
			shm->turn = n + 1;
			if (n + 1 < rounds)
				part(n + 1);
		} else {
			/* ready to attach for the next one */
			shm->done = n + 1;
		}
	}
	return 0;
}

static void run(long r, long arg)
{
	pid_t pid[2];
	int i, status;

	rounds = r;
	how = arg & 3;
	old_way = arg & 4;
	shm->pid = task_start(0, task_beats, 0, SIGCHLD);
	for (i = 0; i < 2; i++)
		pid[i] = task_start(1 + i, tracer, i, SIGCHLD);
	for (i = 0; i < 2; i++)
		if (wait_for(pid[i], &status, 0) != pid[i] || status)
			fail("tracer %d: status %#x", i, status);
	sys(SYS_kill, shm->pid, SIGKILL, 0, 0, 0);
	wait_for(shm->pid, &status, 0);
}

int main(int argc, char **argv)
{
	static const struct race races[] = {
		{ "its signal against SEIZE", 1000, run, SAME },
		{ "its signal against ATTACH", 1000, run, SAME | 4 },
		{ "another signal against SEIZE", 1000, run, OTHER },
		{ "this or that signal against ATTACH", 1000, run, MIXED | 4 },
		{ "at a system call, against SEIZE", 1000, run, CALL },
		{ "at a system call, against ATTACH", 1000, run, CALL | 4 },
		{ }
	};

	return race_main(argc, argv, races);
}
