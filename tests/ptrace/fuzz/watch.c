// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver reads the state of the tasks from /proc: are all at rest, and what
 * has changed since the last time?
 */
#include <fcntl.h>
#include <time.h>

#include "../rig.h"
#include "fuzz.h"

#define MAX_TASKS	48
#define LIMIT_MS	30000	/* for one step */
#define SLOW_MS		60	/* a sleep this long counts as rest */

struct seen {
	char state;
	int tracer;
	unsigned long long pending, shared, blocked;
	unsigned long switches;
};

static struct seen now[MAX_TASKS], shown[MAX_TASKS];
static int tasks;
static pid_t base;

/* memcmp() would compare the padding. */
static bool looks_same(const struct seen *a, const struct seen *b)
{
	return a->state == b->state && a->tracer == b->tracer && a->pending == b->pending &&
	       a->shared == b->shared && a->blocked == b->blocked;
}

static long long clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static int read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int n = fd < 0 ? -1 : read(fd, buf, size - 1);

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = 0;
	return n;
}

static unsigned long long field(const char *text, const char *key, int radix)
{
	const char *at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, radix) : 0;
}

static struct seen look_at(pid_t pid)
{
	struct seen seen = { .state = '-' };
	char path[48], buf[4096];
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (read_file(path, buf, sizeof(buf)) <= 0)
		return seen;
	at = strstr(buf, "\nState:\t");
	if (!at)
		return seen;
	seen.state = at[8];
	seen.tracer = field(buf, "\nTracerPid:\t", 10);
	seen.pending = field(buf, "\nSigPnd:\t", 16);
	seen.shared = field(buf, "\nShdPnd:\t", 16);
	seen.blocked = field(buf, "\nSigBlk:\t", 16);
	seen.switches = field(buf, "\nvoluntary_ctxt_switches:\t", 10) +
			field(buf, "\nnonvoluntary_ctxt_switches:\t", 10);
	return seen;
}

/* The fifth field is the last pid allocated in the pid namespace. */
static int last_pid(void)
{
	char buf[128];
	const char *at;

	if (read_file("/proc/loadavg", buf, sizeof(buf)) <= 0)
		return 0;
	at = strrchr(buf, ' ');
	return at ? atoi(at) : 0;
}

/* Read all states.  Returns whether they are unchanged. */
static bool look(void)
{
	struct seen seen;
	bool same = true;
	int i, n = last_pid() - base + 1;

	if (n > MAX_TASKS)
		n = MAX_TASKS;
	if (n > tasks)
		tasks = n;
	for (i = 0; i < tasks; i++) {
		/* also dead ones: after a thread's execve the pid is in use */
		seen = look_at(base + i);
		same = same && looks_same(&seen, &now[i]) && seen.switches == now[i].switches;
		now[i] = seen;
	}
	return same;
}

void watch_start(pid_t first)
{
	base = first;
	tasks = 0;
	memset(now, 0, sizeof(now));
	memset(shown, 0, sizeof(shown));
}

bool is_dead(pid_t pid)
{
	return pid < base || pid >= base + tasks || strchr("-ZX", now[pid - base].state);
}

/* Is the task in a system call that waits for an event? */
static bool sleeps_long(pid_t pid)
{
	static const long calls[] = {
		SYS_wait4, SYS_waitid, SYS_pause, SYS_nanosleep, SYS_restart_syscall, SYS_clone,
	};
	char path[48], buf[256];
	unsigned int i;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	if (read_file(path, buf, sizeof(buf)) <= 0 || *buf < '0' || *buf > '9')
		return false;
	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (calls[i] == atol(buf))
			return true;
	return false;
}

static bool waits_for_step(pid_t pid)
{
	int role;

	for (role = 0; role < ROLES; role++)
		if (pid_of(role) == pid && SHARED->slots[role].posted == SHARED->slots[role].done)
			return true;
	return false;
}

enum rest { RUNS, PERHAPS, RESTS };

static enum rest rest_of(int i)
{
	if (strchr("tTZX-", now[i].state))
		return RESTS;
	if (now[i].state != 'S' && now[i].state != 'D')
		return RUNS;
	if (now[i].state == 'S' && waits_for_step(base + i))
		return RESTS;
	return sleeps_long(base + i) ? RESTS : PERHAPS;
}

static enum rest all_rest(void)
{
	enum rest least = RESTS, rest;
	int i;

	for (i = 0; i < tasks && least != RUNS; i++) {
		rest = rest_of(i);
		if (rest < least)
			least = rest;
	}
	return least;
}

enum verdict settle(void)
{
	const struct timespec bit = { .tv_nsec = 200000 };
	const long long begin = clock_ms();
	long long since = begin;

	for (;;) {
		if (!look())
			since = clock_ms();
		switch (all_rest()) {
		case RESTS:
			return AT_REST;
		case PERHAPS:
			if (clock_ms() - since > SLOW_MS)
				return AT_REST;
			break;
		default:
			since = clock_ms();
		}
		if (clock_ms() - begin > LIMIT_MS)
			return TIMED_OUT;
		nanosleep(&bit, NULL);
	}
}

static void show(int i)
{
	const struct seen *seen = &now[i];

	if (seen->state == '-') {
		printf("   %s is gone\n", name_of(base + i));
		return;
	}
	printf("   %s %c", name_of(base + i), seen->state);
	if (seen->tracer)
		printf(" traced by %s", name_of(seen->tracer));
	if (seen->pending)
		printf(" pending %llx", seen->pending);
	if (seen->shared)
		printf(" shared %llx", seen->shared);
	if (seen->blocked)
		printf(" blocked %llx", seen->blocked);
	putchar('\n');
}

void show_changes(void)
{
	int i;

	for (i = 0; i < tasks; i++) {
		if (!looks_same(&now[i], &shown[i]))
			show(i);
		shown[i] = now[i];
	}
}

void show_all(void)
{
	int i;

	for (i = 0; i < tasks; i++)
		show(i);
}
