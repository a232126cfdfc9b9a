// SPDX-License-Identifier: GPL-2.0-only
/*
 * I/O workers: tasks that never return to user mode.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixture.h"

struct ring {
	int fd;
	struct io_uring_params p;
	char *sq, *cq;
	struct io_uring_sqe *sqes;
};

static int ring_open(struct ring *r, unsigned int flags)
{
	memset(r, 0, sizeof(*r));
	r->p.flags = flags;
	r->p.sq_thread_idle = 100000;
	r->fd = syscall(__NR_io_uring_setup, 4, &r->p);
	if (r->fd < 0)
		return -errno;
	r->sq = mmap(NULL, r->p.sq_off.array + r->p.sq_entries * 4,
		     PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
		     IORING_OFF_SQ_RING);
	r->sqes = mmap(NULL, r->p.sq_entries * sizeof(*r->sqes),
		       PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
		       IORING_OFF_SQES);
	return r->sq == MAP_FAILED || r->sqes == MAP_FAILED ? -1 : 0;
}

/* A blocking read, which needs a worker */
static int ring_read(struct ring *r, int fd, void *buf)
{
	unsigned int *tail = (unsigned int *)(r->sq + r->p.sq_off.tail);
	unsigned int *array = (unsigned int *)(r->sq + r->p.sq_off.array);

	memset(&r->sqes[0], 0, sizeof(r->sqes[0]));
	r->sqes[0].opcode = IORING_OP_READ;
	r->sqes[0].flags = IOSQE_ASYNC;
	r->sqes[0].fd = fd;
	r->sqes[0].addr = (uintptr_t)buf;
	r->sqes[0].len = 8;
	array[*tail & 3] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	return syscall(__NR_io_uring_enter, r->fd, 1, 0, 0, NULL, 0);
}

static int event_fd;

static int with_worker(void)
{
	static uint64_t buf;
	struct ring r;

	if (ring_open(&r, 0) || ring_read(&r, event_fd, &buf) != 1)
		ut_shm->flag[0] = 1;
	ut_step(1);
	return 7;
}

static int with_sqpoll(void)
{
	struct ring r;

	if (ring_open(&r, IORING_SETUP_SQPOLL))
		ut_shm->flag[0] = 1;
	ut_step(1);
	return 7;
}

/* The thread of that process whose name begins so */
static pid_t find_thread(pid_t pid, const char *name)
{
	char path[300], comm[64];
	struct dirent *d;
	pid_t found = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && !found && (d = readdir(dir))) {
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%d/task/%s/comm", pid,
			 d->d_name);
		f = fopen(path, "r");
		if (!f)
			continue;
		if (fgets(comm, sizeof(comm), f) &&
		    !strncmp(comm, name, strlen(name)))
			found = atoi(d->d_name);
		fclose(f);
	}
	if (dir)
		closedir(dir);
	return found;
}

static pid_t wait_thread(pid_t pid, const char *name)
{
	long start = 0;
	pid_t tid;

	while (!(tid = find_thread(pid, name)))
		if (ut_expired(&start))
			return -1;
	return tid;
}

UT_TEST(io_worker)
{
	uint64_t one = 1;
	pid_t pid, tid;
	struct ut_rec *r;
	int h;

	event_fd = eventfd(0, 0);
	pid = ut_child(with_worker);
	ASSERT_EQ(0, ut_wait_at(1));
	if (ut_shm->flag[0])
		SKIP(return, "no io_uring");
	tid = wait_thread(pid, "iou-wrk");
	ASSERT_LT(0, tid);
	ASSERT_EQ(0, ut_wait_state(tid, 'S'));
	ATTACH(h, tid, EV_ALL);
	EXPECT_EQ(0, ut_barrier(h));
	/* it can be stopped where it looks for signals */
	ut_rule(h, UT_SIGNAL, NTH(1), ANSWER(UTRACE_STOP));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(UTRACE_SIGNAL_REPORT, r->action & UTRACE_SIGNAL_MASK);
	EXPECT_EQ(tid, r->tid);
	ASSERT_EQ(0, ut_wait_state(tid, 't'));
	EXPECT_EQ(0, ut_control(h, UTRACE_RESUME));
	ASSERT_EQ(0, ut_wait_state(tid, 'S'));
	/* the end: exit and death, nothing of user mode ever */
	ASSERT_EQ(8, write(event_fd, &one, 8));
	ut_go(1);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	WAIT(h, UT_EXIT);
	WAIT(h, UT_DEATH);
	WAIT(h, UT_REAP);
	EXPECT_EQ(0, ut_count(h, UT_SYSCALL_ENTRY));
	EXPECT_EQ(0, ut_count(h, UT_SYSCALL_EXIT));
}

