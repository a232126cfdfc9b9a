// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIGKILL against each kind of stop, while the tracer makes requests: the
 * tracee dies of it, and no request says anything but "done" or "gone".
 */
#include <sys/user.h>

#include "stops.h"

/* shm->meet[]: on the way to the stop, and during the requests there */
enum { ON_THE_WAY, AT_STOP };

static long rounds;
static const struct stop_kind *kind;

/* What exits waits for the turn, and is not killed before */
static int moment(long n)
{
	return (n & 1) && !kind->ends ? ON_THE_WAY : AT_STOP;
}

static int killer(long arg)
{
	long n, ret;

	pin(2);
	for (n = 1; n <= rounds; n++) {
		AWAIT(shm->val[1] == n);
		meet_wait(&shm->meet[moment(n)]);
		ret = sys(SYS_kill, shm->pid, SIGKILL, 0, 0, 0);
		if (ret)
			fail("kill: %ld", ret);
		shm->done = n;
	}
	return 0;
}

static void request(int request, const void *data)
{
	long ret = pt(request, shm->pid, 0, data);

	if (ret && ret != -ESRCH)
		fail("call %#x: %ld", request, ret);
}

static void interrupt(void)
{
	if (!kind->attach)
		request(PTRACE_INTERRUPT, NULL);
}

/*
 * LISTEN is for EVENT_STOP stops of a group only; who was attached may be in a
 * stop of its group, which has no siginfo
 */
static void requests(long n)
{
	struct user_regs_struct regs = { };
	unsigned long msg;
	siginfo_t info;

	request(PTRACE_GETREGS, &regs);
	if (!kind->listen && !kind->attach)
		request(PTRACE_GETSIGINFO, &info);
	interrupt();
	request(PTRACE_GETEVENTMSG, &msg);
	if (n & 2)
		request(PTRACE_CONT, NULL);
	else if (n & 4)
		request(PTRACE_SYSCALL, NULL);
	interrupt();
}

/* Until nothing is left, the tracee's own children among it; its last status */
static int reap(pid_t pid, int last)
{
	int status;
	long ret;

	while ((ret = wait_for(-1, &status, 0)) > 0) {
		if (ret == pid)
			last = status;
		if (WIFSTOPPED(status))
			sys(SYS_kill, ret, SIGKILL, 0, 0, 0);
	}
	if (ret != -ECHILD)
		fail("wait: %ld", ret);
	return last;
}

static void check_end(int status, bool reached)
{
	if (status == SIGKILL)
		return;
	/* its exit code was settled before that stop */
	if (kind->ends && !status)
		return;
	fail("status %#x, stop reached: %d", status, reached);
}

static pid_t start(long n)
{
	pid_t pid;

	/* it is to run beside the tracer, or the killer */
	pin(3);
	pid = task_start(2, kind->body, n, SIGCHLD);
	pin(1);
	shm->pid = pid;
	take_hold(kind, pid, kind->options);
	shm->turn = n;
	return pid;
}

static void one_round(long n)
{
	bool early = moment(n) == ON_THE_WAY, reached, late;
	pid_t pid = start(n);
	int status;

	if (early)
		shm->val[1] = n;
	status = reach_stop(kind, pid, true);
	if (status < 0)
		fail("wait: nothing to wait for");
	shm->val[1] = n;
	reached = WIFSTOPPED(status);
	if (reached)
		requests(n);
	late = early ? reached : shm->done != n;
	meet_was(&shm->meet[moment(n)], late);
	AWAIT(shm->done == n);
	/* a process on its way out drops the signal, and stays in the stop */
	if (kind->ends && reached)
		request(PTRACE_CONT, NULL);
	status = reap(pid, status);
	check_end(status, reached);
	round_done();
}

static int tracer(long arg)
{
	long n;

	for (n = 1; n <= rounds; n++)
		one_round(n);
	return 0;
}

static void run(long r, long arg)
{
	pid_t pid[2];
	int i, status;

	rounds = r;
	kind = &stop_kinds[arg];
	shm->killed_too = true;
	pid[0] = task_start(0, killer, 0, SIGCHLD);
	pid[1] = task_start(1, tracer, 0, SIGCHLD);
	for (i = 1; i >= 0; i--)
		if (wait_for(pid[i], &status, 0) != pid[i] || status)
			fail("side %d: status %#x", i, status);
}

int main(int argc, char **argv)
{
	struct race races[20] = { };
	int i;

	for (i = 0; i < stop_kinds_nr; i++)
		races[i] = (struct race){
			stop_kinds[i].name, 270 / stop_kinds[i].cost, run, i,
		};
	return race_main(argc, argv, races);
}
