// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print this machine's TSC frequency in kHz.
 *
 * A guest under TCG sees the host's TSC but calibrates it against an
 * emulated timer: on a busy host it may come out ten times off, and time in
 * the guest runs that much too fast.
 */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

static unsigned long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

int main(void)
{
	unsigned long long ns = now_ns(), tsc = __rdtsc(), end;

	do {
		end = now_ns();
	} while (end - ns < 200000000);
	printf("%llu\n", (__rdtsc() - tsc) * 1000000 / (end - ns));
	return 0;
}
