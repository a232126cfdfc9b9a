/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each test of the program is run for each kind of ptrace stop.
 */
#ifndef UT_BESIDE_VARIANTS_H
#define UT_BESIDE_VARIANTS_H

#include "fixture.h"
#include "beside/beside.h"

FIXTURE_VARIANT(utrace) {
	const struct bs_kind *kind;
};

FIXTURE_VARIANT_ADD(utrace, signal) { .kind = &bs_signal };
FIXTURE_VARIANT_ADD(utrace, attach) { .kind = &bs_attach };
FIXTURE_VARIANT_ADD(utrace, traceme) { .kind = &bs_traceme };
FIXTURE_VARIANT_ADD(utrace, born) { .kind = &bs_born };
FIXTURE_VARIANT_ADD(utrace, old_born) { .kind = &bs_old_born };
FIXTURE_VARIANT_ADD(utrace, old_signal) { .kind = &bs_old_signal };
FIXTURE_VARIANT_ADD(utrace, entry) { .kind = &bs_entry };
FIXTURE_VARIANT_ADD(utrace, exit) { .kind = &bs_exit };
FIXTURE_VARIANT_ADD(utrace, sysemu) { .kind = &bs_sysemu };
FIXTURE_VARIANT_ADD(utrace, step) { .kind = &bs_step };
FIXTURE_VARIANT_ADD(utrace, block_step) { .kind = &bs_block_step };
FIXTURE_VARIANT_ADD(utrace, sysemu_step) { .kind = &bs_sysemu_step };
FIXTURE_VARIANT_ADD(utrace, handler) { .kind = &bs_handler };
FIXTURE_VARIANT_ADD(utrace, interrupt) { .kind = &bs_interrupt };
FIXTURE_VARIANT_ADD(utrace, group) { .kind = &bs_group };
FIXTURE_VARIANT_ADD(utrace, old_group) { .kind = &bs_old_group };
FIXTURE_VARIANT_ADD(utrace, listen) { .kind = &bs_listen };
FIXTURE_VARIANT_ADD(utrace, cont) { .kind = &bs_cont };
FIXTURE_VARIANT_ADD(utrace, fork) { .kind = &bs_fork };
FIXTURE_VARIANT_ADD(utrace, vfork) { .kind = &bs_vfork };
FIXTURE_VARIANT_ADD(utrace, vfork_done) { .kind = &bs_vfork_done };
FIXTURE_VARIANT_ADD(utrace, clone) { .kind = &bs_clone };
FIXTURE_VARIANT_ADD(utrace, exec) { .kind = &bs_exec };
FIXTURE_VARIANT_ADD(utrace, death) { .kind = &bs_death };
FIXTURE_VARIANT_ADD(utrace, seccomp) { .kind = &bs_seccomp };

/* @alone: what the tracer does in the run without an engine */
#define EXPECT_SAME(alone, action)					\
	do {								\
		EXPECT_EQ(0, bs_same(variant->kind, alone, action));	\
		EXPECT_EQ(variant->kind->end, bs_alone.status);		\
	} while (0)

#endif /* UT_BESIDE_VARIANTS_H */
