// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table: a row for each 64-bit system call, and for each 32-bit one.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/thread_info.h>
#include <asm/syscall.h>

#include "syscall-count.h"

/* Kbuild generates lines like [0] = "read", */
static const char * const names_64[] = {
#include "names_64.h"
};

static const char * const names_32[] = {
#include "names_32.h"
};

/* The last row of each is for all numbers without a name */
static struct row rows_64[ARRAY_SIZE(names_64) + 1];
static struct row rows_32[ARRAY_SIZE(names_32) + 1];

static const struct abi {
	const char *tag;
	const char * const *names;
	struct row *rows;
	unsigned int count;
} abis[] = {
	{ "64", names_64, rows_64, ARRAY_SIZE(names_64) },
	{ "32", names_32, rows_32, ARRAY_SIZE(names_32) },
};

/* The row of the system call that current is about to make */
struct row *table_row(struct pt_regs *regs)
{
	const struct abi *abi = &abis[in_ia32_syscall() ? 1 : 0];
	unsigned int nr = syscall_get_nr(current, regs);

	return &abi->rows[min(nr, abi->count)];
}

static struct row *row_at(loff_t pos, const struct abi **abi)
{
	for (*abi = abis; *abi < abis + ARRAY_SIZE(abis); ++*abi) {
		if (pos <= (*abi)->count)
			return &(*abi)->rows[pos];
		pos -= (*abi)->count + 1;
	}
	return NULL;
}

/* Calls in progress add their time and error later, when they return */
void table_reset(void)
{
	const struct abi *abi;
	struct row *row;
	loff_t pos;

	for (pos = 0; (row = row_at(pos, &abi)); pos++) {
		atomic64_set(&row->calls, 0);
		atomic64_set(&row->errors, 0);
		atomic64_set(&row->ns, 0);
	}
}

/* The position is the row's number plus one; position 0 is the heading */
static void *table_seq_start(struct seq_file *m, loff_t *pos)
{
	const struct abi *abi;

	return *pos ? row_at(*pos - 1, &abi) : SEQ_START_TOKEN;
}

static void *table_seq_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return table_seq_start(m, pos);
}

static void table_seq_stop(struct seq_file *m, void *v)
{
}

static int table_seq_show(struct seq_file *m, void *v)
{
	const struct abi *abi = abis;
	struct row *row = v;
	const char *name = NULL;
	u64 calls;
	u32 ns;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "abi name                           calls     errors           time_us\n");
		return 0;
	}
	calls = atomic64_read(&row->calls);
	if (!calls)
		return 0;
	if (row < abi->rows || row > abi->rows + abi->count)
		abi++;
	if (row < abi->rows + abi->count)
		name = abi->names[row - abi->rows];
	seq_printf(m, "%3s %-24s %11llu %10llu ", abi->tag, name ?: "?",
		   calls, (u64)atomic64_read(&row->errors));
	seq_printf(m, "%13llu", div_u64_rem(atomic64_read(&row->ns), 1000, &ns));
	seq_printf(m, ".%03u\n", ns);
	return 0;
}

const struct seq_operations table_seq_ops = {
	.start	= table_seq_start,
	.next	= table_seq_next,
	.stop	= table_seq_stop,
	.show	= table_seq_show,
};
