/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first header of a script's module on a kernel with the utrace layer.
 *
 * For the runtime and the code that the translator emits, CONFIG_UTRACE means
 * the utrace of 2009, and enables code that does not compile any more.  So
 * undefine it for them.  First include each kernel header that tests it:
 * otherwise task_struct would have another layout here than in the kernel.
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

/* The runtime uses its task finder only if this is defined. */
#ifndef STAPCONF_UTRACE_VIA_TRACEPOINTS
#define STAPCONF_UTRACE_VIA_TRACEPOINTS 1
#endif

#endif /* _STP_UTRACE_LAYER_H */
