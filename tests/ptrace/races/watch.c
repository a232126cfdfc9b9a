// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process that watches a race: if no round ends in time, it prints the
 * state of all tasks and kills them.
 */
#include <dirent.h>
#include <time.h>
#include <unistd.h>

#include "race.h"
#include "watch.h"

#define LIMIT_S		90	/* for one round, on a plain kernel */
#define TICK_MS		100

/* Print the lines whose key is in @keys, or all if NULL, as TAP comments. */
static void show_file(const char *dir, const char *file, const char *keys)
{
	char path[300], line[256], key[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "r");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		snprintf(key, sizeof(key), " %.*s ", (int)strcspn(line, ":"),
			 line);
		if (!keys || strstr(keys, key))
			printf("#   %s%s%s\n", keys ? "" : file,
			       keys ? "" : ": ", line);
	}
	fclose(f);
}

static void show_threads(const char *pid)
{
	char path[280], task[600];
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(task, sizeof(task), "%s/%s", path, d->d_name);
		printf("# task %s of %s\n", d->d_name, pid);
		show_file(task, "status",
			  " State PPid TracerPid SigPnd ShdPnd SigBlk ");
		show_file(task, "wchan", NULL);
		show_file(task, "syscall", NULL);
		show_file(task, "stack", NULL);
	}
	if (dir)
		closedir(dir);
}

static pid_t group_of(const char *pid)
{
	char path[280], buf[512];
	const char *end;
	pid_t group = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return -1;
	if (fgets(buf, sizeof(buf), f)) {
		end = strrchr(buf, ')');
		if (end && sscanf(end, ") %*c %*d %d", &group) != 1)
			group = -1;
	}
	fclose(f);
	return group;
}

static void show_group(pid_t group)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;
	int i;

	printf("# round %ld turn %ld done %ld beats %ld children %ld value %ld\n",
	       shm->round, shm->turn, shm->done, shm->beats, shm->children,
	       shm->value);
	for (i = 0; i < 8; i++)
		printf("# val[%d] %ld\n", i, shm->val[i]);
	while (dir && (d = readdir(dir)))
		if (atoi(d->d_name) > 0 && group_of(d->d_name) == group)
			show_threads(d->d_name);
	if (dir)
		closedir(dir);
}

/* Wait for a child or a tick.  Returns true on SIGTERM or SIGINT. */
static bool tick(void)
{
	struct timespec ts = { .tv_nsec = TICK_MS * 1000000 };
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sig = sigtimedwait(&set, NULL, &ts);
	return sig == SIGTERM || sig == SIGINT;
}

static void end_group(pid_t pid)
{
	int i;

	/* a task that SIGKILL does not end remains */
	for (i = 0; i < 100; i++) {
		kill(-pid, SIGKILL);
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		tick();
	}
	printf("# it does not end on SIGKILL\n");
	show_group(pid);
}

bool slow_kernel(void)
{
	const char *variant = getenv("VARIANT");

	return variant && (!strcmp(variant, "debug") ||
			   !strcmp(variant, "kcsan"));
}

bool watch(pid_t pid, long rounds)
{
	/* above the tasks of the race, which are SCHED_FIFO 1 */
	struct sched_param sp = { .sched_priority = 2 };
	long limit = LIMIT_S * (slow_kernel() ? 5 : 1);
	long last = -1;
	time_t since = time(NULL);
	bool over = false;
	int status;

	sched_setscheduler(0, SCHED_FIFO, &sp);
	for (;;) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			/* if it was killed, tasks of its group may remain */
			kill(-pid, SIGKILL);
			if (status || shm->round < rounds)
				printf("# status %#x, %ld rounds\n", status,
				       shm->round);
			return !status && shm->round >= rounds;
		}
		if (shm->round != last) {
			last = shm->round;
			since = time(NULL);
		}
		if (over || shm->failed || time(NULL) - since > limit) {
			if (!shm->failed)
				printf("# no round for %ld s\n",
				       (long)(time(NULL) - since));
			show_group(pid);
			end_group(pid);
			if (over)
				exit(1);
			return false;
		}
		over = tick();
	}
}
