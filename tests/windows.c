// SPDX-License-Identifier: GPL-2.0-only
/*
 * Races with a narrow window, in which utrace_widen.ko delays a task.  If the
 * window is not at a symbol, the task is delayed at each instruction of the
 * function in turn, since the code depends on the compiler.  Needs
 * utrace_widen.ko below $MODDIR, and two CPUs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define MAX_FUNCTION	0x140	/* offsets tried in a function */
/* From one to the next; every fifth or so where a try takes seconds */
#define STRIDE		(ut_slow > 1 ? 20 : 1)
#define PARAMS	"/sys/module/utrace_widen/parameters/"

static int load_widen(void)
{
	char path[4096] = "", cmd[4200];
	int fd, ret;
	FILE *f;

	if (!access(PARAMS, F_OK))
		return 0;
	snprintf(cmd, sizeof(cmd),
		 "find '%s/' -name utrace_widen.ko -print -quit",
		 getenv("MODDIR") ?: "build/modules/utrace");
	f = popen(cmd, "r");
	if (!f)
		return -errno;
	if (fgets(path, sizeof(path), f))
		path[strcspn(path, "\n")] = 0;
	pclose(f);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return ret;
}

static void unload_widen(void)
{
	syscall(SYS_delete_module, "utrace_widen", 0);
}

/*
 * Delay @pid at @symbol + @offset.  -EILSEQ: not the start of an instruction;
 * -EINVAL, -ENOENT: no such address.
 */
static int widen(const char *symbol, int offset, pid_t pid, int ms)
{
	char buf[128];
	int ret = load_widen();

	if (ret)
		return ret;
	snprintf(buf, sizeof(buf), "%s %d %d 1 %d", symbol, offset, pid,
		 ms * (ut_slow > 1 ? 3 : 1));
	return ut_write_str(PARAMS "probe", buf);
}

#define WIDEN(symbol, pid)						\
	ASSERT_EQ(0, widen(symbol, 0, pid, 300)) {			\
		TH_LOG("no probe at " symbol);				\
	}

static bool reached(void)
{
	long n = 0;

	ut_read_int(PARAMS "reached", &n);
	return n;
}

static int wait_reached(void)
{
	long start = 0;

	while (!reached())
		if (ut_expired(&start))
			return -ETIMEDOUT;
	return 0;
}

static void go_on(void)
{
	ut_write_str(PARAMS "open", "1");
}

/* Stop in a callback ------------------------------------------------------ */

static int calls(void)
{
	ut_pin(1);
	ut_step(1);
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_shm->flag[1] = 1;
	return 7;
}

/*
 * The callback of engine h has requested a stop and has returned.  A RESUME
 * after utrace_barrier() must not be lost:
 *
 *	task				test
 *
 *	callback returns STOP
 *	(delayed at a lock)		utrace_barrier(h)
 *					utrace_control(h, RESUME)
 *	stops?
 */
static void resume_after_barrier(struct __test_metadata *_metadata, int ops,
				 int others)
{
	struct ut_call c = { .ops = ops };
	struct ut_rec *r;
	pid_t pid;
	int h, n;

	ut_restart();
	ut_shm->flag[1] = 0;
	pid = ut_child(calls);
	ASSERT_EQ(0, ut_wait_at(1));
	c.pid = pid;
	c.flags = UTRACE_ATTACH_CREATE;
	c.a = EV(SYSCALL_ENTRY);
	h = ut_attach_call(&c);
	ASSERT_LE(0, h);
	while (others--)
		ATTACH(n, pid, 0);
	ut_rule(h, UT_SYSCALL_ENTRY, NTH(1), ANSWER(UTRACE_STOP),
		OPS(OP(BLOCK, 1)));
	ut_gate(1, false);
	ut_go(1);
	WAIT(h, UT_SYSCALL_ENTRY);
	ASSERT_EQ(0, ut_wait_state(pid, 'I'));
	WIDEN("_raw_spin_lock_irq", pid);
	ut_gate(1, true);
	ASSERT_EQ(0, wait_reached());
	EXPECT_EQ(0, ut_barrier(h));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	go_on();
	EXPECT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1)) {
		TH_LOG("RESUME was lost: state %c, ops %d", ut_state(pid), ops);
	}
	kill(pid, SIGKILL);
	ut_reap(pid);
	unload_widen();
}

