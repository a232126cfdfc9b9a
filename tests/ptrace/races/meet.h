/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Moments: random ones, and the one at which two things meet.
 */
#ifndef RACE_MEET_H
#define RACE_MEET_H

#include <stdbool.h>

/*
 * A delay that seeks the moment of something else: it grows each time it was
 * over before that, and shrinks when it was over after.  What is waited is a
 * random part of twice the delay.
 */
struct meet {
	volatile long delay;		/* in cycles of the TSC */
	volatile long early, late;
};

long meet_pick(struct meet *m);
void meet_wait(struct meet *m);
void meet_was(struct meet *m, bool late);
/* Both have been seen, and neither only by chance */
bool meet_both(const struct meet *m);

/* Any moment: each order of magnitude is as likely, up to about 0.2 ms */
void jitter(void);

#endif
