// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test engines controlled from user space: ioctl() sets rules for callbacks,
 * read() returns a log of them.  uapi.h describes the interface.
 */
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "test.h"

atomic64_t ut_global[UT_GL_NOUTS];

static struct miscdevice ut_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "utrace_test",
	.fops = &ut_fops,
	.mode = 0666,
};

static int __init ut_init(void)
{
	int ret = ut_builtin_init();

	if (ret)
		return ret;
	ut_ops_init();
	return misc_register(&ut_device);
}

static void __exit ut_exit(void)
{
	misc_deregister(&ut_device);
	ut_engine_exhume();
}

module_init(ut_init);
module_exit(ut_exit);
MODULE_DESCRIPTION("utrace test engine");
MODULE_LICENSE("GPL");
