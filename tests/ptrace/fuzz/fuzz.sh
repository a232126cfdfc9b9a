#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The sequence fuzzer on vanilla and on utrace: the transcripts must be equal.
set -uo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
	cat <<'END'
Usage: tests/ptrace/fuzz/fuzz.sh [-n COUNT] [-s SEED] [-v VARIANT] [--replay FILE]

Runs the sequences of COUNT seeds, starting with SEED (default: 2500 from 1), or
those of FILE, on VARIANT=vanilla and VARIANT (default: utrace), and compares the
transcripts.  Sequences that differ are run 15 times more on both: it is a
difference if a transcript of VARIANT does not occur on vanilla.  Such a sequence
is shortened as long as a shorter one differs, and printed with its difference in
the format of --replay.  Also tested: a tracer that drops signals is detected; a
second run on the same kernel does not differ; the sequences that once differed
(found.seq) do not.  Results: $BUILDDIR/fuzz/.
END
	exit
fi
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
here=$repo/tests/ptrace/fuzz
export BUILDDIR=${BUILDDIR:-$repo/build}
count=2500 seed=1 variant=utrace replay=
while [ $# -gt 0 ]; do
	case $1 in
	-n | -s | -v | --replay)
		[ $# -gt 1 ] || { echo "fuzz: $1 needs a value: see --help" >&2; exit 1; } ;;
	esac
	case $1 in
	-n) count=$2 ;;
	-s) seed=$2 ;;
	-v) variant=$2 ;;
	--replay) replay=$2 ;;
	*) echo "fuzz: '$1' is unknown: see --help" >&2; exit 1 ;;
	esac
	shift 2
done
# shellcheck source=tests/checks/tap.sh
. "$repo/tests/checks/tap.sh"
make -s --no-print-directory -C "$here" O="$BUILDDIR/tests/ptrace" >&2 || exit 1
fuzz=$BUILDDIR/tests/ptrace/fuzz
out=$BUILDDIR/fuzz
mkdir -p "$out"
: >"$out/none"

# both DIRECTORY GUEST-ARGUMENT...: run both kernels at once, with transcripts in
# $out/DIRECTORY/{theirs,ours}
both() {
	local dir=$out/$1 status=0 side pids=()
	shift
	rm -rf "$dir"
	for side in theirs:vanilla "ours:$variant"; do
		mkdir -p "$dir/${side%%:*}"
		"$repo/tests/vm/vm.sh" --timeout 14400 --results "$dir/${side%%:*}" "${side#*:}" \
			"tests/ptrace/fuzz/guest.sh $*" >"$dir/${side%%:*}.log" 2>&1 </dev/null &
		pids+=($!)
	done
	wait "${pids[0]}" || status=1
	wait "${pids[1]}" || status=$((status + 2))
	return $status
}

compare() {	# theirs, ours
	awk -v theirs="$1" -v ours="$2" -f "$here/compare.awk" | LC_ALL=C sort
}

# part FILE NAMES: print these sequences of a file
part() {
	awk -v names="$2" 'BEGIN { n = split(names, a, /[ \n]+/); for (i = 1; i <= n; i++) want[a[i]] }
		/^# seq / { on = $3 in want } on' "$1"
}

# Print the first transcripts of the sequences in FILE
first_of() {	# FILE theirs|ours
	part "$out/first/$2/all" "$(awk '/^# seq/ { print $3 }' "$1")" >"$out/first/$2/odd"
	echo "$out/first/$2/odd"
}

# differing FILE DIRECTORY: run FILE 15 times, print the sequences that differ
differing() {
	# if they cannot be run again, all of them count as different
	both "$2" all --replay "$1" --rounds 15 || { awk '/^# seq/ { print $3 }' "$1"; return; }
	compare "$(first_of "$1" theirs) $out/$2/theirs/all" \
		"$(first_of "$1" ours) $out/$2/ours/all" >"$out/$2/compared"
	awk '$2 == "differs" { print $1 }' "$out/$2/compared"
}

steps() {	# file of one sequence
	grep -cvE '^(#|setting)' "$1"
}

