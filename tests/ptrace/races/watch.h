/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RACE_WATCH_H
#define RACE_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

/* Is this a kernel that is about five times slower? */
bool slow_kernel(void);
/* Watch @pid to its end.  False if it failed, hung, or ran too few rounds. */
bool watch(pid_t pid, long rounds);

#endif
