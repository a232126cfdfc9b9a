// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of engines without ptrace: the module utrace_bench attaches engines
 * whose callbacks do nothing.  On a kernel without utrace, measure the closest
 * equivalent, the raw_syscalls tracepoints without a reader.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define COUNT_FILE	"/sys/kernel/debug/utrace_bench/count"
#define TRACING		"/sys/kernel/tracing/"

static int count_fd;
static const char *engines;	/* number that a round attaches and detaches */

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail(path);
	close(fd);
}

static void set_engines(const char *count)
{
	if (write(count_fd, count, strlen(count)) < 0)
		fail(COUNT_FILE);
}

static void attach_detach(int count)
{
	while (count--) {
		set_engines(engines);
		set_engines("0");
	}
}

static void measure_attach(const char *name, const char *how_many, int count)
{
	engines = how_many;
	measure(name, attach_detach, 100, count);
}

/* Returns the object size of the slab cache @name. */
static int object_size(const char *name)
{
	char path[128];
	FILE *file;
	int size;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/slab_size", name);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%d", &size) != 1)
		fail(path);
	fclose(file);
	return size;
}

static void bench_tracepoints(void)
{
	write_file(TRACING "events/raw_syscalls/enable", "1");
	write_file(TRACING "tracing_on", "0");
	measure("getppid-observed", getppids, 100, 1000);
	write_file(TRACING "events/raw_syscalls/enable", "0");
}

void bench_engine(void)
{
	count_fd = open(COUNT_FILE, O_WRONLY);
	if (count_fd < 0) {
		bench_tracepoints();
		return;
	}
	set_engines("1");
	measure("getppid-observed", getppids, 100, 1000);
	set_engines("2");
	measure("engine-two-getppid", getppids, 100, 1000);
	set_engines("8");
	measure("engine-eight-getppid", getppids, 100, 1000);
	set_engines("0");

	/* the cost of the two writes, to be subtracted from those below */
	measure_attach("engine-no-attach-detach", "0", 20);
	measure_attach("engine-attach-detach", "1", 20);
	measure_attach("engine-64-attach-detach", "64", 4);
	printf("engine-bytes %d\n", object_size("utrace") + object_size("utrace_engine"));
}