UT_TEST(resume_after_barrier_alone)
{
	if (!ut_two_processors())
		SKIP(return, "one processor");
	resume_after_barrier(_metadata, UT_OPS_A, 0);
}

UT_TEST(resume_after_barrier_stopped)
{
	if (!ut_two_processors())
		SKIP(return, "one processor");
	resume_after_barrier(_metadata, UT_OPS_STOPPED, 0);
}

UT_TEST(resume_after_barrier_others)
{
	if (!ut_two_processors())
		SKIP(return, "one processor");
	resume_after_barrier(_metadata, UT_OPS_A, 2);
}

#define FORKED	(ut_shm->flag[3])

/* Another tracer seizes the child during a fork ---------------------------- */

static int creator(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	ut_pin(1);
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	if (!fork())
		_exit(3);
	for (;;)
		pause();
	return 0;
}

static int first_tracer(void)
{
	int status;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pid = ut_child(creator);
	waitpid(pid, &status, __WALL);
	ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEFORK);
	ut_shm->val[0] = pid;
	ut_step(1);
	ptrace(PTRACE_CONT, pid, 0, 0);
	/* PTRACE_EVENT_FORK: the child exists */
	while (waitpid(pid, &status, __WALL) != pid)
		;
	FORKED = 1;
	for (;;)
		pause();
	return 0;
}

static pid_t child_of(pid_t pid)
{
	char path[64];
	long child = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	ut_read_int(path, &child);
	return child;
}

/*
 * A traced fork; at ptrace_engine_commit() + @offset, kill the tracer and seize
 * the child.  Returns the child's stop at its exit; @held: was the offset
 * reached?
 */
static int seize_at(int offset, bool *held)
{
	pid_t tracer, parent, child = 0;
	int status = 0, ret;
	long start = 0;

	ut_restart();
	FORKED = 0;
	tracer = ut_child(first_tracer);
	if (ut_wait_at(1))
		return -ETIMEDOUT;
	parent = ut_shm->val[0];
	ret = widen("ptrace_engine_commit", offset, parent, 100);
	if (!ret) {
		ut_go(1);
		/* the fork may complete without reaching the offset */
		while (!reached() && !FORKED)
			if (ut_expired(&start))
				break;
		*held = reached();
		child = child_of(parent);
	}
	kill(tracer, SIGKILL);
	ut_reap(tracer);
	if (!ret && *held) {
		ret = ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_TRACEEXIT) ?
			-errno : 0;
		go_on();
		while (!ret && waitpid(child, &status, __WALL) == child &&
		       WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP)
			ptrace(PTRACE_CONT, child, 0, 0);
		ret = ret ?: status >> 8;
		ptrace(PTRACE_CONT, child, 0, 0);
	}
	/* the exit of the first tracer may leave the child stopped */
	if (child > 0)
		kill(child, SIGKILL);
	kill(parent, SIGKILL);
	while (waitpid(-1, NULL, __WALL) > 0)
		;
	return ret;
}

/* The options of the second tracer must replace the inherited ones. */
UT_LONG_TEST(seize_during_fork)
{
	int offset, next, ret, tried = 0;

	if (!ut_two_processors())
		SKIP(return, "one processor");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (offset = 0; offset < MAX_FUNCTION; offset = next) {
		bool held = false;

		next = offset + 1;
		ret = widen("ptrace_engine_commit", offset, 0, 100);
		if (ret == -EILSEQ)
			continue;
		if (ret)
			break;		/* beyond the end of the function */
		next = offset + STRIDE;
		ret = seize_at(offset, &held);
		if (!held)
			continue;
		tried++;
		EXPECT_EQ(SIGTRAP | PTRACE_EVENT_EXIT << 8, ret) {
			TH_LOG("held at ptrace_engine_commit+%#x", offset);
		}
	}
	EXPECT_LT(ut_slow > 1 ? 2 : 10, tried);
	unload_widen();
}

