#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The cost of untraced operations in guest instructions, on vanilla and utrace.
set -euo pipefail

usage() {
	cat <<'END'
Usage: tests/checks/untraced-cost.sh

TAP: runs tests/checks/cost.c on the vanilla and on the utrace kernel, in a guest
with --icount.  A getppid must cost the same, other operations at most 0.5 % more
(a handled signal: 1 %).  Build both kernels first.
END
}
case ${1:-} in
-h | --help) usage; exit 0 ;;
esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILDDIR:-$repo/build}
# shellcheck source=tests/checks/tap.sh
. "$repo/tests/checks/tap.sh"

echo 'TAP version 13'
mkdir -p "$build/tests"
gcc -O2 -Wall -static -o "$build/tests/cost" "$repo/tests/checks/cost.c"

declare -A ns
operations=
for variant in vanilla utrace; do
	status=0
	# Run from tmpfs and with norandmaps, so that the network file system and
	# the address space layout do not affect the result.  A few runs still
	# differ: take the minimum of two.
	out=$("$repo/tests/vm/vm.sh" --icount --append norandmaps --timeout 2400 "$variant" \
		"cp $build/tests/cost /tmp/cost && /tmp/cost && /tmp/cost" 2>&1) || status=$?
	report "$status" "$variant: measured" "$out"
	operations=
	while read -r name value; do
		[[ $value =~ ^[0-9.]+$ ]] || continue
		operations+=" $name"
		ns[$variant-$name]=$value
	done < <(awk 'NF == 2 && $2 + 0 > 0 && (!($1 in least) || $2 + 0 < least[$1]) {
			if (!($1 in least)) order[++n] = $1
			least[$1] = $2 + 0 }
		END { for (i = 1; i <= n; i++) printf "%s %.3f\n", order[i], least[order[i]] }' <<<"$out")
done
[ -n "$operations" ] || tap_end
for name in $operations; do
	tolerance=0.5
	# a timer tick may add less than one instruction to the 237 of getppid
	[ "$name" != getppid ] || tolerance=0.05
	# there are more hooks on the path of a handled signal
	[ "$name" != handled-signal ] || tolerance=1
	what="$name: ${ns[vanilla-$name]:-none} instructions on vanilla, ${ns[utrace-$name]:-none} on utrace"
	# a lower cost than vanilla's is no failure
	report "$(awk -v a="${ns[vanilla-$name]:-0}" -v b="${ns[utrace-$name]:-0}" -v t="$tolerance" \
		'BEGIN { print (a > 0 && b > 0 && b <= a * (1 + t / 100)) ? 0 : 1 }')" \
		"$what" "more than $tolerance % above vanilla"
done
tap_end
