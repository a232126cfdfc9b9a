#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What operations cost on the pristine kernel and on ours, side by side.
set -euo pipefail

usage() {
	cat <<'END'
Usage: bench/bench.sh [--tsv | --json] [GROUP...]

Runs the benchmark programs on VARIANT=vanilla and VARIANT=utrace, and on the
two with CONFIG_PREEMPT=y, vanilla-preempt and preempt, in guests whose
nanoseconds count instructions.  Prints a table for each model of preemption:
operation, instructions on vanilla, on utrace, ratio, limit, and whether it is
within.

Groups: untraced, ptrace, engine, systemtap (default: all; without SystemTap, all
but that).  systemtap: a script with a counter at either end of system calls,
through the layer, and on vanilla through SystemTap's own utrace.
  --tsv   tab separated, with a line of names; the last column is the model,
          voluntary or full
  --json  an array of objects; "preemption" is the model
  --preemption voluntary|full   only this one

Limits: a ptrace operation 1.05 of vanilla, what nobody traces 1.005; a system
call that an engine observes, doing nothing, 1.00 of one with tracepoints on
vanilla; one under a script 0.5; 512 bytes for a task's first engine.  What is
above says "above".  A figure that differs by more than 0.1 % between two runs in
the same guest is marked "unstable".  Exit status: 0; 1 when something is above
its limit, or could not be measured.
Build the kernels first, make kernel VARIANT=..., and the modules of those with
the layer, make modules VARIANT=...: make bench does so.
END
}

die() {
	echo "bench: $*" >&2
	exit 1
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${BUILDDIR:-$repo/build}
format=text groups=() models='voluntary full'
while [ $# -gt 0 ]; do
	arg=$1
	shift
	case $arg in
	-h | --help) usage; exit 0 ;;
	--tsv | --json) format=${arg#--} ;;
	--preemption)
		models=${1:-}
		case $models in
		voluntary | full) shift ;;
		*) die "--preemption needs voluntary or full, not '$models'" ;;
		esac
		;;
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

# The pristine kernel and ours
pair() {
	case $1 in
	voluntary) echo vanilla utrace ;;
	full) echo vanilla-preempt preempt ;;
	esac
}

mkdir -p "$build/bench" 2>/dev/null || die "cannot create $build/bench: check the disk and BUILDDIR"
gcc -O2 -Wall -static -o "$build/bench/bench" "$repo"/bench/*.c ||
	die "the programs do not compile: see above"

# The script's modules: ours, and one for vanilla with SystemTap's own utrace
compile() {	# variant, runtime
	SYSTEMTAP_DIR=$build/bench/cache SYSTEMTAP_TAPSET=$build/systemtap/tapset \
		stap -p4 -r "$build/$1" -R "$build/systemtap/$2" -m "stap_${1//-/_}" \
		"$repo/bench/getppid.stp" "$build/bench/bench" >"$build/bench/stap.log" 2>&1 ||
		die "the script does not compile for $1: $(grep -m 1 -i error "$build/bench/stap.log")"
}
if [[ " ${groups[*]} " = *' systemtap '* ]]; then
	"$repo/systemtap/prepare.sh" >&2
	cd "$build/bench"
	for model in $models; do
		read -r vanilla ours < <(pair "$model")
		compile "$ours" runtime
		compile "$vanilla" runtime-own
	done
fi

# Run from memory: the network file system would be part of the cost, and so
# would the layout of the address space.  Twice, to see what is stable.
# shellcheck disable=SC2016 # the guest expands
command='cp "$BUILDDIR/bench/bench" /tmp/bench &&
case $VARIANT in
vanilla*) ;;
*) insmod "$BUILDDIR/modules/$VARIANT/bench/modules/utrace_bench/utrace_bench.ko" || exit ;;
esac
script=$BUILDDIR/bench/stap_${VARIANT//-/_}.ko
for run in 1 2; do
	for group in '${groups[*]}'; do
		if [ "$group" != systemtap ]; then
			/tmp/bench "$group" || exit
			continue
		fi
		# the script is about this one, and not about the copy
		staprun "$script" -c "$BUILDDIR/bench/bench probed" | tee /tmp/probed
		grep -q "^# counted [1-9]" /tmp/probed || exit
		staprun "$script" -c "/tmp/bench unprobed" || exit
	done
done'

# Both guests of a model at once: how fast the host is does not matter to either
measure() {	# model
	local variant failed=''
	declare -A pid
	for variant in $(pair "$1"); do
		"$repo/tests/vm/vm.sh" --icount --append norandmaps --timeout 3600 "$variant" \
			"$command" >"$build/bench/$variant.out" 2>&1 &
		pid[$variant]=$!
	done
	for variant in $(pair "$1"); do
		wait "${pid[$variant]}" || failed+=" $variant"
	done
	for variant in $failed; do
		sed 's/^/bench:   /' "$build/bench/$variant.out" >&2
		die "$variant could not be measured: see above"
	done
}
status=0 files=()
for model in $models; do
	measure "$model"
	read -r vanilla ours < <(pair "$model")
	files+=("model=$model" "$build/bench/$vanilla.out" "$build/bench/$ours.out")
done
awk -v format="$format" -f "$repo/bench/table.awk" "${files[@]}" || status=1
exit $status
