// SPDX-License-Identifier: GPL-2.0-only
/* DETACH with a signal at a system call's entry and exit: is the call made? */
#include <pthread.h>
#include <sys/resource.h>

#include "sig.h"

static int ends[2];
static bool threads;

static void *sleeps(void *arg)
{
	reach(1);
	for (;;)
		pause();
	return NULL;
}

static void writes(void *arg)
{
	struct rlimit none = { 0, 0 };
	pthread_t thread;

	/* no core */
	setrlimit(RLIMIT_CORE, &none);
	handle(SIGUSR2, tell, 0);
	if (threads) {
		pthread_create(&thread, NULL, sleeps, NULL);
		await(1);
	}
	send_self(SIGUSR1);
	syscall(SYS_write, ends[1], "x", 1);
	out("alive");
	syscall(SYS_exit_group, 7);
}

/* Stands at the entry, or the exit, of the call after its SIGUSR1 */
static pid_t at_call(void (*fn)(void *), bool leaves)
{
	pid_t pid = spawn_seized("tracee", fn, NULL, 0);

	show_wait(pid, 0);
	go(pid, PTRACE_SYSCALL, 0);
	if (leaves)
		go(pid, PTRACE_SYSCALL, 0);
	return pid;
}

static void one(int sig, bool leaves)
{
	char byte;
	pid_t pid;

	shm->step[1] = 0;
	if (pipe2(ends, O_NONBLOCK))
		_exit(99);
	out("%s at the %s%s", signame(sig), leaves ? "exit" : "entry",
	    threads ? ", two threads" : "");
	pid = at_call(writes, leaves);
	pt(PTRACE_DETACH, pid, 0, sig);
	show_wait(pid, 0);
	out("written: %s", read(ends[0], &byte, 1) == 1 ? "yes" : "no");
	close(ends[0]);
	close(ends[1]);
	finish(pid);
}

/* What is ignored is dropped, even where a signalfd would show it */
static void reads(void *arg)
{
	uint64_t set = 1ULL << (SIGWINCH - 1);
	char buf[128];
	int fd = syscall(SYS_signalfd4, -1, &set, 8, O_NONBLOCK);

	send_self(SIGUSR1);
	out("read: %s", show_errno(syscall(SYS_read, fd, buf, sizeof(buf))));
	out("read: %s", show_errno(syscall(SYS_read, fd, buf, sizeof(buf))));
}

static void ignored(bool leaves)
{
	pid_t pid;

	out("SIGWINCH at the %s of read()", leaves ? "exit" : "entry");
	pid = at_call(reads, leaves);
	pt(PTRACE_DETACH, pid, 0, SIGWINCH);
	show_wait(pid, 0);
	finish(pid);
}

int main(void)
{
	static const int sigs[] = { SIGTERM, SIGUSR1, SIGHUP, SIGUSR2, SIGSEGV,
				    SIGTRAP, SIGKILL };
	int i;

	for (i = 0; i < 28; i++) {
		threads = i >= 14;
		one(sigs[i % 7], i / 7 & 1);
	}
	ignored(false);
	ignored(true);
	return 0;
}
