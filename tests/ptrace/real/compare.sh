#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real programs that use ptrace(2), on the pristine kernel and on ours: the same
# cases pass, fail and are skipped.
set -uo pipefail

usage() {
	cat <<'END'
Usage: tests/ptrace/real/compare.sh [-n ROUNDS] [-v VARIANT] [ITEM...]

Boots VARIANT=vanilla and VARIANT (default: utrace), runs there the kernel's own
selftests, strace, gdb, ltrace, valgrind, rr and criu by run.sh (run.sh --list
names the items), and compares case by case: passed, failed or skipped, and with
which facts.  TAP:
  ok               passes on both kernels, with the same facts
  ok # SKIP        is skipped on both, or fails on both: that is told, and proves
                   nothing of ours
  not ok           anything else
Items that differ are run again, three times on both kernels: some depend on who
is faster.  A case passes, which is told, if each result that our kernel gives
there is one that the pristine kernel gave as well.  With -n each item is run
ROUNDS times at once, compared in the same way.

At the end the counts of both kernels, which have to be equal as well.
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
	# in this very process, which ends with us
	exec "$repo/tests/vm/vm.sh" --timeout 9600 --results "$results/$dir" "$v" \
		"tests/ptrace/real/run.sh -n $rounds $*" >"$results/$dir.log" 2>&1
}

# Results by "variant TAB case": the first one, those of the other rounds, the
# reason of a skip; and the cases in their order, with the item of each
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

# What is chance even on the pristine kernel
declare -A chance
while read -r mark program name why; do
	[ "$mark" = '~' ] || continue
	chance[ksft/$program: $name]=$why
	chance[ksft/$program: exit status]="depends on $name"
done <"$here/kselftests.list"

# What this kernel gave at first, or that the case was not there at all
of() {
	echo "${first[$1$'\t'$2]:-missing:}"
}

# Is each of our results one that the pristine kernel gave as well, the first too?
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

# What differs, for whom has to look into it
explain() {	# name
	local out=${item_of[$1]/\//.}.out v
	for v in vanilla "$variant"; do
		echo "# $v: $(of "$v" "$1")${again[$v$'\t'$1]:+, again:}${again[$v$'\t'$1]:-}"
	done
	diff -U 3 --label vanilla --label "$variant" "$results/vanilla/1/$out" "$results/$variant/1/$out" |
		head -n 60 | sed 's/^/#   /'
}

# Both at once: most of the time one has nothing to do for one of its processors
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

# Once more what differs: by items, as they run
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

# Nothing ran is no success
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
