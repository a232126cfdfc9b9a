#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# User-space probes: functions, statements, marks, stacks, steps.
# shellcheck disable=SC2317,SC2154 # functions are called through ok; from lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

for kind in '' 32; do
	ok "functions$kind: entry, return, statement, mark" says "functions$kind" "$target$kind functions 1000" <<'END'
entry 1000 499500
return 1000 1003000
statement 1000 1003000
mark 1000 499500
four
END
done

# A mark with a semaphore: the program executes it only while a session uses it
known() {
	within 60 grep -q known "$tmp/$1.out"
}
# come_by ROUND: let the program run its next round, which is number ROUND, and print how
# often it executed the mark
come_by() {
	echo >&7
	within 60 test "$(wc -l <"$tmp/ready")" -gt "$1"
	sed -n "$(($1 + 1))p" "$tmp/ready"
}
for kind in '' 32; do
	name=guarded$kind
	hold "$built/$name" "$tmp/gate" 10 20 30
	ok "$name: the mark is off without a session" is mark "$(come_by 1)" 'on 0'
	begin "$name" -x "$pid"
	ok "$name: the process is known" known "$name"
	ok "$name: the mark is on" is mark "$(come_by 2)" 'on 20'
	kill -INT "$session"
	reap "$session"
	ok "$name: the session is over" silent "$name" "$status"
	ok "$name: it saw all" is 'what it saw' "$(tail -n 1 "$tmp/$name.out")" 'mark 20 190'
	ok "$name: the mark is off" is mark "$(come_by 3)" 'on 0'
	reap "$pid"
done

ok 'a script that prints stacks' session stack "$target functions 3"
ok 'no errors or warnings' silent stack 0
ok 'the functions, innermost first' is names "$(head -n 5 "$tmp/stack.out" | xargs)" 'inner inner middle outer main'
ok 'the same by their addresses' is names "$(sed -n 6,9p "$tmp/stack.out" | xargs)" 'inner middle outer main'
ok 'with offsets' is 'the brief stack' "$(sed -n '10,13s/+0x.*//p' "$tmp/stack.out" | xargs)" 'inner middle outer main'

ok 'each instruction' says steps "$built/steps" < <("$built/stepper" "$built/steps")
ok 'each block, as ptrace(2) counts them' says blocks "$built/steps" < <("$built/stepper" blocks "$built/steps")
ok 'each instruction of three threads and a forked child' says crew "$built/crew" <<'END'
202
202
202
202
END
ok 'nothing is left' clean
finish