/* TRACEME while a tracer exits --------------------------------------------- */

static int traceme(void)
{
	ut_pin(0);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	ut_step(1);
	ut_shm->val[1] = ptrace(PTRACE_TRACEME, 0, 0, 0) ? -errno : 0;
	ut_shm->flag[2] = 1;
	for (;;)
		pause();
	return 0;
}

static int leaving_tracer(void)
{
	ut_pin(1);
	ut_shm->val[2] = ptrace(PTRACE_SEIZE, ut_shm->val[0], 0, 0);
	ut_shm->flag[1] = 1;
	while (!ut_shm->flag[0])
		;
	return 0;
}

/* PTRACE_TRACEME sleeps until the old tracer's engine is detached. */
UT_TEST(traceme_sleeps)
{
	pid_t tracee, tracer;
	bool slept = false;
	char state;

	if (!ut_two_processors())
		SKIP(return, "one processor");
	tracee = ut_child(traceme);
	ASSERT_EQ(0, ut_wait_at(1));
	ut_shm->val[0] = tracee;
	tracer = ut_child(leaving_tracer);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[1], 1));
	ASSERT_EQ(0, ut_shm->val[2]);
	WIDEN("utrace_control", tracer);
	ut_shm->flag[0] = 1;
	ASSERT_EQ(0, wait_reached());
	ut_go(1);
	/* the delay ends by itself, so this loop ends */
	while (!ut_shm->flag[2] && !slept) {
		state = ut_state(tracee);
		slept = state == 'D';
		sched_yield();
	}
	go_on();
	EXPECT_TRUE(slept);
	ASSERT_EQ(0, ut_wait_val(&ut_shm->flag[2], 1));
	EXPECT_EQ(0, ut_shm->val[1]);
	EXPECT_EQ(0, ut_reap(tracer));
	kill(tracee, SIGKILL);
	unload_widen();
}

/* A report while an engine is unlinked ------------------------------------- */

static int busy(void)
{
	ut_pin(1);
	ut_step(1);
	while (!ut_shm->flag[0])
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	return 7;
}

/* An engine that is unlinked during a report is released. */
UT_LONG_TEST(walk_during_detach)
{
	int offset, next, ret, h[2], i, tried = 0;
	pid_t pid;

	if (!ut_two_processors())
		SKIP(return, "one processor");
	pid = ut_child(busy);
	ASSERT_EQ(0, ut_wait_at(1));
	ut_go(1);
	for (offset = 0; offset < MAX_FUNCTION; offset = next) {
		next = offset + 1;
		ret = widen("utrace_unlink_engine", offset, getpid(), 10);
		if (ret == -EILSEQ)
			continue;
		if (ret)
			break;
		next = offset + STRIDE;
		tried++;
		/*
		 * h[1] is called for entries, which are reported newest first.
		 * With two engines, the path for a single one is not taken.
		 */
		for (i = 0; i < 2; i++) {
			ATTACH(h[i], pid, 0);
			ut_mute(h[i], ~0ul);
			ut_events(h[i], i ? EV(SYSCALL_ENTRY) : 0);
		}
		for (i = 0; i < 2; i++) {
			ret = ut_control(h[i], UTRACE_DETACH);
			EXPECT_TRUE(!ret || ret == -EINPROGRESS);
			if (!i)
				EXPECT_LE(0, ut_barrier(h[i]) + ESRCH);
			ut_put(h[i]);
			EXPECT_EQ(0, ut_released(1 - i)) {
				TH_LOG("held at utrace_unlink_engine+%#x", offset);
			}
		}
	}
	unload_widen();
	ut_shm->flag[0] = 1;
	EXPECT_EQ(7 << 8, ut_reap(pid));
	if (!tried)
		SKIP(return, "no function utrace_unlink_engine");
}
