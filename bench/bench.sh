#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The cost of operations on the vanilla and the utrace kernel, side by side.
set -euo pipefail

usage() {
	cat <<'END'
Usage: bench/bench.sh [--tsv | --json] [GROUP...]

Runs the benchmark programs on VARIANT=vanilla and VARIANT=utrace, and on both
with CONFIG_PREEMPT=y, vanilla-preempt and preempt, in guests with --icount, where
a nanosecond is an instruction.  Prints a table for each preemption model:
operation, instructions on vanilla, on utrace, ratio, limit, and whether the ratio
is within the limit.

Groups: untraced, ptrace, engine, systemtap (default: all; without SystemTap, all
but that).  systemtap: a script that counts system call entries and exits, through
utrace, and on vanilla through SystemTap's own utrace.
  --tsv   tab separated, with a header line; the last column is the preemption
          model, voluntary or full
  --json  an array of objects; "preemption" is the preemption model
  --preemption voluntary|full   only this model

Limits: 1.05 of vanilla for a ptrace operation, 1.005 for an untraced one; a
system call with an engine that does nothing: 1.00 of one with tracepoints on
vanilla; with a script: 0.5; a task's first engine: 512 bytes.  A result above its
limit is marked "above"; one that differs by more than 0.1 % between two runs in
the same guest is marked "unstable".  Exit status: 0; 1 if a result is above its
limit, or could not be measured.
Build the kernels first with make kernel VARIANT=..., and the modules for utrace
and preempt with make modules VARIANT=...; make bench does both.
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

# The two kernels that are compared
pair() {
	case $1 in
	voluntary) echo vanilla utrace ;;
	full) echo vanilla-preempt preempt ;;
	esac
}

mkdir -p "$build/bench" 2>/dev/null || die "cannot create $build/bench: check the disk and BUILDDIR"
gcc -O2 -Wall -static -o "$build/bench/bench" "$repo"/bench/{main,untraced,ptrace,engine}.c ||
	die "the programs do not compile: see above"

# The script's modules: for utrace, and for vanilla with SystemTap's own utrace
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

# Run from tmpfs and with norandmaps, so that the network file system and the
# address space layout do not affect the result.  Run twice to find unstable ones.
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
		# the script matches this program, but not the copy in /tmp
		staprun "$script" -c "$BUILDDIR/bench/bench probed" | tee /tmp/probed
		grep -q "^# counted [1-9]" /tmp/probed || exit
		staprun "$script" -c "/tmp/bench unprobed" || exit
	done
done'

# Run both guests at once: with icount the host's speed does not matter
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
