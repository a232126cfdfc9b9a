// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules that go while their engines are attached, or are refused.
 * Needs utrace_unload.ko below $MODDIR.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

#define PARAMS	"/sys/module/utrace_unload/parameters/"
#define TASKS	10

static int module_fd(void)
{
	char path[4096], cmd[4200];
	int fd = -1;
	FILE *f;

	snprintf(cmd, sizeof(cmd),
		 "find '%s/' -name utrace_unload.ko -print -quit",
		 getenv("MODDIR") ?: "build/modules/utrace");
	f = popen(cmd, "r");
	if (f && fgets(path, sizeof(path), f)) {
		path[strcspn(path, "\n")] = 0;
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (f)
		pclose(f);
	return fd;
}

static int load(const char *params)
{
	int fd = module_fd();
	int ret = fd < 0 ? -ENOENT : 0;

	if (!ret && syscall(SYS_finit_module, fd, params, 0))
		ret = -errno;
	close(fd);
	return ret;
}

static int unload(void)
{
	return syscall(SYS_delete_module, "utrace_unload", O_NONBLOCK) ?
	       -errno : 0;
}

static int unload_when_free(void)
{
	long start = 0;
	int ret;

	do {
		ret = unload();
	} while (ret && !ut_expired(&start));
	return ret;
}

static int attach(pid_t pid, int n)
{
	char buf[32];

	snprintf(buf, sizeof(buf), "%d %d", pid, n);
	return ut_write_str(PARAMS "attach", buf);
}

static long live(void)
{
	long n = -1;

	ut_read_int(PARAMS "live", &n);
	return n;
}

static int busy(void)
{
	__sync_fetch_and_add(&ut_shm->flag[1], 1);
	while (!ut_shm->flag[0]) {
		ut_syscall(__NR_getppid, 0, 0, 0, 0, 0, 0);
		ut_syscall(__NR_sched_yield, 0, 0, 0, 0, 0, 0);
	}
	return 7;
}

static int asleep(void)
{
	__sync_fetch_and_add(&ut_shm->flag[1], 1);
	pause();
	return 7;
}

static int start(pid_t *pids)
{
	int i;

	for (i = 0; i < TASKS; i++)
		pids[i] = ut_child(i < 3 ? busy : asleep);
	return ut_wait_val(&ut_shm->flag[1], TASKS);
}

/* Detached by its exit, with 1000 engines and callbacks running */
UT_LONG_TEST(without_owner)
{
	pid_t pids[TASKS];
	int i, round;

	ASSERT_EQ(0, start(pids));
	for (round = 0; round < 3; round++) {
		ASSERT_EQ(0, load("owner=0"));
		for (i = 0; i < TASKS; i++)
			ASSERT_EQ(0, attach(pids[i], 100));
		EXPECT_EQ(1000, live());
		EXPECT_EQ(0, unload());
		for (i = 0; i < TASKS; i++)
			EXPECT_EQ('0', *ut_status(pids[i], "Utrace"));
	}
	ut_shm->flag[0] = 1;
	for (i = 0; i < 3; i++)
		EXPECT_EQ(7 << 8, ut_reap(pids[i]));
}

/* With tasks that die all the while */
UT_LONG_TEST(without_owner_dying)
{
	pid_t pids[TASKS];
	int i;

	ASSERT_EQ(0, start(pids));
	ASSERT_EQ(0, load("owner=0"));
	for (i = 0; i < TASKS; i++)
		ASSERT_EQ(0, attach(pids[i], 100));
	for (i = 0; i < TASKS; i += 2)
		kill(pids[i], SIGKILL);
	EXPECT_EQ(0, unload());
	for (i = 0; i < TASKS; i += 2)
		EXPECT_EQ(SIGKILL, ut_reap(pids[i]));
}

/* Pinned by each engine; free after the last release */
UT_LONG_TEST(with_owner)
{
	pid_t pids[TASKS];
	int i;

	ASSERT_EQ(0, start(pids));
	ASSERT_EQ(0, load("owner=1"));
	EXPECT_EQ(0, attach(pids[0], 1));
	EXPECT_EQ(-EWOULDBLOCK, unload());
	for (i = 0; i < TASKS; i++)
		ASSERT_EQ(0, attach(pids[i], 100));
	EXPECT_EQ(1001, live());
	EXPECT_EQ(-EWOULDBLOCK, unload());
	EXPECT_EQ(0, ut_write_str(PARAMS "detach", "1"));
	EXPECT_EQ(0, unload_when_free());
}

/* The tasks die; the module's own references keep the last of it */
UT_LONG_TEST(with_owner_tasks_die)
{
	pid_t pids[TASKS];
	int i;

	ASSERT_EQ(0, start(pids));
	ASSERT_EQ(0, load("owner=1"));
	for (i = 0; i < TASKS; i++)
		ASSERT_EQ(0, attach(pids[i], 10));
	for (i = 0; i < TASKS; i++) {
		kill(pids[i], SIGKILL);
		EXPECT_EQ(SIGKILL, ut_reap(pids[i]));
	}
	EXPECT_EQ(-EWOULDBLOCK, unload());
	EXPECT_EQ(0, ut_write_str(PARAMS "detach", "1"));
	EXPECT_EQ(0, unload_when_free());
}

UT_TEST(reload)
{
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, load(i & 1 ? "owner=1" : "owner=0"));
		EXPECT_EQ(0, live());
		ASSERT_EQ(0, unload());
	}
}

/* The test engine itself has an owner: held by an open file and engines */
UT_TEST(test_engine_is_pinned)
{
	EXPECT_EQ(-1, syscall(SYS_delete_module, "utrace_test", O_NONBLOCK));
	EXPECT_EQ(EWOULDBLOCK, errno);
}
