// SPDX-License-Identifier: GPL-2.0-only
/*
 * For the demo: print the average of the numbers on stdin, with a bug.
 */
#include <stdio.h>
#include <stdlib.h>

struct number {
	double value;
	struct number *next;
};

static struct number *read_numbers(FILE *file)
{
	struct number *list = NULL;
	double value;

	while (fscanf(file, "%lf", &value) == 1) {
		struct number *number = malloc(sizeof(*number));

		if (!number)
			exit(1);
		number->value = value;
		number->next = list;
		list = number;
	}
	return list;
}

static double sum(const struct number *list, int count)
{
	double total = 0;

	while (count--) {
		total += list->value;
		list = list->next;
	}
	return total;
}

/* The bug: @count is not compared with the length of the list */
static double average(const struct number *list, int count)
{
	return sum(list, count) / count;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1;

	printf("%g\n", average(read_numbers(stdin), count));
	return 0;
}
