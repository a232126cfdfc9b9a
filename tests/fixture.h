/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture of the tests: a context of /dev/utrace_test, children that are
 * killed at teardown, and a main() that adapts time limits to the kernel.
 */
#ifndef UT_FIXTURE_H
#define UT_FIXTURE_H

#include "kselftest_harness.h"
#include "lib.h"

FIXTURE(utrace) {
	int unused;
};

FIXTURE_SETUP(utrace)
{
	ASSERT_EQ(0, ut_setup()) {
		TH_LOG("/dev/utrace_test: is the module utrace_test loaded?");
	}
}

FIXTURE_TEARDOWN(utrace)
{
	const char *complaint = ut_complaint();

	EXPECT_EQ(NULL, complaint) {
		TH_LOG("%s", complaint);
	}
	ut_teardown();
}

#define UT_TEST(name)		TEST_F_TIMEOUT(utrace, name, 30)
/* For tests with many rounds */
#define UT_LONG_TEST(name)	TEST_F_TIMEOUT(utrace, name, 120)

/* Wait for a record and store it in r; attach with these events */
#define WAIT(h, cb)		ASSERT_NE(NULL, r = ut_wait(h, cb))
#define WAIT_ARG(h, cb, arg)	ASSERT_NE(NULL, r = ut_wait_arg(h, cb, arg))
#define ATTACH(h, pid, events)	ASSERT_LE(0, (h) = ut_attach(pid, events))
#define WAIT_OP(h, name)	ASSERT_NE(NULL, r = ut_wait_op(h, UT_OP_##name))

/* PROGRAM [WORD]: run only the tests whose name contains WORD. */
static void ut_select(const char *word)
{
	struct __fixture_metadata *f;
	struct __test_metadata *t, **p;

	for (f = __fixture_list; f; f = f->next) {
		for (p = &f->tests; (t = *p);) {
			t->timeout *= 4 * ut_slow;
			if (word && !strstr(t->name, word))
				*p = t->next;
			else
				p = &t->next;
		}
	}
}

int main(int argc, char **argv)
{
	const char *variant = getenv("VARIANT");
	const char *slow = getenv("UT_SLOW");

	if (variant && (!strcmp(variant, "debug") || !strcmp(variant, "kcsan")))
		ut_slow = 5;
	if (slow && atoi(slow) > 0)
		ut_slow = atoi(slow);
	ut_select(argc > 1 ? argv[1] : NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	return test_harness_run(argc, argv);
}

static void __attribute__((constructor)) __constructor_order_last(void)
{
	if (!__constructor_order)
		__constructor_order = _CONSTRUCTOR_ORDER_BACKWARD;
}

#endif /* UT_FIXTURE_H */
