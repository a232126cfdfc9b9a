/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RACE_WATCH_H
#define RACE_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

/* Is this one of the kernels that are about five times slower? */
bool slow_kernel(void);
/* Until the process ends; false if it failed, hung, or did too few rounds */
bool watch(pid_t pid, long rounds);

#endif
