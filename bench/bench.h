/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The benchmark programs: each operation is a function that does it a number
 * of times, in a guest whose nanoseconds count instructions.
 */
#ifndef BENCH_H
#define BENCH_H

#include <sys/types.h>

/* print "<name> <nanoseconds of one>": the least of @rounds of @count each */
void measure(const char *name, void (*operation)(int count), int rounds,
	     int count);

/* end with a message: a figure of something that failed is worth nothing */
void fail(const char *what) __attribute__((noreturn));

/* system calls, for measure() */
void getppids(int count);

void bench_untraced(void);
void bench_ptrace(void);
void bench_engine(void);

#endif /* BENCH_H */
