// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ptracer, engines, or both step a task: each must see one trap for each
 * instruction until it detaches.
 *
 * The task executes one path: a signal handler and its sigreturn, a fork and an
 * execve.  It is single-stepped or block-stepped, with uprobes at each
 * instruction of the path or without.  In each run, one of the steppers
 * detaches at one of the instructions, or none does.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define IGN	UTRACE_SIGNAL_IGN
#define AT(name)	".globl " #name "\n" #name ":\n\t"

extern char path_first[], p_begin[], p_nr[], p_pid[], p_sig[], p_kill[],
	p_killed[], p_jump[], p_fork_nr[], p_fork[], p_forked[], p_branch[],
	p_last[], p_end[], path_last[];
extern char h_entry[], h_nop[], h_stack[], h_nr[], h_return[];
extern char _start[];

void run_path(long pid);
void handler(int sig);

asm(".text\n"
	AT(path_first)
	"run_path:\n\t"
	"push %rbx\n\t"
	"mov %edi, %ebx\n"
	AT(p_begin)		"nop\n"
	AT(p_nr)		"mov $62, %eax\n"	/* kill */
	AT(p_pid)		"mov %ebx, %edi\n"
	AT(p_sig)		"mov $10, %esi\n"	/* SIGUSR1 */
	AT(p_kill)		"syscall\n"
	AT(p_killed)	"nop\n"
	AT(p_jump)		"jmp p_fork_nr\n\t"
			"nop\n"
	AT(p_fork_nr)	"mov $57, %eax\n"	/* fork */
	AT(p_fork)		"syscall\n"
	AT(p_forked)	"test %eax, %eax\n"
	AT(p_branch)	"jz kid\n"
	AT(p_last)		"nop\n"
	AT(p_end)		"pop %rbx\n\t"
	"ret\n"
	"kid:\n\t"
	"xor %edi, %edi\n\t"
	"mov $60, %eax\n\t"				/* exit */
	"syscall\n"
	"handler:\n"
	AT(h_entry)		"nop\n"
	AT(h_nop)		"nop\n"
	AT(h_stack)		"lea 8(%rsp), %rsp\n"
	AT(h_nr)		"mov $15, %eax\n"	/* rt_sigreturn */
	AT(h_return)	"syscall\n"
	AT(path_last)	"nop\n");

/*
 * Where the path traps, in this order.  no_probe: a uprobe cannot be set at a
 * system call.
 */
static const struct {
	const char *name, *ip;
	bool no_probe;
} path[] = {
	{ "begin", p_begin },
	{ "kill's number", p_nr },
	{ "pid", p_pid },
	{ "signal", p_sig },
	{ "kill", p_kill, true },
	/* reached, but not executed until the handler has returned */
	{ "killed", p_killed, true },
	{ "handler", h_entry },
	{ "handler's nop", h_nop },
	{ "handler's stack", h_stack },
	{ "sigreturn's number", h_nr },
	{ "sigreturn", h_return, true },
	{ "returned", p_killed },
	{ "jump", p_jump },
	{ "fork's number", p_fork_nr },
	{ "fork", p_fork, true },
	{ "forked", p_forked },
	{ "branch", p_branch },
	{ "last", p_last },
	{ "end", p_end },
	{ "exec", _start },
};

#define NPATH	((int)(sizeof(path) / sizeof(path[0])))
#define NEVER	NPATH

struct seen {
	const char *ip[2 * NPATH];
	int n;
};

/* Runs after the execve, before main() of the harness. */
static void __attribute__((constructor)) after_exec(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "after-exec"))
		_exit(7);
}

static int walker(void)
{
	char *argv[] = { "step_pairs", "after-exec", NULL };
	int status = -1;

	signal(SIGUSR1, handler);
	ut_step(1);
	run_path(getpid());
	wait4(-1, &status, 0, NULL);
	ut_shm->val[1] = status;
	execv("/proc/self/exe", argv);
	return 1;
}

/* The ptracer, or an engine */
struct stepper {
	bool ptrace, block;
	int leaves;		/* detaches at path[leaves] */
	int h;
	struct seen seen;
};

struct run {
	struct stepper by[2];
	int n;
	bool probes;
};

static void see(struct seen *seen, uint64_t ip)
{
	const char *p = (const char *)(uintptr_t)ip;

	if (((p >= p_begin && p <= p_end) ||
	     (p >= h_entry && p < path_last) || p == _start) &&
	    seen->n < 2 * NPATH)
		seen->ip[seen->n++] = p;
}

