// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracer's death against the events of fork, vfork and clone: the child,
 * which has become the tracer's, goes on as the tracee does, or dies with it.
 * The tracee's turn is over only when its child has run.
 */
#include "death.h"

int main(int argc, char **argv)
{
	return death_main(argc, argv, true, 500);
}
