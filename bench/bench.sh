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

Groups: untraced, ptrace, engine, systemtap (default: all; without SystemTap, all
but that).  systemtap: a script with a counter at either end of system calls,
through the layer, and on vanilla through SystemTap's own utrace.
  --tsv   tab separated, with a line of names
  --json  an array of objects

Limits: a ptrace operation 1.05 of vanilla, what nobody traces 1.005; a system
call that an engine observes, doing nothing, 1.00 of one with tracepoints on
vanilla; one under a script 0.5; 512 bytes for a task's first engine.  What is
above says "above".  A figure that differs by more than 0.1 % between two runs in
the same guest is marked "unstable".  Exit status: 0; 1 when something is above
its limit, or could not be measured.
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
	untraced | ptrace | engine | systemtap) groups+=("$arg") ;;
	*) die "'$arg' is unknown: see --help" ;;
	esac
done
if [ ${#groups[@]} -eq 0 ]; then
	groups=(untraced ptrace engine)
	if command -v stap >/dev/null; then
		groups+=(systemtap)
	else
		echo 'bench: SystemTap is not installed, so it is not measured: make systemtap' >&2
	fi
fi

mkdir -p "$build/bench" 2>/dev/null || die "cannot create $build/bench: check the disk and BUILDDIR"
gcc -O2 -Wall -static -o "$build/bench/bench" "$repo"/bench/*.c ||
	die "the programs do not compile: see above"

# The script's modules: ours, and one for vanilla with SystemTap's own utrace
compile() {
	SYSTEMTAP_DIR=$build/bench/cache SYSTEMTAP_TAPSET=$build/systemtap/tapset \
		stap -p4 -r "$build/$1" -R "$build/systemtap/$2" -m "stap_$1" \
		"$repo/bench/getppid.stp" "$build/bench/bench" >"$build/bench/stap.log" 2>&1 ||
		die "the script does not compile for $1: $(grep -m 1 -i error "$build/bench/stap.log")"
}
if [[ " ${groups[*]} " = *' systemtap '* ]]; then
	"$repo/systemtap/prepare.sh" >&2
	cd "$build/bench"
	compile utrace runtime
	compile vanilla runtime-own
fi

# Run from memory: the network file system would be part of the cost, and so
# would the layout of the address space.  Twice, to see what is stable.
# shellcheck disable=SC2016 # the guest expands
command='cp "$BUILDDIR/bench/bench" /tmp/bench &&
[ "$VARIANT" != utrace ] || insmod "$BUILDDIR/modules/utrace/bench/modules/utrace_bench/utrace_bench.ko" || exit
for run in 1 2; do
	for group in '${groups[*]}'; do
		if [ "$group" != systemtap ]; then
			/tmp/bench "$group" || exit
			continue
		fi
		# the script is about this one, and not about the copy
		staprun "$BUILDDIR/bench/stap_$VARIANT.ko" -c "$BUILDDIR/bench/bench probed" | tee /tmp/probed
		grep -q "^# counted [1-9]" /tmp/probed || exit
		staprun "$BUILDDIR/bench/stap_$VARIANT.ko" -c "/tmp/bench unprobed" || exit
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
