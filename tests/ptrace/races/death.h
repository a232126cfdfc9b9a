/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracer's death against a kind of stop: in two varieties, as the tracee
 * goes on or is killed for it.
 */
#ifndef RACE_DEATH_H
#define RACE_DEATH_H

#include <stdbool.h>

/*
 * Runs all kinds of stop that are events of a fork, or all others; rounds of
 * each variety of each kind.
 */
int death_main(int argc, char **argv, bool forks, long rounds);

#endif
