// SPDX-License-Identifier: GPL-2.0-only
/*
 * See meet.h.
 */
#include "meet.h"

#define DELAY_FIRST	16384
#define DELAY_MIN	256
#define DELAY_MAX	67108864	/* some 25 ms */
#define JITTER_BITS	19

static unsigned int random_bits(void)
{
	static unsigned int seed = 1;
	unsigned int x = __sync_add_and_fetch(&seed, 0x9e3779b9);

	x = (x ^ x >> 15) * 0x85ebca6bu;
	x = (x ^ x >> 13) * 0xc2b2ae35u;
	return x ^ x >> 16;
}

static void spin(long cycles)
{
	unsigned long start = __builtin_ia32_rdtsc();

	while ((long)(__builtin_ia32_rdtsc() - start) < cycles)
		;
}

long meet_pick(struct meet *m)
{
	if (!m->delay)
		m->delay = DELAY_FIRST;
	return random_bits() % (2 * (unsigned long)m->delay);
}

void meet_wait(struct meet *m)
{
	spin(meet_pick(m));
}

void meet_was(struct meet *m, bool late)
{
	if (late) {
		m->late++;
		m->delay -= m->delay / 4;
		if (m->delay < DELAY_MIN)
			m->delay = DELAY_MIN;
	} else {
		m->early++;
		/* at first it may be far off */
		m->delay += m->late ? m->delay / 4 : m->delay;
		if (m->delay > DELAY_MAX)
			m->delay = DELAY_MAX;
	}
}

bool meet_both(const struct meet *m)
{
	long enough = (m->early + m->late) / 50 + 1;

	return m->early >= enough && m->late >= enough;
}

void jitter(void)
{
	unsigned int x = random_bits();

	spin(x >> 8 & ((1u << (x & 255) % (JITTER_BITS + 1)) - 1));
}
