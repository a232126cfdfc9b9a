#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What operations cost on the pristine kernel and on ours, side by side.
set -euo pipefail

usage() {
	cat <<'END'
Usage: bench/bench.sh [--tsv | --json] [GROUP...]

Runs the benchmark programs on VARIANT=vanilla and VARIANT=utrace, in guests
whose nanoseconds count instructions, and prints a table: operation,
instructions on vanilla, on utrace, ratio, limit, and whether it is within.

Groups: untraced, ptrace, engine (default: all).
  --tsv   tab separated, with a line of names
  --json  an array of objects

Limits: a ptrace operation 1.05 of vanilla, what nobody traces 1.005; a system
call that an engine observes, doing nothing, 1.00 of one with tracepoints on
vanilla; 512 bytes for a task's first engine.  What is above says "above".  A
figure that differs by more than 0.1 % between two runs in the same guest is
marked "unstable".  Exit status: 0; 1 when something is above its limit, or could
not be measured.
Build both kernels first: make kernel VARIANT=vanilla, VARIANT=utrace, and the
modules: make modules.
END
}

die() {
	echo "bench: $*" >&2
	exit 1
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${BUILDDIR:-$repo/build}
format=text groups=()
for arg; do
	case $arg in
	-h | --help) usage; exit 0 ;;
	--tsv | --json) format=${arg#--} ;;
	untraced | ptrace | engine) groups+=("$arg") ;;
	*) die "'$arg' is unknown: see --help" ;;
	esac
done
[ ${#groups[@]} -gt 0 ] || groups=(untraced ptrace engine)

mkdir -p "$build/bench" 2>/dev/null || die "cannot create $build/bench: check the disk and BUILDDIR"
gcc -O2 -Wall -static -o "$build/bench/bench" "$repo"/bench/*.c ||
	die "the programs do not compile: see above"

# Run from memory: the network file system would be part of the cost, and so
# would the layout of the address space.  Twice, to see what is stable.
# shellcheck disable=SC2016 # the guest expands
command='cp "$BUILDDIR/bench/bench" /tmp/bench &&
[ "$VARIANT" != utrace ] || insmod "$BUILDDIR/modules/utrace/bench/modules/utrace_bench/utrace_bench.ko" || exit
for run in 1 2; do
	for group in '${groups[*]}'; do
		/tmp/bench "$group" || exit
	done
done'

# Both guests at once: how fast the host is does not matter to either
declare -A pid
for variant in vanilla utrace; do
	"$repo/tests/vm/vm.sh" --icount --append norandmaps --timeout 1200 "$variant" \
		"$command" >"$build/bench/$variant.out" 2>&1 &
	pid[$variant]=$!
done
failed=
for variant in vanilla utrace; do
	wait "${pid[$variant]}" || failed+=" $variant"
done
for variant in $failed; do
	sed 's/^/bench:   /' "$build/bench/$variant.out" >&2
	die "$variant could not be measured: see above"
done

awk -v format="$format" -f "$repo/bench/table.awk" "$build"/bench/{vanilla,utrace}.out
