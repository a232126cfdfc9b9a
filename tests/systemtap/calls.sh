#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# System calls: numbers, arguments, results, and exact counts.
# shellcheck disable=SC2317,SC2154 # functions are called through ok; from lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ok 'arguments and result' says odd "$target odd" <<'END'
95 = 83
1000(11 22 33 44 55 66)
1000 = -38
1001(-1 0 2147483647 1 2 3)
1001 = -38
END
ok 'arguments and result, 32 bit' says odd32 "${target}32 odd" <<'END'
60 = 83
1000(11 22 33 44 55 66)
1000 = -38
1001(4294967295 0 2147483647 1 2 3)
1001 = -38
END

# of NAME NUMBER: print the count of that system call in the output of NAME
of() {
	awk -v nr="$2" '$1 == nr { print $2 }' "$tmp/$1.out"
}

# adds_up NAME THREAD GROUP: the sum of the counts is the total.  All calls return,
# except exit and exit_group, whose numbers are THREAD and GROUP.
adds_up() {
	awk -v thread="$2" -v group="$3" '
		$1 == "total" { total = $2; returned = $4; next }
		{ sum += $2 }
		$1 == thread || $1 == group { last += $2 }
		END {
			if (total && sum == total && total == returned + last)
				exit 0
			print "sum " sum ", total " total ", returned " returned ", last of a task " last
			exit 1
		}' "$tmp/$1.out"
}

for kind in '' 32; do
	name=calls$kind nr=110 thread=60 group=231
	[ -z "$kind" ] || nr=64 thread=1 group=252
	ok "$name: 8 threads with 500 calls each" session "$name" "$target$kind threads 8 500"
	ok "$name: nothing was skipped" silent "$name" 0
	ok "$name: exact count" is getppid "$(of "$name" $nr)" 4000
	ok "$name: it adds up" adds_up "$name" $thread $group
	ok "$name: 50 processes with 100 calls each" session "$name" "$target$kind processes 50 100"
	ok "$name: nothing was skipped" silent "$name" 0
	ok "$name: exact count" is getppid "$(of "$name" $nr)" 5000
	ok "$name: it adds up" adds_up "$name" $thread $group
done
ok 'nothing is left' clean
finish
