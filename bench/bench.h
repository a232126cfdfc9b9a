/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The benchmark programs.  Each operation is a function that repeats it @count
 * times.  In a guest with --icount a nanosecond is an instruction.
 */
#ifndef BENCH_H
#define BENCH_H

#include <sys/types.h>

/* print "<name> <ns per operation>": the minimum of @rounds of @count each */
void measure(const char *name, void (*operation)(int count), int rounds,
	     int count);

/* exit with a message: do not print the result of an operation that failed */
void fail(const char *what) __attribute__((noreturn));

/* set the scheduling policy of this process and its children to come */
void set_policy(int policy, int priority);

/* make @count system calls, for measure() */
void getppids(int count);

void bench_untraced(void);
void bench_ptrace(void);
void bench_engine(void);

#endif /* BENCH_H */
