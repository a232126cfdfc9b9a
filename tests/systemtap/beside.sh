#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Sessions on an existing process, and beside other sessions, engines and debuggers.
# shellcheck disable=SC2317,SC2154 # functions are called through ok; from lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Start a session on a process that waits
join() {
	hold "$target" wait "$tmp/gate" 25
	begin existing -x "$pid"
}
known() {
	within 60 grep -q known "$tmp/existing.out"
}
saw_all() {
	silent existing "$1" || return
	is 'what it saw' "$(tail -n 1 "$tmp/existing.out")" 'known 1 calls 25 inside 25'
}

join
ok 'a session on a process that waits: the process is known' known
echo >&7
reap "$session"
ok 'it sees all, and ends with the process' saw_all "$status"
reap "$pid"
ok 'the process ended well' is 'exit status' "$status" 0

# bypid.stp is compiled for the number 4242
echo 4241 >/proc/sys/kernel/ns_last_pid
hold "$target" wait "$tmp/gate" 25
ok 'a process with a known number' is pid "$pid" 4242
begin bypid
begun() {
	within 60 grep -q begin "$tmp/bypid.out"
}
ok 'by its number: its begin is reported' begun
echo >&7
reap "$session"
by_pid() {
	silent bypid "$1" || return
	is 'what it saw' "$(cat "$tmp/bypid.out")" $'begin 4242\nend 4242\nthreads 0 calls 25 returns 25'
}
ok 'it sees all of it' by_pid "$status"
reap "$pid"

join
ok 'beside a sample engine' known
load syscall-count
echo "$pid" >/proc/syscall-count/pids
ok 'two engines are there' has status "$(cat "/proc/$pid/status")" '^Utrace:.*stap_existing.* syscall-count'
echo >&7
reap "$session"
ok 'it sees all' saw_all "$status"
reap "$pid"
ok 'and so does the sample engine' is getppid \
	"$(awk '$2 == "getppid" { print $3 }' /proc/syscall-count/table)" 25
rmmod syscall_count

# Print the counts of the script and of strace
by_script() {
	awk '$1 ~ /^[0-9]+$/ { print $1, $2 }' "$tmp/calls.out"
}
by_strace() {
	sed -nE 's/^[0-9]+ +\[ *([0-9]+)\] [a-z].*/\1/p' "$tmp/strace" | grep -vx 59 |
		sort -n | uniq -c | awk '{ print $2, $1 }'
}
ok 'beside strace' session calls "strace -f -n -o $tmp/strace $target threads 4 50"
ok 'no errors or warnings' silent calls 0
ok 'it counts what strace counts' is 'system calls' "$(by_script)" "$(by_strace)"

ok 'beside gdb' says functions \
	"gdb -nx -batch -ex 'break outer' -ex run -ex bt -ex delete -ex continue -ex quit --args $target functions 10 </dev/null >$tmp/gdb 2>&1" <<'END'
entry 10 45
return 10 130
statement 10 130
mark 10 45
four
END
ok 'gdb saw its breakpoint' has gdb "$(cat "$tmp/gdb")" '^Breakpoint 1, outer'
ok 'and the end' has gdb "$(cat "$tmp/gdb")" 'exited normally'

# Three sessions of the same script at the same time
three() {
	timeout "$limit" staprun -R -o "$tmp/1" "$built/stap_calls.ko" -c \
		"staprun -R -o $tmp/2 $built/stap_calls.ko -c 'staprun -R -o $tmp/3 $built/stap_calls.ko -c \"$target threads 4 100\"'"
}
ok 'three sessions at once' three
ok 'the first is right' is getppid "$(awk '$1 == 110 { print $2 }' "$tmp/1")" 400
for i in 2 3; do
	ok "session $i saw the same" is output "$(cat "$tmp/$i")" "$(cat "$tmp/1")"
done
ok 'nothing is left' clean
finish
