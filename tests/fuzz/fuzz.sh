#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Run the fuzzer of engines in a virtual machine.
set -uo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
	cat <<'END'
Usage: tests/fuzz/fuzz.sh [-n COUNT] [-s SEED] [-v VARIANT] [--time SEC]
                          [--show FAULT,...] [--wrong] [-- FUZZ-ENGINES ARGUMENT...]

Runs the sequences of COUNT seeds, starting with SEED (default: 100 from 1), or
as many as fit in SEC seconds, on VARIANT (default: utrace).  A sequence that
fails is run again with fewer operations, and the shortest prefix that fails is
printed.  If the guest crashes or hangs, the seed of its last sequence is printed.
--show: also generate what triggers a known fault, see fuzz-engines --help.
--wrong: some engines return random bits from their callbacks.
END
	exit
fi
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
export BUILDDIR=${BUILDDIR:-$repo/build}
count=100 seed=1 variant=utrace time='' args=()
while [ $# -gt 0 ]; do
	case $1 in
	-n | -s | -v | --time | --show)
		[ $# -gt 1 ] || { echo "fuzz: $1 needs a value: see --help" >&2; exit 1; } ;;
	esac
	case $1 in
	-n) count=$2 ;;
	-s) seed=$2 ;;
	-v) variant=$2 ;;
	--time) time=$2 ;;
	--show) args+=(--show "$2") ;;
	--wrong) args+=(--wrong); shift; continue ;;
	--) shift; break ;;
	*) echo "fuzz: '$1' is unknown: see --help" >&2; exit 1 ;;
	esac
	shift 2
done
args+=("$@")
[ -z "$time" ] || args+=(--time "$time")
# shellcheck source=tests/checks/tap.sh
. "$repo/tests/checks/tap.sh"
out=$BUILDDIR/fuzz-engines
mkdir -p "$out" || exit 1
make -s --no-print-directory -C "$repo/tests/fuzz" O="$BUILDDIR/tests/fuzz" >&2 || exit 1

echo 'TAP version 13'
status=0
"$repo/tests/vm/vm.sh" --timeout $((${time:-$((count * 20))} + 1800)) --results "$out" "$variant" \
	"tests/fuzz/guest.sh --seed $seed --count $count --at \$RESULTS/at ${args[*]}" \
	>"$out/log" 2>&1 </dev/null || status=$?
case $status in
0 | 1) why='' ;;
*) why="the last sequence begun: seed $(cat "$out/at" 2>/dev/null)" ;;
esac
grep '^# [0-9]* sequences' "$out/log"
report "$status" "sequences of engines on $variant" "$(head -n 600 "$out/log")${why:+$'\n'$why}"
tap_end