static const char *text(const char *ip)
{
	int i;

	for (i = 0; i < NPATH; i++)
		if (path[i].ip == ip)
			return path[i].name;
	return "elsewhere";
}

/*
 * Did @s see each instruction once, in order, until it detached?  If the task
 * was only block-stepped, instructions may be missing.
 */
static bool saw_all(struct run *run, struct stepper *s)
{
	bool exact = !s->block;
	int i, at = 0, len = s->leaves < NPATH ? s->leaves + 1 : NPATH;

	for (i = 0; i < run->n; i++)
		exact |= !run->by[i].block && run->by[i].leaves == NEVER;
	if (exact && s->seen.n != len)
		return false;
	for (i = 0; i < s->seen.n; i++, at++) {
		while (!exact && at < len && path[at].ip != s->seen.ip[i])
			at++;
		if (at >= len || path[at].ip != s->seen.ip[i])
			return false;
	}
	return true;
}

static void tell(struct run *run, struct stepper *s)
{
	int i;

	fprintf(stderr, "# %s%s of %d, leaves at %s, %suprobes; it saw",
		s->ptrace ? "ptracer" : "engine", s->block ? " by blocks" : "",
		run->n, s->leaves < NPATH ? text(path[s->leaves].ip) : "no point",
		run->probes ? "" : "no ");
	for (i = 0; i < s->seen.n; i++)
		fprintf(stderr, "%s %s", i ? "," : "", text(s->seen.ip[i]));
	fprintf(stderr, "\n");
}

static int step_of(struct stepper *s)
{
	return s->block ? UTRACE_BLOCKSTEP : UTRACE_SINGLESTEP;
}

static int start_engine(struct stepper *s, pid_t pid)
{
	int step = step_of(s);
	int last;

	s->h = ut_attach(pid, EV_SIGNALS | EV(QUIESCE) | EV(HANDLER));
	if (s->h < 0)
		return s->h;
	ut_mute(s->h, 1 << UT_QUIESCE | 1 << UT_UPROBE | 1 << UT_OPRES);
	ut_rule(s->h, UT_QUIESCE, ANSWER(step));
	ut_rule(s->h, UT_HANDLER, ANSWER(step));
	ut_rule(s->h, UT_SIGNAL, .match = SIGTRAP, ANSWER_ALL(IGN | step));
	ut_rule(s->h, UT_SIGNAL, ANSWER(step));
	if (s->leaves < NPATH - 1) {
		ut_rule(s->h, UT_UPROBE,
			.match = (uintptr_t)path[s->leaves].ip,
			OPS(OP(CONTROL, -1, UTRACE_DETACH)));
		if (ut_uprobe(s->h, path[s->leaves].ip))
			return -1;
	}
	/* do not step the new program beyond its first instruction */
	last = s->leaves == NPATH - 1 ? UTRACE_DETACH : UTRACE_RESUME;
	ut_rule(s->h, UT_UPROBE, .match = (uintptr_t)_start,
		OPS(OP(SETEVENTS, -1, 0), OP(CONTROL, -1, last)));
	return ut_uprobe(s->h, _start);
}

static int start_ptrace(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, 0, 0) ||
	    ptrace(PTRACE_INTERRUPT, pid, 0, 0) ||
	    waitpid(pid, &status, __WALL) != pid)
		return -errno;
	return 0;
}

/* Step @pid as its tracer.  Returns the wait status of its end, or -errno. */
static int trace(struct stepper *s, pid_t pid)
{
	int request = s->block ? PTRACE_SINGLEBLOCK : PTRACE_SINGLESTEP;
	int status, sig = 0, before;
	uintptr_t ip;

	for (;;) {
		if (ptrace(request, pid, 0, sig) ||
		    waitpid(pid, &status, __WALL) != pid)
			return -errno;
		if (!WIFSTOPPED(status))
			return status;
		sig = WSTOPSIG(status);
		if (sig != SIGTRAP)
			continue;
		sig = 0;
		ip = ptrace(PTRACE_PEEKUSER, pid,
			    offsetof(struct user_regs_struct, rip), 0);
		before = s->seen.n;
		see(&s->seen, ip);
		if ((char *)ip == _start)
			request = PTRACE_CONT;
		if (s->seen.n > before && before == s->leaves) {
			if (ptrace(PTRACE_DETACH, pid, 0, 0))
				return -errno;
			return ut_reap(pid);
		}
	}
}

