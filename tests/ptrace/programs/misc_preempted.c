// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tracee that wakes its tracer, which runs on the same CPU with a higher
 * priority, must not be preempted before it sleeps in its stop.  Otherwise
 * wait_task_inactive() in the tracer finds the tracee on the run queue, and
 * sleeps for a tick.
 */
#include "rig.h"

#define STOPS	200

static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void calls(void *arg)
{
	for (;;)
		syscall(SYS_getppid);
}

static void spins(void *arg)
{
	for (;;)
		;
}

static void signals(void *arg)
{
	for (;;)
		raise(*(int *)arg);
}

static void vforks(void *arg)
{
	for (;;) {
		pid_t pid = vfork();

		if (!pid)
			_exit(0);
		while (waitpid(pid, NULL, 0) != pid)
			;
	}
}

/* Returns how often the stopped task has been preempted. */
static long preempted(pid_t pid)
{
	char path[64], line[128];
	long n = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "nonvoluntary_ctxt_switches: %ld", &n) == 1)
			break;
	fclose(f);
	return n;
}

/* Continue to the next stop; after SIGSTOP, to the group stop. */
static void next_stop(pid_t pid, int request)
{
	int status = 0;

	if (request == PTRACE_INTERRUPT) {
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		quiet_pt(PTRACE_INTERRUPT, pid, 0, 0);
	} else {
		quiet_pt(request, pid, 0, 0);
	}
	waitpid(pid, &status, __WALL);
	if (WIFSTOPPED(status) && status >> 8 == SIGSTOP) {
		quiet_pt(PTRACE_CONT, pid, 0, SIGSTOP);
		waitpid(pid, &status, __WALL);
	}
	if (!WIFSTOPPED(status))
		out("  no stop: %#x", status);
}

static void look(const char *what, void (*fn)(void *arg), void *arg,
		 int request, long options)
{
	pid_t pid = spawn_seized("tracee", fn, arg, options);
	long n;
	int i;

	quiet_pt(PTRACE_INTERRUPT, pid, 0, 0);
	waitpid(pid, NULL, __WALL);
	n = preempted(pid);
	for (i = 0; i < STOPS; i++)
		next_stop(pid, request);
	n = preempted(pid) - n;
	/* other tasks on this CPU may preempt the tracee as well */
	if (n < STOPS / 2)
		out("%s: preempted in few of the stops", what);
	else
		out("%s: preempted %ld times in %d stops", what, n, STOPS);
	finish(pid);
}

int main(void)
{
	struct sched_param sp = { .sched_priority = 1 };
	int usr1 = SIGUSR1, stop = SIGSTOP;

	pin();
	/* the tracee is SCHED_OTHER */
	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &sp);
	look("system call", calls, NULL, PTRACE_SYSCALL, 0);
	look("single step", spins, NULL, PTRACE_SINGLESTEP, 0);
	look("signal", signals, &usr1, PTRACE_CONT, 0);
	look("group stop", signals, &stop, PTRACE_CONT, 0);
	look("vfork done", vforks, NULL, PTRACE_CONT, PTRACE_O_TRACEVFORKDONE);
	look("interrupt", spins, NULL, PTRACE_INTERRUPT, 0);
	return 0;
}
