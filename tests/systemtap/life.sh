#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# begin and end probes: called once, in order; with and without a path; with exec.
# shellcheck disable=SC2317,SC2154 # functions are called through ok; from lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

lines() {
	awk -v what="$2" '$1 == what' "$tmp/$1.out" | wc -l
}

# counts NAME [PROBE N]...: for ok; PROBE must have printed N lines
counts() {
	local name=$1 bad=0
	shift
	while [ $# -gt 0 ]; do
		is "$1" "$(lines "$name" "$1")" "$2" || bad=1
		shift 2
	done
	[ "$bad" = 0 ] && return
	cat "$tmp/$name.out"
	return 1
}

first_and_last() {
	is 'first line' "$(awk 'NR == 1 && $2 == $3 { print $1 }' "$tmp/$1.out")" begin &&
		is 'last line' "$(awk 'END { print $1 }' "$tmp/$1.out")" end
}

# For ok: each task whose begin was reported has an end as well
same_tasks() {
	[ -s "$tmp/$1.out" ] &&
		is 'tasks that began and ended' \
		"$(awk '$1 ~ /begin/ { print $3 }' "$tmp/$1.out" | sort -n)" \
		"$(awk '$1 ~ /end/ { print $3 }' "$tmp/$1.out" | sort -n)"
}

for kind in '' 32; do
	name=life$kind
	ok "$name: a process with 8 threads" session "$name" "$target$kind threads 8 3"
	ok "$name: each began once and ended once" counts "$name" begin 1 thread.begin 8 thread.end 8 end 1
	ok "$name: the process first and last" first_and_last "$name"
	ok "$name: the same tasks" same_tasks "$name"
	ok "$name: no errors or warnings" silent "$name" 0
done

ok '50 children, each began once and ended once' says family "$target processes 50 1" <<'END'
51 began and ended, 0 twice, 0 reports of threads
END

ok 'a thread runs the program again' session life "$target exec $target threads 2 1"
ok 'the process ended with the exec, and once more' \
	counts life begin 2 thread.begin 3 thread.end 3 end 2
ok 'the process first and last' first_and_last life

# Probes without a path, with -c: the child of staprun counts twice, before and after
# it executes the program.
ok 'all processes, 50 children with 100 calls each' says all "$target processes 50 100" <<'END'
begin 52 end 52 thread.begin 0 thread.end 0 call 5000 return 5000
END
ok 'all processes, 8 threads with 500 calls each' says all "$target threads 8 500" <<'END'
begin 2 end 2 thread.begin 8 thread.end 8 call 4000 return 4000
END
# The one call is getppid() in the shell.
ok 'a shell that runs 10 programs' says all "sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done; exit 0'" <<'END'
begin 22 end 22 thread.begin 0 thread.end 0 call 1 return 1
END
ok 'nothing is left' clean
finish
