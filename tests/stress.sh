#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The races at their full counts: 100,000 rounds and more.
set -uo pipefail

if [ "${1:-}" = --help ]; then
	cat <<'END'
Usage: tests/stress.sh [PROGRAM [WORD]]

Runs inside the guest, as root: the storms, kills, forks and memory rounds of
tests/races.c at their full counts (100,000 attach and detach rounds from each
CPU in each kind of storm), then the races of ptrace(2), 100,000 rounds of each
class; one TAP stream.  PROGRAM, which is "races", "memory" (50,000 traced
processes), "ptrace-races" or one of the latter as "ptrace-races/kill", and WORD
select as in tests/run.sh.

Environment: as for tests/run.sh, and
  UT_SCALE  times the counts of a plain run (default: 25)
END
	exit
fi

export UT_SCALE=${UT_SCALE:-25}
# a limit for each test, not a wait: 120 s times this
export UT_SLOW=${UT_SLOW:-60}
export UT_LIMIT=${UT_LIMIT:-36000}
[ $# -gt 0 ] || set -- all-races
exec "$(dirname "$0")/run.sh" "$@"
