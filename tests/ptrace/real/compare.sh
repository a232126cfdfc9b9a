#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real programs that use ptrace(2), on the vanilla and the utrace kernel: the same
# cases must pass, fail and be skipped.
set -uo pipefail

usage() {
	cat <<'END'
Usage: tests/ptrace/real/compare.sh [-n ROUNDS] [-v VARIANT] [ITEM...]

Boots VARIANT=vanilla and VARIANT (default: utrace), runs the kernel's selftests,
strace, gdb, ltrace, valgrind, rr and criu there with run.sh (run.sh --list prints
the items), and compares each case: passed, failed or skipped, and the facts that
it printed.  TAP:
  ok               passes on both kernels, with the same facts
  ok # SKIP        skipped on both, or fails on both: no evidence for VARIANT
  not ok           anything else
Items that differ are run again, three times on both kernels, since some depend on
timing.  A case passes, with a note, if each result on VARIANT occurs on vanilla
as well.  -n: runs each item ROUNDS times at first, compared in the same way.

The last test compares the counts of both kernels.
Results: $BUILDDIR/real-results/.
END
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
here=$repo/tests/ptrace/real
export BUILDDIR=${BUILDDIR:-$repo/build}
rounds=1 variant=utrace
case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
while getopts n:v: opt; do
	case $opt in
	n) rounds=$OPTARG ;;
	v) variant=$OPTARG ;;
	*) exit 1 ;;
	esac
done
shift $((OPTIND - 1))
results=$BUILDDIR/real-results
mkdir -p "$BUILDDIR" || exit 1
make -s --no-print-directory -C "$here" O="$BUILDDIR/real" KSELFTEST="$BUILDDIR/kselftests" >&2 || exit 1
items=("$@")
[ $# -gt 0 ] || mapfile -t items < <("$here/run.sh" --list)

n=0 failed=0
result() {	# ok|not ok, name
	n=$((n + 1))
	echo "$1 $n - $2"
	[ "$1" = ok ] || failed=1
}

boot() {	# variant, directory, rounds, items
	local v=$1 dir=$2 rounds=$3
	shift 3
	rm -rf "${results:?}/$dir"
	mkdir -p "$results/$dir" || exit 1
	# exec: vm.sh ends when its parent dies, which must be this script
	exec "$repo/tests/vm/vm.sh" --timeout 9600 --results "$results/$dir" "$v" \
		"tests/ptrace/real/run.sh -n $rounds $*" >"$results/$dir.log" 2>&1
}

# Results by "variant TAB case": of the first round, of the other rounds, and the
# reason of a skip; the cases in order, and the item of each
declare -A first again reason item_of seen
names=()
load() {	# directory, variant, first|again
	local round item file name kind sum why key
	for round in "$results/$1"/[0-9]*; do
		for item in "${items[@]}"; do
			file=$round/${item/\//.}.cases
			[ -s "$file" ] || continue
			seen[$2:$item]=1
			while IFS=$'\t' read -r name kind sum why; do
				[ -n "${item_of[$name]:-}" ] || names+=("$name")
				item_of[$name]=$item
				key=$2$'\t'$name
				if [ "$3" = first ] && [ -z "${first[$key]:-}" ]; then
					first[$key]=$kind:$sum
				else
					again[$key]="${again[$key]:-} $kind:$sum"
				fi
				[ "$kind" != skip ] || reason[$name]=$why
			done <"$file"
		done
	done
}

# Cases whose result is random even on vanilla
declare -A chance
while read -r mark program name why; do
	[ "$mark" = '~' ] || continue
	chance[ksft/$program: $name]=$why
	chance[ksft/$program: exit status]="depends on $name"
done <"$here/kselftests.list"

# Print a kernel's result of the first round, or that the case is missing
of() {
	echo "${first[$1$'\t'$2]:-missing:}"
}

# Does each result on VARIANT, also the first, occur on vanilla?
meets() {	# name
	local key=$'\t'$1 one theirs
	theirs="$(of vanilla "$1") ${again[vanilla$key]:-} "
	[ -n "${again[$variant$key]:-}" ] || return 1
	for one in "$(of "$variant" "$1")" ${again[$variant$key]}; do
		case " $theirs" in
		*" $one "*) ;;
		*) return 1 ;;
		esac
	done
}

