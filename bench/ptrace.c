// SPDX-License-Identifier: GPL-2.0-only
/* Operations of ptrace(2): a request, or a resume and the wait for the stop. */
#include <elf.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define ROUNDS	50

static pid_t tracee;

static void request(int what, void *addr, void *data)
{
	if (ptrace(what, tracee, addr, data) < 0)
		fail("ptrace");
}

static int wait_stop(void)
{
	int status;

	if (waitpid(tracee, &status, __WALL) != tracee || !WIFSTOPPED(status))
		fail("waitpid: no stop");
	return status;
}

static void resume_and_wait(int what, int count)
{
	while (count--) {
		request(what, NULL, NULL);
		wait_stop();
	}
}

static void syscall_stops(int count)
{
	resume_and_wait(PTRACE_SYSCALL, count);
}

static void single_steps(int count)
{
	resume_and_wait(PTRACE_SINGLESTEP, count);
}

static void signal_stops(int count)
{
	resume_and_wait(PTRACE_CONT, count);
}

static void peekusers(int count)
{
	while (count--)
		request(PTRACE_PEEKUSER, (void *)offsetof(struct user_regs_struct, rip), NULL);
}

static void getregsets(int count)
{
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof(regs) };

	while (count--)
		request(PTRACE_GETREGSET, (void *)NT_PRSTATUS, &iov);
}

static void seizes(int count)
{
	while (count--) {
		request(PTRACE_SEIZE, NULL, NULL);
		request(PTRACE_INTERRUPT, NULL, NULL);
		wait_stop();
		request(PTRACE_DETACH, NULL, NULL);
	}
}

static void attaches(int count)
{
	while (count--) {
		request(PTRACE_ATTACH, NULL, NULL);
		wait_stop();
		request(PTRACE_DETACH, NULL, NULL);
	}
}

/* One round: the tracee forks, its child stops, runs and dies. */
static void fork_events(int count)
{
	int status;
	pid_t pid;

	while (count) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0)
			fail("waitpid");
		if (!WIFSTOPPED(status))
			continue;
		if (pid == tracee && status >> 8 == (SIGTRAP | PTRACE_EVENT_FORK << 8))
			count--;
		if (ptrace(PTRACE_CONT, pid, NULL, NULL))
			fail("PTRACE_CONT");
	}
}

static void call_getppid(void)
{
	syscall(SYS_getppid);
}

static void send_signal(void)
{
	syscall(SYS_kill, syscall(SYS_getpid), SIGUSR1);
}

static void be_idle(void)
{
	pause();
}

static void fork_child(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
}

/* Fork a child that repeats @work.  If @traced, it stops first. */
static void start(void (*work)(void), int traced)
{
	tracee = fork();
	if (tracee < 0)
		fail("fork");
	if (!tracee) {
		if (traced) {
			ptrace(PTRACE_TRACEME, 0, NULL, NULL);
			raise(SIGSTOP);
		}
		for (;;)
			work();
	}
	if (traced)
		wait_stop();
}

/* A child of the tracee may be traced as well, and stopped: kill it, too. */
static void end(void)
{
	int status;
	pid_t pid;

	kill(tracee, SIGKILL);
	while ((pid = waitpid(-1, &status, __WALL)) > 0)
		if (WIFSTOPPED(status))
			kill(pid, SIGKILL);
}

static void bench_stopped(void)
{
	start(call_getppid, 1);
	measure("ptrace-syscall-stop", syscall_stops, ROUNDS, 100);
	measure("ptrace-single-step", single_steps, ROUNDS, 100);
	measure("ptrace-peekuser", peekusers, ROUNDS, 1000);
	measure("ptrace-getregset", getregsets, ROUNDS, 1000);
	end();
}

/* The same stops at a fixed priority: neither preempts the other. */
static void bench_fifo(void)
{
	set_policy(SCHED_FIFO, 1);
	start(call_getppid, 1);
	measure("ptrace-syscall-stop-fifo", syscall_stops, ROUNDS, 100);
	measure("ptrace-single-step-fifo", single_steps, ROUNDS, 100);
	end();
	start(send_signal, 1);
	measure("ptrace-signal-stop-fifo", signal_stops, ROUNDS, 100);
	end();
	set_policy(SCHED_OTHER, 0);
}

void bench_ptrace(void)
{
	bench_stopped();
	bench_fifo();

	start(be_idle, 0);
	measure("ptrace-seize-interrupt-detach", seizes, ROUNDS, 100);
	measure("ptrace-attach-detach", attaches, ROUNDS, 100);
	end();

	start(send_signal, 1);
	measure("ptrace-signal-stop", signal_stops, ROUNDS, 100);
	end();

	start(fork_child, 1);
	request(PTRACE_SETOPTIONS, NULL, (void *)PTRACE_O_TRACEFORK);
	request(PTRACE_CONT, NULL, NULL);
	measure("ptrace-fork-event", fork_events, ROUNDS, 10);
	end();
}
