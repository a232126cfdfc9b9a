/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first header of a script's module on a kernel with the utrace layer.
 *
 * To this runtime, and to the code that the translator emits, CONFIG_UTRACE
 * means the utrace of 2009 and code that no longer compiles.  So it is not
 * defined for them; but before that comes each kernel header that looks at it,
 * or task_struct would have another layout here than in the kernel.
 */
#ifndef _STP_UTRACE_LAYER_H
#define _STP_UTRACE_LAYER_H

#ifndef CONFIG_UTRACE
#error "this kernel has no utrace layer: CONFIG_UTRACE is not set"
#endif

#include <linux/sched.h>
#include <linux/sched/jobctl.h>
#include <linux/sched/signal.h>
#include <linux/ptrace.h>
#include <linux/utrace.h>

#if UTRACE_API_VERSION <= 20091216
#error "this kernel's utrace is an old one"
#endif

#undef CONFIG_UTRACE

/* The runtime's task finder is used if there is something below it. */
#ifndef STAPCONF_UTRACE_VIA_TRACEPOINTS
#define STAPCONF_UTRACE_VIA_TRACEPOINTS 1
#endif

#endif /* _STP_UTRACE_LAYER_H */
