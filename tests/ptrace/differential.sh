#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# ptrace(2) on the vanilla and the utrace kernel: the transcripts must be equal.
set -uo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
	cat <<'END'
Usage: tests/ptrace/differential.sh [-k] [-n ROUNDS] [-v VARIANT] [PROGRAM...]

Boots VARIANT=vanilla and VARIANT (default: utrace), runs the programs in
tests/ptrace/programs on both, and prints one TAP test for each: the transcripts
are equal.  -n: runs each program ROUNDS times; a transcript of VARIANT that does
not occur on vanilla is a failure.  Without -n, programs that differ are run again,
5 times on VARIANT and 25 times on vanilla: a transcript may depend on timing.
They pass, with a note, if each transcript of VARIANT occurs on vanilla as well.
Transcripts: $BUILDDIR/rig/.

-k: do not boot vanilla if the transcripts of an earlier run, with the same
programs and the same kernel, exist.

An intended difference is in programs/NAME.differs: the reason in comments, and
the output of diff, which must be exactly that.  programs/NAME.expect is the
transcript that VARIANT must give in any case.
END
	exit
fi
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
export BUILDDIR=${BUILDDIR:-$repo/build}
rounds=1 variant=utrace keep=
while getopts kn:v: opt; do
	case $opt in
	k) keep=1 ;;
	n) rounds=$OPTARG ;;
	v) variant=$OPTARG ;;
	*) exit 1 ;;
	esac
done
shift $((OPTIND - 1))
rig=$BUILDDIR/rig
bin=$BUILDDIR/tests/ptrace
make -s -j"$(nproc)" --no-print-directory -C "$repo/tests/ptrace" O="$bin" >&2 || exit 1
[ $# -gt 0 ] || mapfile -t names <"$bin/programs"
[ $# -eq 0 ] || names=("$@")

echo 'TAP version 13'
echo "1..$((${#names[@]} + 2))"
n=0 failed=0
result() {	# ok|not ok, name
	n=$((n + 1))
	echo "$1 $n - $2"
	[ "$1" = ok ] || failed=1
}

# Caused by misc_oom, whose processes alone have this oom_score_adj
meant_log='Out of memory: Killed process .* oom_score_adj:1000$'
boot() {	# variant, directory, rounds, programs
	local v=$1 dir=$2 rounds=$3
	shift 3
	rm -rf "${rig:?}/$dir"
	mkdir -p "$rig/$dir" || exit 1
	"$repo/tests/vm/vm.sh" --timeout 7200 --audit --results "$rig/$dir" \
		--allow-log "$meant_log" "$v" \
		"tests/ptrace/run.sh -n $rounds $*" >"$rig/$dir.log" 2>&1
}
# A hash of all that vanilla's transcripts depend on
origin() {
	(
		echo "$rounds ${names[*]}"
		cd "$bin" && sha256sum "${names[@]}" "$BUILDDIR/vanilla/arch/x86/boot/bzImage"
	) 2>&1 | sha256sum
}
kept() {
	[ -n "$keep" ] && [ "$(cat "$rig/vanilla.origin" 2>/dev/null)" = "$(origin)" ]
}
transcripts() {	# variant
	if [ "$1" = vanilla ] && kept; then
		return
	fi
	[ "$1" != vanilla ] || rm -f "$rig/vanilla.origin"
	boot "$1" "$1" "$rounds" "${names[@]}" || return
	[ "$1" != vanilla ] || origin >"$rig/vanilla.origin"
}

rm -rf "${rig:?}/vanilla-again" "${rig:?}/$variant-again"
for v in vanilla "$variant"; do
	if transcripts "$v"; then
		result ok "the programs ran on $v"
	else
		result 'not ok' "the programs ran on $v"
		sed 's/^/# /' "$rig/$v.log"
	fi
done

# The function in which a stopped task sleeps has different names: on vanilla the
# compiler may add a suffix
mask() {
	sed -E 's/wchan: (ptrace_stop.*|utrace_sleep_in_stop)$/wchan: the stop/' "$1"
}

# Is the difference the intended one?
differs() {	# vanilla's, ours, what is expected
	[ -f "$3" ] && diff <(diff <(mask "$1") <(mask "$2")) <(grep -v '^#' "$3") >/dev/null
}

# The files of all transcripts of a program on a kernel
came_out() {	# kernel, name
	local file
	for file in "$rig/$1/$2" "$rig/$1/$2".[0-9]* "$rig/$1-again/$2" "$rig/$1-again/$2".[0-9]*; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}
expected() {	# name
	local file=$repo/tests/ptrace/programs/${1%_32}.expect
	[ ! -f "$file" ] || cmp -s <(grep -v "^#" "$file") "$rig/$variant/$1"
}
# Does each transcript of $variant occur on vanilla?
same() {	# name
	local ours theirs found
	while read -r ours; do
		found=
		while read -r theirs; do
			! cmp -s <(mask "$theirs") <(mask "$ours") || found=1
		done < <(came_out vanilla "$1")
		[ -n "$found" ] || { other=$ours; return 1; }
	done < <(came_out "$variant" "$1")
	other=$rig/$variant/$1
	[ -s "$other" ] && [ -s "$rig/vanilla/$1" ] && expected "$1" &&
		! grep -qE '^TIME-OUT|^exit status (124|137)$' "$rig/vanilla/$1"
}
equal() {	# name, more of the directories' names
	local meant=$repo/tests/ptrace/programs/$1.differs
	other=
	if [ -f "$meant" ]; then
		differs "$rig/vanilla${2-}/$1" "$rig/$variant${2-}/$1" "$meant"
	else
		same "$1"
	fi
}
odd=()
for name in "${names[@]}"; do
	equal "$name" || odd+=("$name")
done
if [ "$rounds" = 1 ] && [ ${#odd[@]} -gt 0 ]; then
	boot vanilla vanilla-again 25 "${odd[@]}"
	boot "$variant" "$variant-again" 5 "${odd[@]}"
fi
for name in "${names[@]}"; do
	if [[ " ${odd[*]} " != *" $name "* ]]; then
		result ok "$name"
	elif [ "$rounds" = 1 ] && equal "$name" -again; then
		result ok "$name"
		echo "# $name: not the same at first, but in one of 25 rounds"
	else
		result 'not ok' "$name"
		# sets $other to the transcript that differs
		[ "$rounds" = 1 ] || equal "$name"
		diff -u --label vanilla --label "$variant" "$rig/vanilla/$name" "${other:-$rig/$variant/$name}" | sed 's/^/# /'
		expect=$repo/tests/ptrace/programs/${name%_32}.expect
		[ ! -f "$expect" ] || diff -u --label expected --label "$variant" <(grep -v '^#' "$expect") \
			"$rig/$variant/$name" | sed 's/^/# /'
	fi
done
exit $failed