static void collect(struct run *run)
{
	struct ut_rec *r;
	int i;

	while ((r = ut_poll()) != NULL) {
		for (i = 0; i < run->n; i++) {
			struct stepper *s = &run->by[i];

			if (s->ptrace || r->handle != s->h)
				continue;
			if (r->cb == UT_HANDLER)
				see(&s->seen, r->arg[0]);
			else if (r->cb == UT_SIGNAL && r->arg[0] == SIGTRAP)
				see(&s->seen, r->arg[7]);
		}
	}
}

static bool walk(struct run *run)
{
	struct stepper *tracer = NULL;
	bool good;
	pid_t pid;
	int i, ret = 0;

	ut_restart();
	ut_shm->val[1] = -1;
	pid = ut_child(walker);
	if (ut_wait_at(1))
		return false;
	for (i = 0; i < run->n && !ret; i++) {
		if (run->by[i].ptrace)
			tracer = &run->by[i];
		ret = run->by[i].ptrace ?
			start_ptrace(pid) : start_engine(&run->by[i], pid);
	}
	/* begin as late as possible: steps before ut_go() fill the log */
	for (i = 0; i < run->n && !ret; i++)
		if (!run->by[i].ptrace)
			ret = ut_control(run->by[i].h, step_of(&run->by[i]));
	ut_go(1);
	if (!ret)
		ret = tracer ? trace(tracer, pid) : ut_reap(pid);
	collect(run);
	good = ret == 7 << 8 && !ut_shm->val[1];
	if (!good)
		fprintf(stderr, "# result %#x, the fork's %#lx\n", ret,
			ut_shm->val[1]);
	for (i = 0; i < run->n; i++)
		good &= saw_all(run, &run->by[i]);
	for (i = 0; i < run->n && !good; i++)
		tell(run, &run->by[i]);
	return good;
}

/* Run in a new context: its uprobes are removed when it is closed. */
static bool walk_alone(struct run run)
{
	bool good = false;

	if (!ut_setup())
		good = walk(&run);
	ut_teardown();
	return good;
}

#define PTRACER	{ .ptrace = true, .leaves = NEVER }
#define PTRACER_BY_BLOCKS	{ .ptrace = true, .block = true, .leaves = NEVER }
#define ENGINE	{ .leaves = NEVER }
#define ENGINE_BY_BLOCKS	{ .block = true, .leaves = NEVER }

/*
 * One run in which none detaches, then one for each stepper and place.  On slow
 * kernels, every second place: with uprobes the others than without.
 */
static void leave_each(struct __test_metadata *_metadata, struct run run)
{
	int i, *leaves;

	EXPECT_TRUE(walk_alone(run));
	for (i = 0; i < run.n; i++) {
		leaves = &run.by[i].leaves;
		for (*leaves = 0; *leaves < NPATH; ++*leaves)
			if ((run.by[i].ptrace || !path[*leaves].no_probe) &&
			    (ut_slow == 1 || *leaves % 2 == run.probes))
				EXPECT_TRUE(walk_alone(run));
		*leaves = NEVER;
	}
}

static void walks(struct __test_metadata *_metadata, struct run run)
{
	int i, fd = ut_fd;

	leave_each(_metadata, run);
	/* set these in the test's own context, for all runs below */
	ut_fd = fd;
	for (i = 0; i < NPATH; i++)
		if (!path[i].no_probe)
			ASSERT_EQ(0, ut_uprobe(-1, path[i].ip));
	run.probes = true;
	leave_each(_metadata, run);
	ut_fd = fd;
}

#define PAIR(name, ...)							\
UT_LONG_TEST(name)							\
{									\
	static const struct stepper by[] = { __VA_ARGS__ };		\
	struct run run = { .n = sizeof(by) / sizeof(by[0]) };		\
									\
	memcpy(run.by, by, sizeof(by));					\
	walks(_metadata, run);						\
}

PAIR(ptracer, PTRACER)
PAIR(ptracer_by_blocks, PTRACER_BY_BLOCKS)
PAIR(engine, ENGINE)
PAIR(engine_by_blocks, ENGINE_BY_BLOCKS)
PAIR(engine_and_ptracer, ENGINE, PTRACER)
PAIR(ptracer_and_engine, PTRACER, ENGINE)
PAIR(engine_and_ptracer_by_blocks, ENGINE, PTRACER_BY_BLOCKS)
PAIR(ptracer_and_engine_by_blocks, PTRACER, ENGINE_BY_BLOCKS)
PAIR(two_engines, ENGINE, ENGINE)
PAIR(engine_and_one_by_blocks, ENGINE, ENGINE_BY_BLOCKS)