UT_TEST(io_worker_killed)
{
	pid_t pid, tid;
	int h;

	event_fd = eventfd(0, 0);
	pid = ut_child(with_worker);
	ASSERT_EQ(0, ut_wait_at(1));
	if (ut_shm->flag[0])
		SKIP(return, "no io_uring");
	tid = wait_thread(pid, "iou-wrk");
	ASSERT_LT(0, tid);
	ATTACH(h, tid, EV_ALL);
	ut_rule(h, UT_SIGNAL, ANSWER(UTRACE_STOP));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	ASSERT_EQ(0, ut_wait_state(tid, 't'));
	kill(pid, SIGKILL);
	EXPECT_EQ(SIGKILL, ut_reap(pid));
	ASSERT_NE(NULL, ut_wait(h, UT_REAP));
}

UT_TEST(sqpoll_thread)
{
	pid_t pid = ut_child(with_sqpoll), tid;
	struct ut_rec *r;
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	if (ut_shm->flag[0])
		SKIP(return, "no io_uring");
	tid = wait_thread(pid, "iou-sqp");
	ASSERT_LT(0, tid);
	ATTACH(h, tid, EV(EXIT) | EV(DEATH) | EV(QUIESCE));
	EXPECT_EQ(0, ut_control(h, UTRACE_INTERRUPT));
	WAIT(h, UT_SIGNAL);
	EXPECT_EQ(UTRACE_SIGNAL_REPORT, r->action & UTRACE_SIGNAL_MASK);
	ut_go(1);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(1, ut_count(h, UT_EXIT));
	EXPECT_EQ(1, ut_count_is(h, UT_DEATH, 1));
}

/* The first process of a pid namespace, as flag[1] says: crashes, or is told to stop */
static int init_of_namespace(void)
{
	/* its number as others see it */
	while (!ut_shm->val[0])
		sched_yield();
	ut_step(1);
	if (!ut_shm->flag[1])
		*(volatile int *)NULL = 1;
	if (!fork()) {
		kill(1, SIGSTOP);
		_exit(0);
	}
	wait(NULL);
	_exit(9);
}

static int has_namespace(void)
{
	int status;
	pid_t pid;

	if (unshare(CLONE_NEWPID))
		return 1;
	pid = fork();
	if (!pid)
		_exit(init_of_namespace());
	ut_shm->val[0] = pid;
	waitpid(pid, &status, WUNTRACED);
	ut_shm->val[1] = status;
	kill(pid, SIGKILL);
	return 7;
}

/* An engine that only looks on does not make init immortal */
UT_TEST(init_crashes)
{
	pid_t pid = ut_child(has_namespace);
	int h;

	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, ut_shm->val[0], EV(SIGNAL_CORE) | EV(SIGNAL_TERM));
	ut_go(1);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(SIGSEGV, ut_shm->val[1] & 0x7f);
	EXPECT_EQ(1, ut_count(h, UT_SIGNAL));
}

/* Nor stoppable from inside */
UT_TEST(init_ignores_sigstop)
{
	pid_t pid;
	int h;

	ut_shm->flag[1] = 1;
	pid = ut_child(has_namespace);
	ASSERT_EQ(0, ut_wait_at(1));
	ATTACH(h, ut_shm->val[0], EV(SIGNAL_IGN));
	ut_go(1);
	EXPECT_EQ(7 << 8, ut_reap(pid));
	EXPECT_EQ(9 << 8, ut_shm->val[1]);
}
