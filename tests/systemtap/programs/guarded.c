// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mark with a semaphore, which says whether anybody listens: what is costly to
 * find out for the mark is left out where nobody does.
 *
 *	guarded FIFO COUNT...	for each COUNT a line is read, the mark is come by
 *				that often, and how often it was on is printed
 */
#include <stdio.h>
#include <stdlib.h>

#define SDT_USE_VARIADIC
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>

/* the linker puts it where the note of the mark says */
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
