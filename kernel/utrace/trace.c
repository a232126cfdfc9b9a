// SPDX-License-Identifier: GPL-2.0-only
/* The layer's tracepoints. */
#include <linux/sched.h>
#include <linux/utrace.h>

#define CREATE_TRACE_POINTS
#include <trace/events/utrace.h>
