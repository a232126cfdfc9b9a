#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Samples beside gdb and strace: both see what they would see alone.
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

# debug PID COMMAND...: what gdb prints, without what differs each time
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
# In a breakpoint, on by steps and calls, a look at registers, and leave
look_around() {	# output, what is done first
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
ok 'and leaves a process that works on' within 60 grep '^done' "$tmp/out"
echo >&7
reap "$pid"
ok 'which ends well' is 'exit status' "$status" 0
ok 'gdb got to its catchpoint' grep -q 'Catchpoint' "$tmp/alone"

load syscall-count || bail_out 'syscall-count does not load'
start "$tmp/calls" 0 $calls 0
echo "$pid" >/proc/syscall-count/pids
look_around "$tmp/beside"
ok 'the same beside syscall-count' diff "$tmp/alone" "$tmp/beside"
ok 'and the process works on' within 60 grep '^done' "$tmp/out"
ok 'its calls are counted under gdb' is 'fchdir' "$(counted fchdir)" $calls
# the 32-bit ones, and the one that gdb made it call
ok 'and that which gdb made it do' is 'getppid' "$(counted getppid)" $((calls + 1))
echo >&7
reap "$pid"
ok 'it ends well' is 'exit status' "$status" 0
echo 0 >$table

start "$tmp/calls" 0 $calls 0
look_around "$tmp/beside" "echo $pid >/proc/syscall-count/pids"
ok 'the same if gdb was there first' diff "$tmp/alone" "$tmp/beside"
ok 'and the process works on' within 60 grep '^done' "$tmp/out"
ok 'its calls are counted' is 'fchdir' "$(counted fchdir)" $calls
echo >&7
reap "$pid"
ok 'it ends well' is 'exit status' "$status" 0
echo 0 >$table

# syscall-count under strace: attached after, and by strace's own start
start "$tmp/calls" $threads $calls $forks
echo "$pid" >/proc/syscall-count/pids
strace -f -o "$tmp/strace" -p "$pid" 2>"$tmp/strace.err" &
tracer=$!
ok 'strace attaches to what is counted' \
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
ok 'and it was the truth' is 'fchdir' "$(counted fchdir)" $calls
rmmod syscall-count

# crash-suspend: a tracer that is there first has the crash for itself
crash_lines() {
	grep -oE -- '(---|\+\+\+) (SIG[A-Z]+|killed by SIG[A-Z]+|stopped by SIG[A-Z]+)' "$tmp/strace"
}
# strace ends itself as its own child ended: that would be a crash, too
# shellcheck disable=SC2016 # for the shell it is given to
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
ok 'nobody is held' is 'lines' "$(wc -l <$held)" 1

# strace comes to what is held: sees the stop, and then the crash
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
ok 'of which strace was told once' is 'SIGSEGV' \
	"$(grep -c -- '--- SIGSEGV' "$tmp/strace")" 1
ok 'it is held no more' is 'lines' "$(wc -l <$held)" 1

# gdb leaves a held process held
start "$tmp/crash" segv
within 10 in_state "$pid" T
load syscall-count pid="$pid"
debug "$pid" 'echo marker\n' 'backtrace' detach >"$tmp/beside"
ok 'gdb looks at a held process that is counted, too' \
	grep -q 'write_to (pointer=0x0)' "$tmp/beside"
within 10 in_state "$pid" T
kill -CONT "$pid"
reap "$pid"
ok 'and it dies of its signal' is 'wait status' "$status" 139
ok 'unloads' rmmod syscall-count crash-suspend
finish
