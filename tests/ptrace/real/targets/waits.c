// SPDX-License-Identifier: GPL-2.0-only
/*
 * waits N FIFO: to attach to.  N threads beside the first; says "ready" once
 * all of them sleep, each in a system call of its own, and then answers each
 * line it reads from FIFO, until one says "end".
 */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 16

volatile int answer = 42;
static int hold[2];

__attribute__((noinline)) int twice(int x)
{
	return 2 * x;
}

__attribute__((noinline)) void sleeps(void)
{
	char c;

	while (read(hold[0], &c, 1) == 1)
		;
}

static void *thread(void *unused)
{
	sleeps();
	return NULL;
}

/* Do all but the first thread sleep? */
static int asleep(int threads)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	char path[300], state;
	int n = 0;

	while (dir && (entry = readdir(dir))) {
		FILE *stat;

		snprintf(path, sizeof(path), "/proc/self/task/%s/stat", entry->d_name);
		stat = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
		if (!stat)
			continue;
		if (fscanf(stat, "%*d (%*[^)]) %c", &state) == 1 && state == 'S')
			n++;
		fclose(stat);
	}
	if (dir)
		closedir(dir);
	return n == threads;
}

__attribute__((noinline)) int answers(char *line)
{
	line[strcspn(line, "\n")] = '\0';
	printf("%s: %d\n", line, twice(answer));
	fflush(stdout);
	return strcmp(line, "end");
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0;
	pthread_t threads[MOST];
	char line[100];
	FILE *fifo;

	if (argc < 3 || n < 0 || n > MOST || pipe(hold))
		return 1;
	/* both ends: opening does not wait, and there is no end of file */
	fifo = fopen(argv[2], "r+");
	if (!fifo)
		return 1;
	for (int i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, thread, NULL))
			return 1;
	while (!asleep(n))
		usleep(1000);
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), fifo) && answers(line))
		;
	close(hold[1]);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return 3;
}
