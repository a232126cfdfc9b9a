#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: run the rig's programs, and write their transcripts to $RESULTS.
set -uo pipefail

if [ "${1:-}" = --help ]; then
	cat <<'END'
Usage: tests/ptrace/run.sh [-n ROUNDS] [PROGRAM...]

Runs each program (default: all) and writes its transcript, with the exit status
in the last line, to $RESULTS/PROGRAM.  -n ROUNDS: runs each program ROUNDS times,
and writes each different transcript to PROGRAM.2, PROGRAM.3 ...

Environment:
  RESULTS  directory of the transcripts
  RIGBIN   directory of the programs (default: $BUILDDIR/tests/ptrace)
END
	exit
fi
rounds=1
if [ "${1:-}" = -n ]; then
	rounds=$2
	shift 2
fi
bin=${RIGBIN:-$BUILDDIR/tests/ptrace}
[ -s "$bin/programs" ] || { echo "run: no programs in $bin: run 'make tests'" >&2; exit 1; }
[ $# -gt 0 ] || mapfile -t names <"$bin/programs"
[ $# -eq 0 ] || names=("$@")
# last_*: programs whose effects on the guest cannot be undone
mapfile -t names < <(printf '%s\n' "${names[@]}" | awk '/^last_/ { last = last $0 "\n"; next } 1; END { printf "%s", last }')

limit=240
case ${VARIANT:-} in
debug | kcsan) limit=900 ;;
esac

# Run one program once, in a new session and directory
once() {
	local dir
	dir=$(mktemp -d) && cd "$dir" || return
	timeout -k 5 $limit setsid -w "$bin/$1" </dev/null 2>&1
	echo "exit status $?"
	cd / && rm -rf "$dir"
}

echo 1 >/proc/sys/kernel/randomize_va_space
ulimit -c 0
for name in "${names[@]}"; do
	once "$name" >"$RESULTS/$name"
	seen=1
	for ((i = 1; i < rounds; i++)); do
		once "$name" >/tmp/transcript
		new=1
		for ((j = 1; j <= seen; j++)); do
			file=$RESULTS/$name
			[ $j = 1 ] || file=$file.$j
			! cmp -s /tmp/transcript "$file" || new=
		done
		[ -z "$new" ] || cp /tmp/transcript "$RESULTS/$name.$((++seen))"
	done
	[ "$rounds" = 1 ] || echo "$name: $seen transcripts in $rounds rounds"
done
