/* SPDX-License-Identifier: GPL-2.0-only */
/* A cgroup to freeze a tracee in */
#ifndef MISC_FREEZER_H
#define MISC_FREEZER_H

#include <fcntl.h>
#include <sys/stat.h>

#include "../rig.h"

#define GROUP "/sys/fs/cgroup/rig"

static void group_write(const char *file, const char *text)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), GROUP "/%s", file);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		out("%s: %s", file, show_errno(-1));
	close(fd);
}

static void group_make(void)
{
	if (mkdir(GROUP, 0755) && errno != EEXIST)
		out("mkdir: %s", show_errno(-1));
}

static void group_add(pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	group_write("cgroup.procs", text);
}

static void group_remove(void)
{
	int i;

	for (i = 0; i < 20000 && rmdir(GROUP) && errno == EBUSY; i++)
		usleep(500);
}

/* Until the group says so */
static void await_frozen(bool frozen)
{
	const char *want = frozen ? "frozen 1" : "frozen 0";
	char buf[128];
	int i, fd;
	long n;

	for (i = 0; i < 20000; i++) {
		fd = open(GROUP "/cgroup.events", O_RDONLY);
		n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
		close(fd);
		buf[n > 0 ? n : 0] = 0;
		if (strstr(buf, want))
			return;
		usleep(500);
	}
	out("TIME-OUT: %s", want);
	_exit(98);
}

#endif
