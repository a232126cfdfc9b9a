/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the target programs do, and what comes of it on a kernel without faults.
 *
 * Each thread of a program runs one unit after the other until it is told to
 * finish.  A unit asks the kernel for something with one right answer, which is
 * mixed into the thread's sum.  All is kept in shared memory, so that a thread
 * goes on where it was after an execve by any of them.
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
#define FILTER_NR	1022	/* there is a filter that says TRACE */

/* One thread of a program.  A unit's end is one store: of next. */
struct thread {
	volatile uint32_t next;		/* unit; sum[next & 1] is before it */
	volatile uint32_t sum[2];
	volatile int tid;
	volatile int kind;		/* of the unit it is in, 1 + enum unit */
	volatile int done;
};

/* One program */
struct program {
	uint64_t seed __attribute__((aligned(8)));
	int bits, threads;
	int one_cpu;
	int answered;		/* engines may answer MAGIC_NR and change exit codes */
	int filter;		/* with a seccomp filter */
	int init;		/* process 1 of a pid namespace, which ends itself */
	volatile int finish;
	volatile int execs;
	volatile int pid;
	volatile int failed;
	char why[160];
	struct thread thread[MAX_THREADS];
};

struct shared {
	int parent;			/* what getppid() is */
	volatile int phase;		/* begun by the driver */
	volatile int calm;		/* at the end of a phase */
	volatile int at[8];		/* phases ended, by actor */
	volatile int tracer_next;	/* its next step */
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

/* Which unit is the nth, and the value it is about */
static inline uint64_t unit_hash(const struct program *p, int thread, uint32_t n)
{
	return mix(p->seed + ((uint64_t)(thread + 1) << 32) + n);
}

static inline enum unit unit_kind(const struct program *p, uint64_t hash)
{
	enum unit kind = (hash >> 40) % (N_UNITS * 2);

	/* half are of the quick kinds, and few replace the program or stop it */
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

/* What a unit with the right answer adds */
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

/* 1 ... 63 */
static inline int exit_code_of(uint32_t x)
{
	return 1 + x % (EXIT_BIT - 1);
}

/* Engines that may answer may also set a bit in an exit code */
static inline int exit_code_ok(const struct program *p, int got, int want)
{
	return got == want || (p->answered && got == (want | EXIT_BIT));
}

#endif
