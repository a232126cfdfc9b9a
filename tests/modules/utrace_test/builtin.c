// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach built-in engines, to test their additional callbacks.
 *
 * utrace_attach_builtin() is not exported.  A kprobe resolves its address.
 * Only a test may do this.
 */
#include <linux/kprobes.h>

#include "test.h"

static typeof(utrace_attach_builtin) *ut_attach_builtin;

static struct kprobe ut_builtin_probe = {
	.symbol_name	= "utrace_attach_builtin",
};

/* Called once, before engines are attached. */
int ut_builtin_init(void)
{
	int ret = register_kprobe(&ut_builtin_probe);

	if (ret)
		return ret;
	ut_attach_builtin = (void *)ut_builtin_probe.addr;
	unregister_kprobe(&ut_builtin_probe);
	return 0;
}

/* As utrace_attach_task(), but also accepts tables with ->builtin. */
struct utrace_engine *ut_attach_task(struct task_struct *task, int flags,
				     const struct utrace_engine_ops *ops,
				     void *data)
{
	if (ops && ops->builtin)
		return ut_attach_builtin(task, flags, ops, data, 0);
	return utrace_attach_task(task, flags, ops, data);
}
