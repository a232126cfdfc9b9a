#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The races at their full counts: 100,000 rounds and more.
set -uo pipefail

if [ "${1:-}" = --help ]; then
	cat <<'END'
Usage: tests/stress.sh [WORD]

Runs inside the guest, as root: the storms, kills, forks and memory rounds of
tests/races.c at their full counts (100,000 attach and detach rounds from each
CPU in each kind of storm), then the races of ptrace(2), 100,000 rounds each, one TAP stream.
WORD selects as in tests/run.sh, of the first; "ptrace-races" is the latter only.

Environment: as for tests/run.sh, and
  RACE_ROUNDS  rounds of each race of ptrace(2) (default: 100000)
  UT_SCALE  times the counts of a plain run (default: 25)
END
	exit
fi

here=$(cd "$(dirname "$0")" && pwd -P)
export UT_SCALE=${UT_SCALE:-25}
# a limit for each test, not a wait: 120 s times this
export UT_SLOW=${UT_SLOW:-60}
export UT_LIMIT=${UT_LIMIT:-36000}
export RACE_ROUNDS=${RACE_ROUNDS:-100000}
case ${1:-} in
ptrace-races*) exec "$here/run.sh" "$@" ;;
esac
exec "$here/run.sh" races "$@"
