// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracer's death against each kind of stop: the tracee goes on, what it
 * forked goes on, too, or it dies as EXITKILL says.  It never stays stuck.
 *
 * The stops of fork, vfork and clone are the race of the fork event against the
 * death: the tracee's turn is over only when its child has run.
 */
#include "stops.h"

#define EXITKILL	32	/* in the argument of a race */

static const struct stop_kind *kind;
static bool exitkill;

/* In odd rounds it exits by itself, in even ones it is killed on its way */
static int tracer(long n)
{
	long options = kind->options | (exitkill ? PTRACE_O_EXITKILL : 0);
	long ret;

	pin(1);
	ret = pt(PTRACE_SEIZE, shm->pid, 0, (void *)options);
	if (ret)
		fail("SEIZE: %ld", ret);
	shm->turn = n;
	for (;;) {
		int status = reach_stop(kind, shm->pid);

		if (status < 0 || !WIFSTOPPED(status))
			return 0;
		jitter();
		if (n & 1)
			return 0;
		pt(PTRACE_CONT, shm->pid, 0, NULL);
	}
}

static void start(long n)
{
	/* what exits does so in its own turn */
	shm->pid = task_start(2, kind->body, n, SIGCHLD);
}

static void end_tracer(pid_t pid, long n)
{
	int status;

	AWAIT(shm->turn == n);
	if (!(n & 1)) {
		jitter();
		sys(SYS_kill, pid, SIGKILL, 0, 0, 0);
	}
	if (wait_for(pid, &status, 0) != pid)
		fail("the tracer is not there");
	if (status && status != SIGKILL)
		fail("the tracer: status %#x", status);
}

/* Two turns of its loop: the first may have been half done */
static void check_goes_on(void)
{
	long end = shm->beats + 2;

	while (shm->beats < end) {
		int status;
		long ret = wait_for(shm->pid, &status, WNOHANG | WUNTRACED);

		if (ret == shm->pid && WIFSTOPPED(status) && kind->stops_itself)
			sys(SYS_kill, shm->pid, SIGCONT, 0, 0, 0);
		else if (ret)
			fail("the tracee: wait %ld, status %#x", ret, status);
		relax();
	}
}

static void check_end(void)
{
	int status;
	long ret = wait_for(shm->pid, &status, 0);
	bool good = exitkill && status == SIGKILL;

	if (kind->ends && !status)
		good = true;
	if (ret != shm->pid || !good)
		fail("the tracee's end: wait %ld, status %#x", ret, status);
}

static void run(long rounds, long arg)
{
	bool once;
	int status;
	long n;

	exitkill = arg & EXITKILL;
	kind = &stop_kinds[arg & ~EXITKILL];
	once = exitkill || kind->ends;
	pin(0);
	if (!once)
		start(0);
	for (n = 1; n <= rounds; n++) {
		if (once)
			start(n);
		end_tracer(task_start(1, tracer, n, SIGCHLD), n);
		if (once) {
			check_end();
		} else {
			pid_t tracer = tracer_of(shm->pid);

			if (tracer)
				fail("still traced by %d", tracer);
			check_goes_on();
		}
		round_done();
	}
	if (!once) {
		sys(SYS_kill, shm->pid, SIGKILL, 0, 0, 0);
		wait_for(shm->pid, &status, 0);
	}
}

int main(int argc, char **argv)
{
	static char names[2][20][40];
	struct race races[40] = { };
	int i, n = stop_kinds_nr;

	race_image_fn = exec_loop;
	for (i = 0; i < n; i++) {
		const char *name = stop_kinds[i].name;

		snprintf(names[0][i], sizeof(names[0][i]), "%s, goes on", name);
		snprintf(names[1][i], sizeof(names[1][i]), "%s, EXITKILL",
			 name);
		races[i] = (struct race){ names[0][i], run, i };
		races[n + i] = (struct race){ names[1][i], run, i | EXITKILL };
	}
	return race_main(argc, argv, races);
}
