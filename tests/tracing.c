// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layer's tracepoints, through tracefs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define TRACEFS	"/sys/kernel/tracing/"
#define EVENTS	TRACEFS "events/utrace/"

static int one_syscall(void)
{
	ut_step(1);
	ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
	ut_step(2);
	return 7;
}

static int clear_trace(void)
{
	int fd = open(TRACEFS "trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	close(fd);
	return fd < 0 ? -1 : 0;
}

/* Lines of the trace with both words in them */
static int lines(const char *a, const char *b)
{
	FILE *f = fopen(TRACEFS "trace", "r");
	char line[1024];
	int n = 0;

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		n += line[0] != '#' && strstr(line, a) && strstr(line, b);
	fclose(f);
	return n;
}

UT_TEST(tracepoints)
{
	static const char *const names[] = {
		"utrace_attach", "utrace_detach", "utrace_report",
		"utrace_stop", "utrace_resume",
	};
	pid_t pid = ut_child(one_syscall);
	char path[128], word[32];
	unsigned int i;
	int h;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), EVENTS "%s/enable", names[i]);
		EXPECT_EQ(0, access(path, W_OK)) {
			TH_LOG("%s", path);
		}
	}
	ASSERT_EQ(0, ut_wait_at(1));
	ASSERT_EQ(0, clear_trace());
	ASSERT_EQ(0, ut_write_str(EVENTS "enable", "1"));
	ATTACH(h, pid, EV(SYSCALL_ENTRY));
	ut_rule(h, UT_SYSCALL_ENTRY, ANSWER(UTRACE_STOP));
	ut_go(1);
	ASSERT_NE(NULL, ut_wait(h, UT_SYSCALL_ENTRY));
	ASSERT_EQ(0, ut_wait_state(pid, 't'));
	ut_clear(h);
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_at(2));
	ut_control(h, UTRACE_DETACH);
	EXPECT_EQ(-ESRCH, ut_barrier(h));
	ASSERT_EQ(0, ut_write_str(EVENTS "enable", "0"));
	snprintf(word, sizeof(word), "pid=%d", pid);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		EXPECT_EQ(1, lines(names[i], word)) {
			TH_LOG("%s", names[i]);
		}
	EXPECT_EQ(1, lines("utrace_report", "SYSCALL_ENTRY"));
	EXPECT_EQ(1, lines("utrace_attach", "ut-a"));
	/* switched off, they are silent */
	ASSERT_EQ(0, clear_trace());
	ATTACH(h, pid, 0);
	EXPECT_EQ(0, lines("utrace", ""));
}
