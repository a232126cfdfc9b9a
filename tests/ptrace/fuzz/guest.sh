#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: play sequences, leave the transcripts in $RESULTS.
set -uo pipefail

if [ "${1:-}" = --help ]; then
	cat <<'END'
Usage: tests/ptrace/fuzz/guest.sh NAME [FUZZ ARGUMENT...] [-- NAME ...]

Each NAME is a file in $RESULTS with the transcripts that the fuzzer printed
when called with the arguments after it.
END
	exit
fi
# what it executes has to be on a file system that does not sleep
cp "$BUILDDIR/tests/ptrace/fuzz" /tmp/fuzz || exit 1
echo 0 >/proc/sys/kernel/randomize_va_space
status=0
while [ $# -gt 0 ]; do
	name=$1 args=()
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		args+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	/tmp/fuzz "${args[@]}" >"/tmp/$name" || status=$?
	cp "/tmp/$name" "$RESULTS/$name"
done
exit $status
