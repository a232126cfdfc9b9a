/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of stop, and how a tracer brings a tracee to them.
 */
#ifndef RACE_STOPS_H
#define RACE_STOPS_H

#include "race.h"

struct stop_kind {
	const char *name;
	int (*body)(long arg);		/* the tracee: a loop that gets there */
	long options;
	int restart;			/* request from one stop to the next */
	int want;			/* AT(signal, event) */
	int nth;			/* of those stops */
	bool attach;			/* not SEIZE; no options then */
	bool listen;
	bool stops_itself;		/* the loop needs a SIGCONT each time */
	bool ends;			/* with exit code 0 */
	bool forks;
	int cost;			/* of a round, to that of most others */
};

extern const struct stop_kind stop_kinds[];
extern const int stop_kinds_nr;

/* The tracer comes; fails if it cannot */
void take_hold(const struct stop_kind *kind, pid_t pid, long options);

/*
 * From running, in the tracer's hold, to the stop.  The status of that, or
 * the last status if it died, or -1 if there is nothing to wait for.  If
 * kill_others, the tracee may be killed: then this thread's other tracees are
 * killed and reaped as well, since a dead process waits for its traced threads.
 */
int reach_stop(const struct stop_kind *kind, pid_t pid, bool kill_others);

#endif
