#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Samples beside gdb and strace: the output of both is the same as without samples.
# shellcheck disable=SC2317 # functions are called through ok
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

threads=2
calls=50
forks=1
table=/proc/syscall-count/table
held=/proc/crash-suspend
mkfifo "$tmp/gate"
exec 7<>"$tmp/gate"

start() {
	: >"$tmp/out"
	"$@" <&7 >"$tmp/out" 2>/dev/null &
	pid=$!
	within 60 grep -q ready "$tmp/out"
}

counted() {
	awk -v name="$1" '$2 == name { n += $3 } END { print n + 0 }' $table
}

# debug PID COMMAND...: print the output of gdb without numbers that vary
debug() {
	local args=() command
	for command in "${@:2}"; do
		args+=(-ex "$command")
	done
	timeout 480 gdb -nx -batch -p "$1" "${args[@]}" >"$tmp/gdb" 2>&1
	[ $? != 124 ] || return
	sed -E "s/\b$1\b/PID/g; s/(LWP|Thread 0x)[ 0-9a-f]+/\1/g; s/0x[0-9a-f]{6,}/ADDRESS/g" \
		"$tmp/gdb" | sed -n '/^marker/,$p'
}

# shellcheck disable=SC2016 # $rip is gdb's
# look_around OUTPUT [COMMAND]: COMMAND runs after gdb has set its breakpoint.  Then
# gdb breaks, steps, calls a function, reads a register, catches and detaches.
look_around() {
	debug "$pid" 'set confirm off' 'break fchdir' "shell ${2:-:}" 'echo marker\n' \
		"shell echo >$tmp/gate" continue 'stepi' 'stepi' 'finish' 'print $rip == 0' \
		'print (int) getppid() > 0' 'delete' 'catch syscall nanosleep' \
		'catch syscall clock_nanosleep' continue continue delete detach >"$1"
}

for program in calls crash; do
	compile $program || bail_out 'no compiler'
done

start "$tmp/calls" 0 $calls 0
ok 'gdb breaks, steps, calls and catches a system call' look_around "$tmp/alone"
ok 'and detaches from a process that continues' within 60 grep '^done' "$tmp/out"
echo >&7
reap "$pid"
ok 'which ends well' is 'exit status' "$status" 0
ok 'gdb got to its catchpoint' grep -q 'Catchpoint' "$tmp/alone"

load syscall-count || bail_out 'syscall-count does not load'
start "$tmp/calls" 0 $calls 0
echo "$pid" >/proc/syscall-count/pids
look_around "$tmp/beside"
ok 'the same beside syscall-count' diff "$tmp/alone" "$tmp/beside"
ok 'and the process continues' within 60 grep '^done' "$tmp/out"
ok 'its calls are counted under gdb' is 'fchdir' "$(counted fchdir)" $calls
# getppid: the 32-bit calls, and the one that gdb made
ok 'and the call that gdb made' is 'getppid' "$(counted getppid)" $((calls + 1))
echo >&7
reap "$pid"
ok 'it ends well' is 'exit status' "$status" 0
echo 0 >$table

start "$tmp/calls" 0 $calls 0
look_around "$tmp/beside" "echo $pid >/proc/syscall-count/pids"
ok 'the same if gdb attached first' diff "$tmp/alone" "$tmp/beside"
ok 'and the process continues' within 60 grep '^done' "$tmp/out"
ok 'its calls are counted' is 'fchdir' "$(counted fchdir)" $calls
echo >&7
reap "$pid"
ok 'it ends well' is 'exit status' "$status" 0
echo 0 >$table

# strace attaches to a process that syscall-count counts
start "$tmp/calls" $threads $calls $forks
echo "$pid" >/proc/syscall-count/pids
strace -f -o "$tmp/strace" -p "$pid" 2>"$tmp/strace.err" &
tracer=$!
ok 'strace attaches to a process that is counted' \
	within 60 grep -E "attached with $((threads + 1)) threads" "$tmp/strace.err"
echo >&7
ok 'the process works' within 120 grep '^done' "$tmp/out"
traced() {
	is "$1" "$(grep -cE "^[0-9]+ +$1\(" "$tmp/strace")" "$(counted "$1")"
}
echo >&7
reap "$pid"
reap "$tracer"
ok 'it ends well' is 'exit status' "$status" 0
for name in getppid fchdir clock_nanosleep wait4 exit; do
	ok "both counted $name" traced $name
done
ok 'and the count is right' is 'fchdir' "$(counted fchdir)" $calls
rmmod syscall-count

# crash-suspend: the crash of a task that has a tracer is not held
crash_lines() {
	grep -oE -- '(---|\+\+\+) (SIG[A-Z]+|killed by SIG[A-Z]+|stopped by SIG[A-Z]+)' "$tmp/strace"
}
# strace ends as its child did, and a strace that dies of SIGSEGV would be held.  So
# the child is a shell that exits with status 0.
# shellcheck disable=SC2016 # the inner shell expands
crash_under_strace() {
	start strace -f -o "$tmp/strace" bash -c '"$1" segv; exit 0' - "$tmp/crash"
}
crash_under_gdb() {	# output
	gdb -nx -batch -ex 'echo marker\n' -ex run -ex backtrace -ex continue \
		--args "$tmp/crash" segv 2>&1 | sed -n '/^marker/,$p' >"$1"
}
crash_under_strace
reap "$pid"
crash_lines >"$tmp/alone"
ok 'strace sees the crash' grep -q 'killed by SIGSEGV' "$tmp/alone"
crash_under_gdb "$tmp/gdb-alone"
ok 'gdb sees it' grep -q 'terminated with signal SIGSEGV' "$tmp/gdb-alone"
load crash-suspend all=1 || bail_out 'crash-suspend does not load'
crash_under_strace
reap "$pid"
crash_lines >"$tmp/beside"
ok 'the same beside crash-suspend' diff "$tmp/alone" "$tmp/beside"
crash_under_gdb "$tmp/gdb-beside"
ok 'and with gdb' diff "$tmp/gdb-alone" "$tmp/gdb-beside"
ok 'no task is held' is 'lines' "$(wc -l <$held)" 1

# strace attaches to a held process: it sees the stop, and then the crash
start "$tmp/crash" segv
ok 'a crash is held' within 10 in_state "$pid" T
strace -o "$tmp/strace" -p "$pid" 2>/dev/null &
tracer=$!
ok 'strace attaches and sees the stop' \
	within 60 grep -E -- '--- stopped by SIG' "$tmp/strace"
kill -CONT "$pid"
reap "$pid"
reap "$tracer"
ok 'after SIGCONT it dies of its signal' grep -q 'killed by SIGSEGV' "$tmp/strace"
ok 'which strace sees once' is 'SIGSEGV' \
	"$(grep -c -- '--- SIGSEGV' "$tmp/strace")" 1
ok 'it is not held any more' is 'lines' "$(wc -l <$held)" 1

# A held process is still held after gdb has attached and detached
start "$tmp/crash" segv
within 10 in_state "$pid" T
load syscall-count pid="$pid"
debug "$pid" 'echo marker\n' 'backtrace' detach >"$tmp/beside"
ok 'gdb shows a held process that is counted as well' \
	grep -q 'write_to (pointer=0x0)' "$tmp/beside"
within 10 in_state "$pid" T
kill -CONT "$pid"
reap "$pid"
ok 'and it dies of its signal' is 'wait status' "$status" 139
ok 'unloads' rmmod syscall-count crash-suspend
finish
