// SPDX-License-Identifier: GPL-2.0-only
/* The exit code in /proc/PID/stat: in a stop before and after wait(), running, dead */
#include "life.h"

/* The last field; it is for those who may trace */
static void show_code(const char *when, pid_t pid)
{
	char path[48], buf[1024];
	char *code;
	int fd;
	long n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);
	close(fd);
	buf[n > 0 ? n : 0] = 0;
	code = strrchr(buf, ' ');
	out("  %s: %#lx", when, code ? atol(code) : -1);
}

static void one(int kind, bool old)
{
	pid_t pid = start_subject(kind);
	bool stops = kind != AWAKE && kind != ASLEEP && kind != LISTENING;

	out("%s, %s", kind_names[kind], old ? "attached" : "seized");
	take_to_stop(pid, kind, PTRACE_O_TRACESYSGOOD, old, stops);
	show_code(stops ? "before wait" : "running", pid);
	if (stops) {
		show_wait(pid, __WALL | WNOHANG);
		show_code("after wait", pid);
		pt(PTRACE_CONT, pid, 0, 0);
		if (final_state(pid, kind) == 'S')
			show_code("running", pid);
	}
	kill(pid, SIGKILL);
	await_gone(pid);
	show_code("dead", pid);
	show_wait(pid, __WALL);
}

int main(void)
{
	int kind;

	for (kind = 0; kind < KINDS; kind++) {
		one(kind, false);
		one(kind, true);
	}
	return 0;
}
