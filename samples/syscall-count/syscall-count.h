/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of this module know of each other. */
#ifndef SYSCALL_COUNT_H
#define SYSCALL_COUNT_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/seq_file.h>

struct pt_regs;

/**
 * struct row - what is known of one system call
 * @calls: how often it was entered
 * @errors: how often it returned an error
 * @ns: time spent in those calls that returned
 *
 * Written by all tasks at once, read while they do.
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
