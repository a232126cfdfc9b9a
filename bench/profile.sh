#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Where the instructions of one benchmark operation go, on two kernels.
set -euo pipefail

usage() {
	cat <<'END'
Usage: bench/profile.sh OPERATION [VARIANT VARIANT]

Prints the instructions of OPERATION by function, on both kernels (default: vanilla
and utrace), and the difference; functions that differ by less than five instructions
are left out.  OPERATION is one of those that bench/bench.sh prints of the groups
untraced, ptrace and engine, such as ptrace-attach-detach.

Timer interrupts are included: they are in functions with the same figure on both
kernels, or with small differences in either direction.

Build the kernels first with make kernel VARIANT=..., and the modules for engine-*
operations with make modules VARIANT=....
END
}

die() {
	echo "profile: $*" >&2
	exit 1
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
[ $# = 1 ] || [ $# = 3 ] || die "name an operation, and two variants or none: see --help"
operation=$1
variants=("${2:-vanilla}" "${3:-utrace}")
case $operation in
ptrace-*) group=ptrace ;;
engine-* | getppid-observed) group=engine ;;
*) group=untraced ;;
esac
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${BUILDDIR:-$repo/build}
out=$build/bench/profile
mkdir -p "$out" 2>/dev/null || die "cannot create $out: check the disk and BUILDDIR"
{
	gcc -O2 -Wall -static -o "$out/bench" "$repo"/bench/{main,untraced,ptrace,engine}.c
	gcc -O2 -Wall -shared -fPIC -o "$out/plugin.so" "$repo/bench/profile.c"
} || die "the programs do not compile: see above"

# Two runs differ by 100 rounds.  The rest, such as the boot, is in both.
run() {	# variant, rounds
	# shellcheck disable=SC2016 # the guest expands
	"$repo/tests/vm/vm.sh" --icount --append norandmaps --timeout 1200 \
		--plugin "$out/plugin.so,out=$out/$1.$2" "$1" '
		ko=$BUILDDIR/modules/$VARIANT/bench/modules/utrace_bench/utrace_bench.ko
		[ ! -e "$ko" ] || insmod "$ko" || exit
		cp "$BUILDDIR/bench/profile/bench" /tmp/bench &&
		BENCH_ONLY='"$operation"' BENCH_ROUNDS='"$2"' /tmp/bench '"$group" \
		>"$out/$1.log" 2>&1 || {
			sed 's/^/profile:   /' "$out/$1.log" >&2
			die "$1 could not be measured: see above"
		}
}

# Print "<instructions of one operation> <function>"
by_function() {	# variant
	local count
	count=$(awk -v name="$operation" '$1 == name { print $3 }' "$out/$1.log")
	[ -n "$count" ] || die "there is no operation '$operation' in the group $group"
	{
		nm "$build/$1/vmlinux" | awk '$2 ~ /^[tTwW]$/ { print $1, "-", $3 }'
		sed 's/$/ 10/' "$out/$1.10"
		sed 's/$/ 110/' "$out/$1.110"
	} | LC_ALL=C sort | awk -v all=$((100 * count)) '
		$2 == "-" { name = $3; next }
		{
			f = $1 < "ffffffff80000000" ? "(user)" : $1 >= "ffffffffa0000000" ? "(modules)" : name
			sub(/\.(part|constprop|isra|cold)\..*/, "", f)
			sum[f] += ($4 == 10 ? -1 : 1) * $2 * $3 / all
		}
		END { for (f in sum) printf "%s %.1f\n", f, sum[f] }' | LC_ALL=C sort
}
for v in "${variants[@]}"; do
	run "$v" 10
	run "$v" 110
	by_function "$v" >"$out/$v.functions"
done
printf '%-36s %10s %10s %10s\n' "$operation" "${variants[@]}" difference
LC_ALL=C join -a 1 -a 2 -e 0 -o 0,1.2,2.2 "$out/${variants[0]}.functions" "$out/${variants[1]}.functions" |
	awk '{ d = $3 - $2 } d >= 5 || d <= -5 { printf "%-36s %10.1f %10.1f %+10.1f\n", $1, $2, $3, d }' |
	sort -k4,4gr
