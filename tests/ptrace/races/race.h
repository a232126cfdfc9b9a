/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the races of ptrace(2) share.
 *
 * A program is a class of races, each of many rounds.  A race runs in a process
 * group of its own, whose tasks are cheap: they share one memory, so they call
 * the kernel by sys(), which has no errno.  They are SCHED_FIFO, and whoever
 * waits in a loop yields in it: so each gets its turn at once, and a round costs
 * what its calls cost.  Every few hundred rounds they rest, and the kernel's own
 * threads have their turn.  The main process only watches: when no round ends for
 * long, or one has failed, it tells where each task stands.
 */
#ifndef RACE_H
#define RACE_H

#include <errno.h>
#include <linux/ptrace.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "meet.h"

#define PTRACE_CONT		7
#define PTRACE_SINGLESTEP	9
#define PTRACE_GETREGS		12
#define PTRACE_ATTACH		16
#define PTRACE_DETACH		17
#define PTRACE_SYSCALL		24

#define RT_SIG		34		/* the first that libc leaves to us */

/* What WSTOPSIG and the event of a status make together: status >> 8 */
#define AT(sig, event)	((sig) | (event) << 8)

/* Shared with the watching process, and with images after exec */
struct race_shm {
	volatile long round;		/* rounds that are over */
	volatile long failed;
	volatile long beats;		/* turns of the tracee's loop */
	volatile long children;		/* of fork_quick() that ran */
	volatile long killed_too;	/* may be: the tracee's children */
	volatile long caught[65];	/* by the tracee's handlers */
	volatile long value;		/* of the last queued one */
	volatile long turn;		/* what the sides of a race wait for */
	volatile long done;
	volatile int resting;		/* a futex: see join_rest() */
	volatile long val[8];
	volatile pid_t pid;		/* the tracee */
	volatile pid_t tid;
	struct meet meet[2];
};

extern struct race_shm *shm;

struct race {
	const char *name;
	long rounds;			/* in a plain run */
	void (*run)(long rounds, long arg);
	long arg;
};

/* The list ends with a race without a name; returns the exit status */
int race_main(int argc, char **argv, const struct race *races);

/* A call of the kernel; -errno is a failure */
long sys(long nr, long a, long b, long c, long d, long e);
long pt(int request, pid_t pid, long addr, const void *data);
/* With __WALL; -1 as pid waits for any, and only this thread's tracees */
long wait_for(pid_t pid, int *status, int options);

/* A task on stack number slot; flags as for clone(), CLONE_VM is added */
pid_t task_start(int slot, int (*fn)(long arg), long arg, long flags);
/* For it: a tracee that only shows that it runs, in shm->beats */
int task_beats(long arg);
/* A child, or a thread, that counts itself in shm->children and ends */
pid_t fork_quick(long flags);
void pin(int cpus);			/* a mask */

/* Sleeps while the race rests; for loops without relax() */
void join_rest(void);
/* Waiting: others run meanwhile */
void relax(void);
#define AWAIT(cond)	do { while (!(cond)) relax(); } while (0)
/* A queued signal with a value to one task */
long queue_value(pid_t pid, int sig, long value);
pid_t tracer_of(pid_t pid);
/* Those that are awaited count themselves in shm->caught */
void catch_signals(void);

void round_done(void);
/* Ends the race as failed; does not return */
void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
