#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Run a command while there is a process of a given number.
set -euo pipefail

if [ "${1:-}" = --help ] || [ $# -lt 2 ]; then
	echo 'Usage: with-pid.sh PID COMMAND...'
	echo 'As root, and where the number is free: in a pid namespace of its own.'
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
