// SPDX-License-Identifier: GPL-2.0-only
/* clone3() in ways that clone() has not, and calls that fail: late, with the events on */
#include <fcntl.h>
#include <linux/sched.h>

#include "birth.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME		0x80
#endif
#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND	0x100000000ULL
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP	0x200000000ULL
#endif

#define SHARED	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND)

/* A number that nobody has, and one that somebody has */
#define FREE	31007
#define TAKEN	1

struct way {
	const char *name;
	unsigned long long flags;
	int signal;
	int tid[2];		/* set_tid, inner namespace first */
	int tids;
	bool stack;		/* on one of its own */
	size_t size;		/* of the arguments, if not all */
};

static const struct way ways[] = {
	{ "a pidfd", CLONE_PIDFD, SIGCHLD },
	{ "a pidfd, vfork", CLONE_PIDFD | CLONE_VFORK, SIGCHLD },
	{ "no handlers", CLONE_CLEAR_SIGHAND, SIGCHLD },
	{ "a real-time signal", 0, 64 },
	{ "no signal", 0, 0 },
	{ "shared memory", CLONE_VM, SIGCHLD, .stack = true },
	{ "shared memory, vfork", CLONE_VM | CLONE_VFORK, SIGUSR1,
	  .stack = true },
	{ "all but the group", SHARED, 0, .stack = true },
	{ "a thread", SHARED | CLONE_THREAD, 0, .stack = true },
	{ "a thread, vfork", SHARED | CLONE_THREAD | CLONE_VFORK, 0,
	  .stack = true },
	{ "an untraced thread", SHARED | CLONE_THREAD | CLONE_UNTRACED, 0,
	  .stack = true },
	{ "a number", 0, SIGCHLD, { FREE }, 1 },
	{ "a number, a thread", SHARED | CLONE_THREAD, 0, { FREE }, 1,
	  .stack = true },
	{ "a pid namespace", CLONE_NEWPID, SIGCHLD },
	{ "a pid namespace, numbers", CLONE_NEWPID, SIGUSR1, { 1, FREE }, 2 },
	{ "a user namespace", CLONE_NEWUSER, SIGCHLD },
	/* its bit is among those of the exit signal */
	{ "a time namespace", CLONE_NEWTIME, SIGCHLD },
	{ "a time namespace, no signal", CLONE_NEWTIME, 0 },
	{ "a time namespace, vfork", CLONE_NEWTIME | CLONE_VFORK, SIGCHLD },
	{ "the oldest arguments", 0, SIGCHLD, .size = 64 },
	/* these fail, the first ones when most is done */
	{ "a number that is taken", 0, SIGCHLD, { TAKEN }, 1 },
	{ "a number that is taken, vfork", CLONE_VFORK, SIGCHLD, { TAKEN }, 1 },
	{ "a number that is taken, a thread", SHARED | CLONE_THREAD, 0,
	  { TAKEN }, 1, .stack = true },
	{ "a pid namespace, not its init", CLONE_NEWPID, SIGCHLD, { 2, FREE },
	  2 },
	{ "number 0", 0, SIGCHLD, { 0 }, 1 },
	{ "a number for no namespace", 0, SIGCHLD, { FREE, FREE }, 2 },
	{ "a thread, a pidfd", SHARED | CLONE_THREAD | CLONE_PIDFD, 0,
	  .stack = true },
	{ "a thread, a signal", SHARED | CLONE_THREAD, SIGCHLD,
	  .stack = true },
	{ "a sibling, a signal", CLONE_PARENT, SIGCHLD },
	{ "handlers without memory", CLONE_SIGHAND, SIGCHLD },
	{ "a thread, a pid namespace", SHARED | CLONE_THREAD | CLONE_NEWPID, 0,
	  .stack = true },
	{ "no handlers, shared ones", SHARED | CLONE_CLEAR_SIGHAND, SIGCHLD,
	  .stack = true },
	{ "no cgroup", CLONE_INTO_CGROUP, SIGCHLD },
	{ "a detached one", CLONE_DETACHED, SIGCHLD },
	{ "signal 65", 0, 65 },
	{ "flags that are none", 1ULL << 40, SIGCHLD },
	{ "too few arguments", 0, SIGCHLD, .size = 63 },
	{ "no arguments", 0, SIGCHLD, .size = 0xffff },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static const struct way *way;
static int pidfd;

/* What the C library cannot: the new task calls new_task() on its stack */
static long raw_clone3(struct clone_args *args, size_t size)
{
	long ret;

#ifdef __x86_64__
	asm volatile("syscall\n"
		     "	test	%%rax, %%rax\n"
		     "	jnz	1f\n"
		     "	and	$-16, %%rsp\n"
		     "	call	*%[fn]\n"
		     "1:"
		     : "=a"(ret)
		     : "a"(SYS_clone3), "D"(args), "S"(size), [fn] "b"(new_task)
		     : "memory", "rcx", "r11", "cc");
#else
	asm volatile("int	$0x80\n"
		     "	test	%%eax, %%eax\n"
		     "	jnz	1f\n"
		     "	and	$-16, %%esp\n"
		     "	call	*%[fn]\n"
		     "1:"
		     : "=a"(ret)
		     : "a"(SYS_clone3), "b"(args), "c"(size), [fn] "D"(new_task)
		     : "memory", "cc");
#endif
	return ret;
}

static long make(void)
{
	struct clone_args args = {
		.flags = flags | CLONE_PARENT_SETTID,
		.pidfd = flags & CLONE_PIDFD ? (unsigned long)&pidfd : 0,
		.exit_signal = way->signal,
		.parent_tid = (unsigned long)&shm->pid[0],
		.stack = way->stack ? (unsigned long)event_stack : 0,
		.stack_size = way->stack ? sizeof(event_stack) : 0,
		.set_tid = way->tids ? (unsigned long)way->tid : 0,
		.set_tid_size = way->tids,
	};
	long ret = raw_clone3(&args, way->size ?: sizeof(args));

	if (ret > -4096 && ret < 0) {
		errno = -ret;
		return -1;
	}
	if (flags & CLONE_PIDFD) {
		shm->val[0] = fcntl(pidfd, F_GETFD);
		shm->val[1] = syscall(SYS_pidfd_send_signal, pidfd, 0, 0, 0);
		close(pidfd);
	}
	return ret;
}

int main(void)
{
	int set;

	if (pipe(hold))
		abort();
	for (way = ways; way < ways + WAYS; way++) {
		for (set = 0; set < 8; set += 7) {
			flags = way->flags;
			memset((void *)shm->val, 0, sizeof(shm->val));
			out("%s, events %s", way->name, set ? "on" : "off");
			one(set << 1, (way - ways) & 1);
			if (flags & CLONE_PIDFD)
				out("pidfd: FD_CLOEXEC %ld, signal 0 %ld",
				    shm->val[0], shm->val[1]);
		}
	}
	return 0;
}
