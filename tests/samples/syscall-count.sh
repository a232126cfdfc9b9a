#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# samples/syscall-count: the counts are exact, and unloading is safe.
# shellcheck disable=SC2317 # functions are called through ok
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

proc=/proc/syscall-count
threads=8
calls=2000
forks=3
mkfifo "$tmp/gate"
exec 7<>"$tmp/gate"

# start THREADS CALLS FORKS: start the program calls, under the command in before
start() {
	: >"$tmp/out"
	"${before[@]}" "$tmp/calls" "$@" <&7 >"$tmp/out" &
	pid=$!
	within 60 grep -q ready "$tmp/out"
}
before=()

# cell ABI NAME COLUMN: print one number of the table
cell() {
	awk -v abi="$1" -v name="$2" -v column="$3" '
		$1 == abi && $2 == name { n = $column }
		END { print n + 0 }' "$proc/table"
}

table_says() {
	is "$2 ($1 bit), column $3" "$(cell "$1" "$2" "$3")" "$4"
}

# table_has ABI NAME COLUMN N: the number is at least N
table_has() {
	local got
	got=$(cell "$1" "$2" "$3")
	[ "${got%.*}" -ge "$4" ] && return
	echo "$2, column $3: got $got, wanted at least $4"
	return 1
}

put() {
	echo "$1" >"$2"
}

refused() {
	local output
	if output=$( (echo "$1" >"$2") 2>&1); then
		echo "$2 accepted '$1'"
		return 1
	fi
	has 'the error' "$output" "$3"
}

empty() {
	is "$1" "$(cat "$1")" ''
}

only_heading() {
	is "lines of the table" "$(wc -l <"$proc/table")" 1
}

# Call this after the program printed "done": then all its calls are complete,
# except the read in which it waits.
known_counts() {
	table_says 64 getppid 3 $((calls * (2 * threads + 2 * forks))) || return
	table_says 64 getppid 4 0 || return
	table_says 64 fchdir 3 "$calls" || return
	table_says 64 fchdir 4 "$calls" || return
	table_says 32 getppid 3 "$calls" || return
	table_says 32 fchdir 3 0 || return
	table_says 64 exit 3 $((2 * threads)) || return
	table_says 64 clone 3 $((2 * forks)) || return
	table_says 64 wait4 3 $((2 * forks))
}

compile calls || bail_out 'no compiler'
ok 'loads' load syscall-count || bail_out 'the module does not load'
ok 'the table is empty' only_heading
ok 'no task is counted' empty $proc/pids
ok 'refuses a word' refused x $proc/pids 'Invalid argument'
ok 'refuses a negative number' refused -1 $proc/pids 'Invalid argument'
ok 'refuses an unused pid' refused 99999999 $proc/pids 'No such process'
ok 'refuses a kernel thread' refused 2 $proc/pids 'not permitted'

start $threads $calls $forks
ok 'counts a process' put "$pid" $proc/pids
ok 'with all its threads' is 'tasks' "$(grep -c " $pid calls\$" $proc/pids)" $((threads + 1))
ok 'is in /proc/PID/status' grep -P '^Utrace:\t1 syscall-count$' "/proc/$pid/status"
ok 'twice the same process is once' put "$pid" $proc/pids
ok 'and one engine' grep -P '^Utrace:\t1 ' "/proc/$pid/status"
echo >&7
ok 'the process works' within 120 grep '^done' "$tmp/out"
ok 'live: the counts are exact while it runs' known_counts
ok 'time: the sleep of 50 ms is in the table' \
	table_has 64 clock_nanosleep 5 50000
ok 'a call in progress is counted' within 10 table_has 64 read 3 1
echo >&7
reap "$pid"
ok 'it ends well' is 'exit status' "$status" 0
ok 'the counts stay' known_counts
ok 'no engine stays' within 10 empty $proc/pids
ok 'resets' put 0 $proc/table
ok 'to an empty table' only_heading

# strace and the engine on the same process.  Count the lines of strace's log, because
# its -c does not count calls that never return.  The log does not distinguish 32-bit
# calls.
strace_says() {
	is "strace: $1" "$(grep -cE "^[0-9]+ +$1\(" "$tmp/strace")" "$2"
}

# Compare calls that the program makes only after it has read its line
same_as_strace() {
	local name
	for name in getppid fchdir clock_nanosleep clone wait4 exit exit_group; do
		strace_says "$name" \
			$(($(cell 64 "$name" 3) + $(cell 32 "$name" 3))) || return
	done
}

before=(strace -f -o "$tmp/strace")
start 4 200 2
before=()
tracee=$(pgrep -P "$pid" -x calls)
ok 'counts a process that strace is tracing' put "$tracee" $proc/pids
echo >&7
ok 'the process works' within 120 grep '^done' "$tmp/out"
echo >&7
reap "$pid"
ok 'it ends well' is 'exit status' "$status" 0
ok 'counts what strace counts' same_as_strace
ok 'and the count of strace is right' strace_says getppid $((200 * 13))
put 0 $proc/table

# Processes that already have children: by the file, and by the module parameter
# shellcheck disable=SC2016 # the inner shell expands
# Remove the "ready" of the previous program.
: >"$tmp/out"
bash -c '"$1" 2 100 1 <&7 >"$2"; true' - "$tmp/calls" "$tmp/out" &
shell=$!
within 60 grep -q ready "$tmp/out"
ok 'counts the existing children of a process' put "$shell" $proc/pids
ok 'each thread of them' is 'tasks' "$(wc -l <"$proc/pids")" 4
ok 'stops on request' put 0 $proc/pids
ok 'then counts no task' empty $proc/pids
counted=$(cell 64 getppid 3)
echo >&7
ok 'the process continues' within 120 grep '^done' "$tmp/out"
ok 'uncounted' table_says 64 getppid 3 "$counted"
ok 'unloads' rmmod syscall-count
ok 'and removes its files' test ! -e $proc
ok 'loads with a pid' load syscall-count pid="$shell"
ok 'and counts its tree' is 'tasks' "$(wc -l <"$proc/pids")" 2
echo >&7
reap "$shell"
ok 'which ends well' is 'exit status' "$status" 0
rmmod syscall-count
ok 'does not load with an unused pid' fails load syscall-count pid=99999999
ok 'and leaves nothing' test ! -e $proc

# Unloading with many engines attached
start 500 20 0
ok 'loads on 501 threads' load syscall-count pid="$pid"
ok 'counts them all' is 'tasks' "$(wc -l <"$proc/pids")" 501
ok 'unloads with 501 engines attached' rmmod syscall-count
ok 'and detaches them' grep -P '^Utrace:\t0$' "/proc/$pid/status"
ok 'loads again' load syscall-count pid="$pid"
echo >&7
ok 'unloads while 1000 threads are busy' rmmod syscall-count
ok 'they finish' within 120 grep '^done' "$tmp/out"
echo >&7
reap "$pid"
ok 'it ends well' is 'exit status' "$status" 0

# Unloading while processes fork, 20 times
bash -c 'while :; do (/bin/true | /bin/true); done' &
storm=$!
reload() {
	for ((i = 0; i < 20; i++)); do
		load syscall-count pid="$1" || return
		while [ "$(cell 64 execve 3)" -lt 2 ]; do sleep 0.01; done
		rmmod syscall-count || return
	done
}
ok 'loads and unloads 20 times in a storm of forks' reload "$storm"
ok 'the storm continues' kill -0 "$storm"
kill -KILL "$storm"
reap "$storm"
ok 'nothing of it is left' fails loaded syscall-count
finish
