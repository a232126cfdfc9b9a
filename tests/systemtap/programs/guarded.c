// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mark with a semaphore.  The semaphore is 0 while no session uses the mark,
 * so that a program can skip costly preparations of the mark's arguments.
 *
 *	guarded FIFO COUNT...	for each COUNT, read a line from FIFO, test the
 *				semaphore COUNT times, execute the mark if it is
 *				not 0, and print how often that was
 */
#include <stdio.h>
#include <stdlib.h>

#define SDT_USE_VARIADIC
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>

/* the note of the mark contains the address of this variable */
unsigned short guarded_step_semaphore __attribute__((section(".probes")));

static int come_by(int count)
{
	int i, on = 0;

	for (i = 0; i < count; i++) {
		if (!*(volatile unsigned short *)&guarded_step_semaphore)
			continue;
		on++;
		STAP_PROBE1(guarded, step, i);
	}
	return on;
}

int main(int argc, char **argv)
{
	char line[16];
	FILE *fifo;
	int i;

	puts("ready");
	fflush(stdout);
	fifo = argc > 1 ? fopen(argv[1], "r") : NULL;
	if (!fifo)
		return 1;
	for (i = 2; i < argc && fgets(line, sizeof(line), fifo); i++) {
		printf("on %d\n", come_by(atoi(argv[i])));
		fflush(stdout);
	}
	return 0;
}