# Print the difference
explain() {	# name
	local out=${item_of[$1]/\//.}.out v
	for v in vanilla "$variant"; do
		echo "# $v: $(of "$v" "$1")${again[$v$'\t'$1]:+, again:}${again[$v$'\t'$1]:-}"
	done
	diff -U 3 --label vanilla --label "$variant" "$results/vanilla/1/$out" "$results/$variant/1/$out" |
		head -n 60 | sed 's/^/#   /'
}

# Boot both at once: most of the time each uses only one of its CPUs
boot_both() {	# suffix of the directories, rounds, items
	local suffix=$1 v
	shift
	declare -gA booted=()
	for v in vanilla "$variant"; do
		boot "$v" "$v$suffix" "$@" &
		booted[$v]=$!
	done
}

echo 'TAP version 13'
boot_both '' "$rounds" "${items[@]}"
for v in vanilla "$variant"; do
	if wait "${booted[$v]}"; then
		result ok "the programs ran on $v, and its kernel log is clean"
	else
		result 'not ok' "the programs ran on $v, and its kernel log is clean"
		tail -n 40 "$results/$v.log" | sed 's/^/# /'
	fi
	load "$v" "$v" first
done

# Run the items that differ again
mapfile -t odd < <(for name in "${names[@]}"; do
	[ -n "${chance[$name]:-}" ] || [ "$(of vanilla "$name")" = "$(of "$variant" "$name")" ] ||
		echo "${item_of[$name]}"
done | sort -u)
if [ ${#odd[@]} -gt 0 ]; then
	boot_both -again 3 "${odd[@]}"
	for v in vanilla "$variant"; do
		wait "${booted[$v]}"
		load "$v-again" "$v" again
	done
fi

declare -A count
for name in "${names[@]}"; do
	theirs=$(of vanilla "$name") ours=$(of "$variant" "$name")
	if [ -n "${chance[$name]:-}" ] && [ "$ours" != missing: ]; then
		theirs=skip: ours=skip: reason[$name]=${chance[$name]}
	fi
	count[vanilla.${theirs%%:*}]=$((${count[vanilla.${theirs%%:*}]:-0} + 1))
	if [ "$theirs" != "$ours" ] && meets "$name"; then
		result ok "$name"
		echo "# at first $theirs on vanilla and $ours on $variant, then nothing that vanilla did not give"
		ours=$theirs
	elif [ "$theirs" != "$ours" ]; then
		result 'not ok' "$name"
		explain "$name"
	elif [ "${ours%%:*}" = skip ]; then
		result ok "$name # SKIP ${reason[$name]:-on both kernels}"
	elif [ "${ours%%:*}" = fail ]; then
		result ok "$name # SKIP fails on both kernels in the same way (${ours#*:})"
	else
		result ok "$name"
	fi
	count[$variant.${ours%%:*}]=$((${count[$variant.${ours%%:*}]:-0} + 1))
done

# An item without any result is a failure
for item in "${items[@]}"; do
	for v in vanilla "$variant"; do
		[ -n "${seen[$v:$item]:-}" ] || result 'not ok' "$item gave results on $v"
	done
done
told() {	# variant
	echo "${count[$1.pass]:-0} passed, ${count[$1.fail]:-0} failed, ${count[$1.skip]:-0} skipped"
}
if [ "${count[vanilla.pass]:-0}" -gt 0 ] && [ "$(told vanilla)" = "$(told "$variant")" ]; then
	result ok "the counts of both kernels are equal: $(told vanilla)"
else
	result 'not ok' "the counts of both kernels are equal"
	echo "# vanilla: $(told vanilla)"
	echo "# $variant: $(told "$variant")"
fi
echo "1..$n"
exit $failed
