// SPDX-License-Identifier: GPL-2.0-only
/* Read the state of tasks, the slab caches of utrace and the kernel's log. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000L + ts.tv_nsec / 1000000;
}

void sleep_us(long us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

static int read_file(const char *path, char *buf, int size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int n = -1;

	if (fd >= 0) {
		n = read(fd, buf, size - 1);
		close(fd);
	}
	buf[n < 0 ? 0 : n] = 0;
	return n;
}

int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

/* Returns the state letter, or 0 if the task is gone. */
static char stat_of(const char *path, pid_t *pgid)
{
	char buf[512], *p;
	char state = 0;

	if (read_file(path, buf, sizeof(buf)) <= 0)
		return 0;
	p = strrchr(buf, ')');
	if (!p || sscanf(p + 1, " %c %*d %d", &state, pgid) != 2)
		return 0;
	return state;
}

static void show_file(const char *dir, const char *tid, const char *name)
{
	char path[400], buf[4096], *line, *save = NULL;

	snprintf(path, sizeof(path), "%s/%s/%s", dir, tid, name);
	if (read_file(path, buf, sizeof(buf)) <= 0)
		return;
	for (line = strtok_r(buf, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!strcmp(name, "status") && strncmp(line, "State", 5) &&
		    strncmp(line, "Tr", 2) && strncmp(line, "Utrace", 6) &&
		    strncmp(line, "Sig", 3) && strncmp(line, "Shd", 3))
			continue;
		printf("#     %s: %s\n", name, line);
	}
}

static void show_task(const char *dir, const char *tid)
{
	printf("#   task %s/%s\n", dir, tid);
	show_file(dir, tid, "status");
	show_file(dir, tid, "wchan");
	show_file(dir, tid, "syscall");
	show_file(dir, tid, "stack");
}

/* Has process @pid a thread in a state not in @but?  Print these if @show. */
static bool process_has(const char *pid, const char *but, bool show)
{
	char dir[300], path[600];
	struct dirent *e;
	bool has = false;
	pid_t pgid;
	char state;
	DIR *d;

	snprintf(dir, sizeof(dir), "/proc/%s/task", pid);
	d = opendir(dir);
	while (d && (e = readdir(d))) {
		if (!isdigit(e->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "%s/%s/stat", dir, e->d_name);
		state = stat_of(path, &pgid);
		if (!state || strchr(but, state))
			continue;
		has = true;
		if (show)
			show_task(dir, e->d_name);
	}
	if (d)
		closedir(d);
	return has;
}

static bool scan_group(pid_t pgid, const char *but, bool show)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	bool has = false;
	char path[300];
	pid_t group;

	while (d && (e = readdir(d))) {
		if (!isdigit(e->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/stat", e->d_name);
		if (stat_of(path, &group) && group == pgid)
			has |= process_has(e->d_name, but, show);
	}
	if (d)
		closedir(d);
	return has;
}

#define DEAD "ZX"

bool group_alive(pid_t pgid)
{
	return scan_group(pgid, DEAD, false);
}

/* Is a thread in a job control stop? */
bool group_stopped(pid_t pgid)
{
	return scan_group(pgid, DEAD "RSDIt", false);
}

void show_group(pid_t pgid)
{
	scan_group(pgid, DEAD, true);
	fflush(stdout);
}

/* Objects in use in the caches of utrace and ptrace; -1: slabinfo has none. */
long layer_objects(void)
{
	FILE *f = fopen("/proc/slabinfo", "r");
	char line[512], name[64];
	long n, sum = -1;

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %ld", name, &n) == 2 &&
		    (!strncmp(name, "utrace", 6) || !strcmp(name, "ptrace_hold")))
			sum = (sum < 0 ? 0 : sum) + n;
	fclose(f);
	return sum;
}

/*
 * Wait until at most @want objects are in use.  Frees wait for grace periods,
 * and freed objects remain in per-CPU slabs until these are shrunk.
 */
long settle_objects(long want)
{
	static const char *const shrink[] = {
		"/sys/kernel/slab/utrace/shrink", "/sys/kernel/slab/utrace_engine/shrink",
		"/sys/kernel/slab/ptrace_hold/shrink",
	};
	long start = now_ms(), now;
	int i;

	for (;;) {
		for (i = 0; i < 3; i++)
			write_file(shrink[i], "1");
		now = layer_objects();
		if (now <= want || now_ms() - start > 4000L * opt.slow)
			return now;
		sleep_us(5000);
	}
}

static int log_fd = -1;

void log_start(void)
{
	if (log_fd < 0)
		log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	lseek(log_fd, 0, SEEK_END);
}

const char *log_complaint(bool wrong)
{
	static char line[1024];
	static regex_t bad;
	static bool ready;
	ssize_t n;
	char *text;

	if (!ready)
		regcomp(&bad, "WARNING:|BUG[: ]|INFO: (possible|task)|KASAN|UBSAN|ODEBUG"
			"|refcount_t:|corruption|Oops|protection fault"
			"|scheduling while atomic|sleeping function"
			"|soft lockup|stall|suspicious RCU|DEBUG_LOCKS|bad unlock|utrace: ",
			REG_EXTENDED | REG_NOSUB);
	ready = true;
	for (;;) {
		n = read(log_fd, line, sizeof(line) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			return NULL;
		line[n] = 0;
		text = strchr(line, ';');
		if (!text || regexec(&bad, text, 0, NULL, 0))
			continue;
		/* with --wrong, expect utrace's warnings of wrong results */
		if (wrong && strstr(text, "utrace: "))
			continue;
		/* a random engine may hold a signal twice without a stop */
		if (strstr(text, " is held again and again"))
			continue;
		text[strcspn(text, "\n")] = 0;
		return text + 1;
	}
}
