// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracer's death against each kind of stop but those of a fork: the tracee
 * goes on, or it dies as EXITKILL says.  It never stays stuck.
 */
#include "death.h"

int main(int argc, char **argv)
{
	return death_main(argc, argv, false, 200);
}
