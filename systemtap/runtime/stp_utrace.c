// SPDX-License-Identifier: GPL-2.0-only
/*
 * This replaces the runtime's own utrace by the utrace layer of the kernel.
 */
#ifndef _STP_UTRACE_C
#define _STP_UTRACE_C

#include <linux/err.h>
#include <linux/hash.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "stp_utrace.h"
#include "stp_task_work.c"
#include "linux/stp_tracepoint.h"
#include "stp_helper_lock.h"

#include "linux/utrace_task.c"
#include "linux/utrace_table.c"
#include "linux/utrace_end.c"
#include "linux/utrace_reports.c"
#include "linux/utrace_calls.c"
#include "linux/utrace_session.c"
#include "linux/utrace_names.h"

#endif /* _STP_UTRACE_C */
