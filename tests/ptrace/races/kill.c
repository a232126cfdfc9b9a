// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIGKILL against each kind of stop, while the tracer makes requests: the
 * tracee dies of it, and no request says anything but "done" or "gone".
 */
#include <sys/user.h>

#include "stops.h"

static long rounds;
static const struct stop_kind *kind;

/* On its own CPU: in odd rounds on the way to the stop, else at the stop */
static int killer(long arg)
{
	long n, ret;

	pin(1);
	for (n = 1; n <= rounds; n++) {
		AWAIT(shm->val[1] == n);
		jitter();
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

/* LISTEN is for EVENT_STOP stops of a group only */
static void requests(long n)
{
	struct user_regs_struct regs = { };
	unsigned long msg;
	siginfo_t info;

	request(PTRACE_GETREGS, &regs);
	if (!kind->listen)
		request(PTRACE_GETSIGINFO, &info);
	request(PTRACE_GETEVENTMSG, &msg);
	request(PTRACE_INTERRUPT, NULL);
	if (n % 3 == 0)
		request(PTRACE_CONT, NULL);
	else if (n % 3 == 1)
		request(PTRACE_SYSCALL, NULL);
	request(PTRACE_INTERRUPT, NULL);
}

/* Until nothing is left, the tracee's own children among it */
static void reap(pid_t pid, long n)
{
	int status, last = -1;
	long ret;

	AWAIT(shm->done == n);
	/* a process on its way out drops the signal, and stays in the stop */
	if (kind->ends && pid != -1)
		request(PTRACE_CONT, NULL);
	while ((ret = wait_for(-1, &status, 0)) > 0) {
		if (ret == pid)
			last = status;
		if (WIFSTOPPED(status))
			sys(SYS_kill, ret, SIGKILL, 0, 0, 0);
	}
	if (ret != -ECHILD)
		fail("wait: %ld", ret);
	shm->val[0] = last;
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

static int tracer(long arg)
{
	long n, ret;
	int status;
	pid_t pid;

	pin(0);
	for (n = 1; n <= rounds; n++) {
		pid = task_start(2, kind->body, n, SIGCHLD);
		shm->pid = pid;
		ret = pt(PTRACE_SEIZE, pid, 0, (void *)kind->options);
		if (ret)
			fail("SEIZE: %ld", ret);
		/* what exits waits for the turn, and is not killed before */
		shm->turn = n;
		if ((n & 1) && !kind->ends)
			shm->val[1] = n;
		status = reach_stop(kind, pid);
		if (status < 0)
			fail("wait: nothing to wait for");
		shm->val[1] = n;
		if (WIFSTOPPED(status)) {
			requests(n);
			reap(pid, n);
			status = shm->val[0];
		} else {
			/* dead before: only its children are left */
			reap(-1, n);
		}
		check_end(status, shm->val[0] != -1);
		round_done();
	}
	return 0;
}

static void run(long r, long arg)
{
	pid_t pid[2];
	int i, status;

	rounds = r;
	kind = &stop_kinds[arg];
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

	race_image_fn = exec_loop;
	for (i = 0; i < stop_kinds_nr; i++)
		races[i] = (struct race){ stop_kinds[i].name, run, i };
	return race_main(argc, argv, races);
}
