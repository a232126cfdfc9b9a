/* SPDX-License-Identifier: GPL-2.0-only */
/* The interfaces between the source files of this module */
#ifndef SYSCALL_COUNT_H
#define SYSCALL_COUNT_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/seq_file.h>

struct pt_regs;

/**
 * struct row - the counts of one system call
 * @calls: number of entries
 * @errors: number of calls that returned an error
 * @ns: time spent in the calls that returned
 *
 * All tasks write these at the same time, also during reads.  There is no lock.
 */
struct row {
	atomic64_t calls;
	atomic64_t errors;
	atomic64_t ns;
} ____cacheline_aligned_in_smp;

/* table.c */
struct row *table_row(struct pt_regs *regs);
void table_reset(void);
extern const struct seq_operations table_seq_ops;

/* follow.c */
int follow_tree(int nr);
void follow_stop(void);
int follow_show(struct seq_file *m, void *v);

#endif
