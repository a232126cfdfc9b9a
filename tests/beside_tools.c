// SPDX-License-Identifier: GPL-2.0-only
/*
 * gdb and strace on a task with an engine that watches or stops at each event:
 * they must print the same as without the engine, whether it was attached
 * before or after the tool.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "beside/beside.h"

#define OUTPUT		65536

static char alone[OUTPUT], with[OUTPUT];
static char path[64];

static __attribute__((noinline)) int visit(int n)
{
	asm volatile("" : "+r" (n));
	return n + 1;
}

/* gdb sets ->go to 1 after it has attached, so it is attached at step 2. */
static int works(void)
{
	int i;

	signal(SIGUSR1, SIG_IGN);
	ut_step(1);
	ut_step(2);
	for (i = 0; i < 3; i++) {
		ut_shm->flag[i] = visit(i);
		ut_syscall(__NR_umask, 0700 + i, 0, 0, 0, 0, 0);
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
		ut_syscall(__NR_write, -1, 0, 0, 0, 0, 0);
	}
	ut_syscall(__NR_kill, getpid(), SIGUSR1, 0, 0, 0, 0);
	return 7;
}

/* Replace each occurrence of @word by '#'. */
static void mask(char *text, const char *word)
{
	size_t len = strlen(word);
	char *p = text;

	while ((p = strstr(p, word))) {
		if ((p > text && isalnum(p[-1])) || isalnum(p[len])) {
			p++;
			continue;
		}
		*p = '#';
		memmove(p + 1, p + len, strlen(p + len) + 1);
	}
}

/* Read the tool's output from the text @from on, and mask the pid. */
static int output_of(pid_t pid, const char *from, char *text)
{
	char number[16], *p;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	n = read(fd, text, OUTPUT - 1);
	close(fd);
	text[n < 0 ? 0 : n] = 0;
	p = strstr(text, from);
	if (!p)
		return -1;
	memmove(text, p, strlen(p) + 1);
	snprintf(number, sizeof(number), "%d", pid);
	mask(text, number);
	return 0;
}

static bool output_has(const char *what)
{
	char *text = malloc(OUTPUT);
	bool ret = !output_of(0, what, text);

	free(text);
	return ret;
}

static int h, stops;			/* the engine; its stops */

/* Resume the task if the engine has stopped it. */
static void release(void)
{
	struct ut_rec *r;

	while ((r = ut_poll()))
		stops += (r->answer & UTRACE_RESUME_MASK) == UTRACE_STOP &&
			r->cb != UT_OPRES && r->cb != UT_RELEASE;
	if (h >= 0 && !ut_prepare(h))
		ut_control(h, UTRACE_RESUME);
	usleep(500);
}

static int release_until_end(pid_t tool)
{
	int status;

	while (!waitpid(tool, &status, WNOHANG))
		release();
	return status;
}

/* Attach an engine that stops the task where gdb and strace stop it. */
static void stopping_engine(pid_t pid)
{
	h = ut_attach(pid, EV_SYSCALLS | EV(SIGNAL_CORE) | EV(SIGNAL_IGN));

	ut_rule(h, UT_SYSCALL_ENTRY, ANSWER(UTRACE_STOP));
	ut_rule(h, UT_SYSCALL_EXIT, ANSWER(UTRACE_STOP));
	ut_rule(h, UT_SIGNAL, .match = SIGTRAP, .kind_mask = UTRACE_SIGNAL_MASK,
		.kind = UTRACE_SIGNAL_CORE, ANSWER(UTRACE_STOP));
	ut_rule(h, UT_SIGNAL, .match = SIGUSR1, .kind_mask = UTRACE_SIGNAL_MASK,
		.kind = UTRACE_SIGNAL_IGN, ANSWER(UTRACE_STOP));
}

enum engine { NONE, WATCHES, STOPS };

struct way {
	enum engine engine;
	enum bs_order order;		/* BS_ALONE: no engine */
};

static void engine_at(enum bs_order order, const struct way *way, pid_t pid)
{
	if (order != way->order)
		return;
	if (way->engine == WATCHES) {
		h = ut_attach(pid, BS_ALL & ~EV(TRAP));
		ut_mute(h, ~0UL);
	} else {
		stopping_engine(pid);
	}
}

static pid_t start(char *const argv[], const char *out)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, 1);
	dup2(fd, 2);
	execvp(argv[0], argv);
	_exit(127);
}

