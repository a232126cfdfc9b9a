// SPDX-License-Identifier: GPL-2.0-only
/* The number of engines and their names, in /proc/PID/status. */
#include <linux/module.h>
#include <linux/seq_file.h>

#include "walk.h"

static const char *utrace_engine_name(struct utrace_engine *engine)
{
	if (engine->ops->name)
		return engine->ops->name;
	return engine->ops->owner ? module_name(engine->ops->owner) : "?";
}

/* The ops and names of attached engines remain valid under utrace->lock. */
void __utrace_hook_proc_status(struct seq_file *m, struct task_struct *task)
{
	struct utrace *utrace = utrace_of(task);
	struct utrace_cursor at;
	int count = 0;

	if (!utrace) {
		seq_puts(m, "Utrace:\t0\n");
		return;
	}
	spin_lock_irq(&utrace->lock);
	at = utrace_all(utrace);
	while (utrace_each(&at))
		count++;
	seq_printf(m, "Utrace:\t%d", count);
	at = utrace_all(utrace);
	while (utrace_each(&at))
		seq_printf(m, " %s", utrace_engine_name(at.engine));
	spin_unlock_irq(&utrace->lock);
	seq_putc(m, '\n');
}
