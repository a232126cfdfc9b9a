#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Run a command while a process with a given number exists.
set -euo pipefail

if [ "${1:-}" = --help ] || [ $# -lt 2 ]; then
	echo 'Usage: with-pid.sh PID COMMAND...'
	echo 'Runs COMMAND while a process PID exists.  Run this as root in a new pid namespace,'
	echo 'where PID is not in use.'
	[ $# -ge 2 ]
	exit
fi
pid=$1
shift
echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
sleep infinity &
[ $! = "$pid" ] || { echo "with-pid.sh: got $! instead of $pid" >&2; exit 1; }
status=0
"$@" || status=$?
kill "$pid"
exit $status