/* Run a child under gdb to its end.  Returns the child's wait status. */
static int under_gdb(const struct way *way, char *text)
{
	char number[16];
	char *argv[] = {
		"gdb", "-nx", "-batch", "-p", number,
		"-ex", "break visit", "-ex", "set var ut_shm->go = 1",
		"-ex", "echo marker\\n", "-ex", "continue",
		"-ex", "backtrace 2", "-ex", "print $sp", "-ex", "stepi",
		"-ex", "stepi", "-ex", "finish", "-ex", "continue",
		"-ex", "print n", "-ex", "delete", "-ex", "catch syscall umask",
		"-ex", "continue", "-ex", "continue", "-ex", "print $rax",
		"-ex", "delete", "-ex", "continue", "-ex", "continue", NULL
	};
	pid_t pid, tool;
	long begin = 0;

	ut_restart();
	pid = ut_child(works);
	if (ut_wait_at(1))
		return -1;
	snprintf(number, sizeof(number), "%d", pid);
	engine_at(BS_BEFORE, way, pid);
	tool = start(argv, path);
	while (ut_shm->at < 2) {
		if (ut_expired(&begin))
			return -4;
		release();
	}
	engine_at(BS_AFTER, way, pid);
	ut_go(2);
	if (release_until_end(tool))
		return -2;
	if (output_of(pid, "marker", text))
		return -3;
	return ut_reap(pid);
}

static int under_strace(const struct way *way, char *text)
{
	char number[16], said[72];
	char *argv[] = { "strace", "-o", path, "-p", number, NULL };
	long begin = 0;
	pid_t pid, tool;

	ut_restart();
	unlink(path);
	pid = ut_child(works);
	if (ut_wait_at(1))
		return -1;
	snprintf(number, sizeof(number), "%d", pid);
	snprintf(said, sizeof(said), "%s.err", path);
	engine_at(BS_BEFORE, way, pid);
	tool = start(argv, said);
	/* strace reports a signal: from here on it traces system calls */
	while (!ut_status(pid, "TracerPid") || !atoi(ut_status(pid, "TracerPid")))
		if (ut_expired(&begin))
			return -2;
	kill(pid, SIGUSR1);
	while (!output_has("SIGUSR1")) {
		if (ut_expired(&begin))
			return -3;
		release();
	}
	engine_at(BS_AFTER, way, pid);
	ut_go(2);
	if (release_until_end(tool))
		return -4;
	unlink(said);
	if (output_of(pid, "---", text))
		return -5;
	return ut_reap(pid);
}

static void tell(const char *which, const char *text)
{
	fprintf(stderr, "# %s:\n%s\n", which, text);
}

static const struct way ways[] = {
	{ NONE, BS_ALONE },
	{ WATCHES, BS_BEFORE }, { WATCHES, BS_AFTER },
	{ STOPS, BS_BEFORE }, { STOPS, BS_AFTER },
};

/* Is the output the same each way, with at least @least stops by the engine? */
static bool same(int (*under)(const struct way *way, char *text), int least)
{
	const struct way *way;
	bool ret = true;
	int end;

	snprintf(path, sizeof(path), "/tmp/beside.%d", getpid());
	for (way = ways; way < ways + sizeof(ways) / sizeof(*ways); way++) {
		char *text = way == ways ? alone : with;

		h = -1;
		stops = 0;
		end = under(way, text);
		if (end == 7 << 8 && !strcmp(alone, text) &&
		    (way->engine != STOPS || stops >= least))
			continue;
		fprintf(stderr, "# engine that %s, %s the tool: end %x, %d stops\n",
			way->engine == STOPS ? "stops" : "watches",
			way->order == BS_BEFORE ? "before" : "after", end, stops);
		tell("without an engine", alone);
		/* the run without an engine failed: nothing to compare with */
		if (way == ways)
			return false;
		tell("with it", text);
		ret = false;
	}
	unlink(path);
	return ret;
}

/* Breakpoints, stepi, finish, and stops at system calls: 6 stops or more */
UT_LONG_TEST(gdb)
{
	if (access("/usr/bin/gdb", X_OK))
		SKIP(return, "no gdb");
	EXPECT_TRUE(same(under_gdb, 6));
	EXPECT_NE(NULL, strstr(alone, "Breakpoint 1, visit")) {
		tell("gdb", alone);
	}
	EXPECT_NE(NULL, strstr(alone, "call to syscall umask"));
	EXPECT_NE(NULL, strstr(alone, "received signal SIGUSR1"));
	EXPECT_NE(NULL, strstr(alone, "exited with code 07"));
}

UT_LONG_TEST(strace)
{
	if (access("/usr/bin/strace", X_OK))
		SKIP(return, "no strace");
	/* nine system calls, entry and exit */
	EXPECT_TRUE(same(under_strace, 18));
	EXPECT_NE(NULL, strstr(alone, "umask(0702)")) {
		tell("strace", alone);
	}
	EXPECT_NE(NULL, strstr(alone, "+++ exited with 7 +++"));
}