# Replace a sequence by its shortest candidate that differs, until none does.  All
# candidates of all sequences are run in one boot.
shrink() {	# names
	local round name best got
	for round in 1 2 3 4 5; do
		: >"$out/candidates"
		for name in "$@"; do
			[ -e "$out/$name.done" ] || awk -f "$here/shrink.awk" "$out/$name.seq" >>"$out/candidates"
		done
		[ -s "$out/candidates" ] || return 0
		both "shrink-$round" all --replay "$out/candidates" --rounds 2
		got=$(compare "$out/shrink-$round/theirs/all" "$out/shrink-$round/ours/all" |
			awk '$2 == "differs" { print $1 }')
		for name in "$@"; do
			[ ! -e "$out/$name.done" ] || continue
			best=$(grep "^$name/" <<<"$got" | while read -r c; do
				part "$out/candidates" "$c" >"$out/one"
				echo "$(steps "$out/one") $c"
			done | sort -n | head -1 | cut -d' ' -f2)
			if [ -z "$best" ]; then
				: >"$out/$name.done"
			else
				part "$out/candidates" "$best" | sed "1s/.*/# seq $name/" >"$out/one"
				mv "$out/one" "$out/$name.seq"
			fi
		done
	done
}

# Print a sequence that differs, and the difference
tell() {	# name
	cat "$out/$1.seq"
	diff -U 30 --label vanilla --label "$variant" <(part "$out/last/theirs/all" "$1") \
		<(part "$out/last/ours/all" "$1") | tail -n +3
}

echo 'TAP version 13'
small=$((count < 300 ? count : 300))
args=(all --seed "$seed" --count "$count" -- some --seed "$seed" --count "$small"
	-- mutated --mutate --seed "$seed" --count "$small"
	-- found --replay "$here/found.seq" --rounds 3)
if [ -n "$replay" ]; then
	# to a path that the guests can read
	cp "$replay" "$out/sequences" || exit 1
	args=(all --replay "$out/sequences")
fi
both first "${args[@]}"
status=$?
report $((status & 1)) 'the sequences ran on vanilla' "$(cat "$out/first/theirs.log")"
report $((status & 2)) "the sequences ran on $variant" "$(cat "$out/first/ours.log")"
if [ -z "$replay" ]; then
	for side in theirs ours; do
		part "$out/first/$side/all" "$(seq "$seed" $((seed + small - 1)))" >"$out/first/$side/begin"
		empty "a second run differs nowhere ($side)" \
			"$(compare "$out/first/$side/begin" "$out/first/$side/some")"
	done
	n=$(compare "$out/first/theirs/begin" "$out/first/theirs/mutated" | wc -l)
	report $((n == 0)) "a tracer that loses signals is noticed"
	echo "# in $n of $small sequences"
	empty 'no sequence that once differed does' \
		"$(compare "$out/first/theirs/found" "$out/first/ours/found" | grep ' differs$')"
fi

if [ -z "$replay" ]; then
	"$fuzz" --print --seed "$seed" --count "$count" >"$out/sequences"
fi
n=$(grep -c '^# seq' "$out/first/theirs/all")
mapfile -t names < <(compare "$out/first/theirs/all" "$out/first/ours/all" | cut -d' ' -f1)
report $((n == 0)) "there are transcripts"
echo "# $n sequences, ${#names[@]} differ at first"
real=()
if [ ${#names[@]} -gt 0 ]; then
	part "$out/sequences" "${names[*]}" >"$out/again.seq"
	mapfile -t real < <(differing "$out/again.seq" again)
	echo "# $((${#names[@]} - ${#real[@]})) gave nothing then that vanilla did not"
fi
if [ ${#real[@]} -gt 0 ]; then
	echo "# differ: ${real[*]}"
	shrunk=("${real[@]:0:12}")
	for name in "${shrunk[@]}"; do
		rm -f "$out/$name.done"
		part "$out/sequences" "$name" >"$out/$name.seq"
	done
	shrink "${shrunk[@]}"
	for name in "${shrunk[@]}"; do
		cat "$out/$name.seq"
	done >"$out/shrunk"
	both last all --replay "$out/shrunk"
	for name in "${shrunk[@]}"; do
		report 1 "sequence $name" "$(tell "$name")"
	done
fi
empty 'no sequence differs' "${real[*]}"
tap_end
