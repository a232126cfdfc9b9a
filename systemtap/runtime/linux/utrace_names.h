/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * After this header, the names utrace_* mean the runtime's engines.
 */
#ifndef _STP_UTRACE_NAMES_H
#define _STP_UTRACE_NAMES_H

#define utrace_engine		stp_engine
#define utrace_engine_ops	stp_engine_ops
#define utrace_attach_task	stp_attach_task
#define utrace_control		stp_control
#define utrace_set_events	stp_set_events
#define utrace_barrier		stp_barrier
#define utrace_engine_put	stp_engine_put

#define utrace_init		stp_utrace_init
#define utrace_shutdown		stp_utrace_shutdown
#define utrace_exit		stp_utrace_exit

/*
 * The translator emits a call of this for each probe at the end of a session.
 * stp_utrace_shutdown() has already detached all engines.
 */
#define stap_utrace_detach_ops(ops)	do { } while (0)

#endif /* _STP_UTRACE_NAMES_H */
