/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the target programs do, and their results on a kernel without faults.
 *
 * Each thread of a program runs units of work until ->finish is set.  A unit
 * makes a system call, or several, with one correct result, and mixes a value
 * into the thread's sum.  The state is in shared memory, so that each thread
 * resumes at its next unit after any thread of the program has called execve.
 */
#ifndef FUZZ_MODEL_H
#define FUZZ_MODEL_H

#include <stdint.h>

#define MAX_TARGETS	3
#define MAX_THREADS	3
#define SHARED_FD	100
#define MAGIC_NR	1023	/* UF_MAGIC_NR, and so on */
#define MAGIC_RESULT	0x5eed
#define EXIT_BIT	0x40
#define FILTER_NR	1022	/* filters return SECCOMP_RET_TRACE for it */

/* One thread of a program.  The store to ->next commits a unit. */
struct thread {
	volatile uint32_t next;		/* unit; initial sum: sum[next & 1] */
	volatile uint32_t sum[2];
	volatile int tid;
	volatile int kind;		/* 1 + enum unit of the current unit */
	volatile int done;
};

struct program {
	uint64_t seed __attribute__((aligned(8)));
	int bits, threads;
	int one_cpu;
	int answered;		/* engines may change MAGIC_NR and exit codes */
	int filter;		/* with a seccomp filter */
	int init;		/* init of a pid namespace */
	volatile int finish;
	volatile int execs;
	volatile int pid;
	volatile int failed;
	char why[160];
	struct thread thread[MAX_THREADS];
};

struct shared {
	int parent;			/* the programs' getppid() */
	volatile int phase;		/* phase that the driver began last */
	volatile int calm;		/* between phases, no task is held */
	volatile int at[8];		/* last phase that each actor ended */
	volatile int tracer_next;	/* index of the tracer's next op */
	volatile int failed;
	char why[512];
	struct program program[MAX_TARGETS];
};

#define UNITS(unit) \
	unit(calc) unit(parent) unit(pipe) unit(signal) unit(blocked) \
	unit(fork) unit(vfork) unit(exec_child) unit(nap) unit(poll) \
	unit(futex) unit(magic) unit(thread) unit(exec) unit(probed) \
	unit(fault) unit(stop) unit(filter) unit(term)
#define UNIT_ENUM(name) UNIT_##name,
enum unit { UNITS(UNIT_ENUM) N_UNITS };

static inline uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

/* Determines the kind of unit @n and the values that it uses. */
static inline uint64_t unit_hash(const struct program *p, int thread, uint32_t n)
{
	return mix(p->seed + ((uint64_t)(thread + 1) << 32) + n);
}

static inline enum unit unit_kind(const struct program *p, uint64_t hash)
{
	enum unit kind = (hash >> 40) % (N_UNITS * 2);

	/* more than half are of the quick kinds; exec and stop are rare */
	if (kind >= N_UNITS)
		kind = (hash >> 50) % (UNIT_blocked + 1);
	if (kind == UNIT_exec && (hash >> 56) % 4)
		return UNIT_nap;
	if (kind == UNIT_stop && (hash >> 56) % 8)
		return UNIT_poll;
	if (kind == UNIT_filter && !p->filter)
		return UNIT_magic;
	if (kind == UNIT_term && !p->init)
		return UNIT_signal;
	return kind;
}

/* Mixed into the sum by a unit with the correct result. */
static inline uint32_t unit_value(uint64_t hash)
{
	return (uint32_t)hash | 1;
}

static inline uint32_t sum_step(uint32_t sum, uint32_t value)
{
	return (uint32_t)mix(((uint64_t)sum << 32) | value);
}

static inline uint32_t model_sum(const struct program *p, int thread, uint32_t n)
{
	uint32_t sum = 0, i;

	for (i = 0; i < n; i++)
		sum = sum_step(sum, unit_value(unit_hash(p, thread, i)));
	return sum;
}

/* 1 ... 63: nonzero, and EXIT_BIT is clear */
static inline int exit_code_of(uint32_t x)
{
	return 1 + x % (EXIT_BIT - 1);
}

/* With ->answered, engines with UF_EXIT may have set EXIT_BIT. */
static inline int exit_code_ok(const struct program *p, int got, int want)
{
	return got == want || (p->answered && got == (want | EXIT_BIT));
}

#endif
