#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# samples/crash-suspend: who crashes is held, and let go the ways there are.
# shellcheck disable=SC2317 # functions are called through ok
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

proc=/proc/crash-suspend # the list
# the pointer is in a register by then
# shellcheck disable=SC2016 # $rax is gdb's
mend=('set var pointer = &somewhere' 'set var $rax = &somewhere')
# attaching sends it, the crash comes before it
nostop='handle SIGSTOP nostop nopass'
ulimit -c unlimited
echo "$tmp/core.%p" >/proc/sys/kernel/core_pattern

start() {
	: >"$tmp/out"
	"$tmp/crash" "$@" >"$tmp/out" 2>&1 &
	pid=$!
}

# held PID SIGNAL: stopped, and in the list, some thread of it
held() {
	in_state "$1" T && has "$proc" "$(cat "$proc")" "^[0-9]+ $1 $2 "
}

list_is_empty() {
	is "lines after the heading of $proc" "$(tail -n +2 "$proc")" ''
}

# Commands as one argument each; gdb's own exit status tells nothing
debug() {
	local args=() command
	for command in "${@:2}"; do
		args+=(-ex "$command")
	done
	timeout 480 gdb -nx -batch -p "$1" "${args[@]}" >"$tmp/gdb" 2>&1
}

gdb_says() {
	has 'gdb' "$(cat "$tmp/gdb")" "$1"
}

# After reap: by this signal and nothing else, and the list is empty
died_of() {
	is 'wait status' "$status" $((128 + $1)) && list_is_empty
}

compile crash || bail_out 'no compiler'
mark
ok 'without a pid it does not load' fails load crash-suspend
ok 'and says what it wants' log_has 'crash_suspend: load me with pid=NUMBER or with all=1'
ok 'nor with both' fails load crash-suspend pid=$$ all=1
ok 'nor with a pid nobody has' fails load crash-suspend pid=99999999
ok 'and leaves nothing' test ! -e $proc
ok 'loads' load crash-suspend pid=$$ || bail_out 'the module does not load'
ok 'the list is empty' list_is_empty

mark
start segv
ok 'a crash is held' within 10 held "$pid" 11
ok 'and announced' log_has "crash\[$pid\] held: signal 11 code 1 ip 0x[0-9a-f]+ sp 0x[0-9a-f]+$"
ok 'no core is dumped' test ! -e "$tmp/core.$pid"
kill -CONT "$pid"
reap "$pid"
ok 'SIGCONT: it dies of its signal' died_of 11
ok 'and leaves its core' test -s "$tmp/core.$pid"
ok 'which is announced' log_has "crash\[$pid\] let go, signal 11 ends it$"

start segv
ok 'the next one is held' within 10 held "$pid" 11
kill -KILL "$pid"
reap "$pid"
ok 'SIGKILL ends it' died_of 9

start segv
within 10 held "$pid" 11
kill -TERM "$pid"
ok 'SIGTERM leaves it held' held "$pid" 11
kill -CONT "$pid"
reap "$pid"
ok 'the crash comes before the SIGTERM' died_of 11

start segv
within 10 held "$pid" 11
debug "$pid" bt kill
ok 'gdb attaches to it and prints the innermost frame' gdb_says '^#0 .*write_to \(pointer=0x0\)'
ok 'and the outermost' gdb_says '^#2 .*main \('
reap "$pid"
ok "gdb's kill ends it" died_of 9

start segv
within 10 held "$pid" 11
debug "$pid" bt detach
ok 'gdb attaches and detaches' gdb_says 'detached'
kill -CONT "$pid" 2>/dev/null
reap "$pid"
ok 'and it dies of its signal' died_of 11

start segv
within 10 held "$pid" 11
mark
debug "$pid" "$nostop" continue "${mend[@]}" 'signal 0'
ok 'under gdb it meets its signal' gdb_says 'received signal SIGSEGV'
ok 'a debugger mends it: it goes on' gdb_says 'exited normally'
reap "$pid"
ok 'to its end' is 'wait status' "$status" 0
ok 'as its output says' grep mended "$tmp/out"
ok 'the log says whose it was' log_has "crash\[$pid\] let go, signal 11 is its debugger's$"
ok 'it is in the list no more' list_is_empty

start twice
within 10 held "$pid" 11
debug "$pid" continue "${mend[@]}" 'handle SIGSEGV nopass' detach
# attaching to what is stopped may have left a SIGSTOP behind
within 10 in_state "$pid" T
held "$pid" 11 >/dev/null || kill -CONT "$pid"
ok 'after a debugger dropped the signal, the next crash is held' \
	within 10 held "$pid" 11
ok 'which is another one' is 'held lines' "$(dmesg | grep -c "crash\[$pid\] held")" 2
kill -CONT "$pid"
reap "$pid"
ok 'and it dies of that' died_of 11

start abort
ok 'abort is held' within 10 held "$pid" 6
kill -CONT "$pid"
reap "$pid"
ok 'and let go' died_of 6

start fpe
ok 'a division by zero is held' within 10 held "$pid" 8
kill -CONT "$pid"
reap "$pid"
ok 'and let go' died_of 8

start pause
within 10 grep -q ready "$tmp/out"
kill -QUIT "$pid"
ok 'SIGQUIT from outside is held' within 10 held "$pid" 3
kill -CONT "$pid"
reap "$pid"
ok 'and let go' died_of 3

start pause
within 10 grep -q ready "$tmp/out"
kill -TERM "$pid"
reap "$pid"
ok 'SIGTERM dumps no core and is not held' died_of 15

start thread
ok 'a crash of a thread stops the process' within 10 held "$pid" 11
ok 'all of it' is 'states' \
	"$(cat "/proc/$pid/task"/*/stat | awk '{ printf "%s", $3 }')" TT
kill -CONT "$pid"
reap "$pid"
ok 'and it dies of that' died_of 11

start sleepers
within 10 grep -q ready "$tmp/out"
kill -QUIT "$pid"
ok 'a signal to a process of four threads is held' within 10 held "$pid" 3
kill -CONT "$pid"
reap "$pid"
ok 'and let go in whichever thread it comes back' died_of 3

start handled
reap "$pid"
ok 'a handler is not a crash' is 'wait status' "$status" 7

mark
timeout 480 gdb -nx -batch -ex run --args "$tmp/crash" segv >"$tmp/gdb" 2>&1
ok 'what runs under gdb is left to gdb' gdb_says 'received signal SIGSEGV'
ok 'and not held' fails log_has 'crash\[[0-9]+\] held'

start segv
within 10 held "$pid" 11
ok 'unloads while a task is held' rmmod crash-suspend
ok 'which stays stopped' in_state "$pid" T
ok 'loads again' load crash-suspend pid=$$
ok 'an old crash is not in the list' list_is_empty
kill -CONT "$pid"
ok 'but held again, being new to this engine' within 10 held "$pid" 11
rmmod crash-suspend
kill -CONT "$pid"
reap "$pid"
ok 'without the module SIGCONT ends it' is 'wait status' "$status" 139

start segv
reap "$pid"
ok 'without the module nobody is held' is 'wait status' "$status" 139

# A process of nobody's tree
mkfifo "$tmp/gate"
# shellcheck disable=SC2016 # for the shell it is given to
setsid bash -c '(read -r line <"$1"; exec "$2" segv) & echo $! >"$3"' - \
	"$tmp/gate" "$tmp/crash" "$tmp/pid"
within 10 test -s "$tmp/pid"
pid=$(cat "$tmp/pid")
ok 'loads for all processes' load crash-suspend all=1
ok 'process 1 too' grep -P '^Utrace:\t1 crash-suspend$' /proc/1/status
ok 'kernel threads not' grep -P '^Utrace:\t0$' /proc/2/status
echo >"$tmp/gate"
ok 'any crash is held' within 10 held "$pid" 11
kill -KILL "$pid"
ok 'and left when it ends' within 10 list_is_empty
reload() {
	for ((i = 0; i < 10; i++)); do
		rmmod crash-suspend && load crash-suspend all=1 || return
	done
}
bash -c 'while :; do (/bin/true | /bin/true); done' &
storm=$!
ok 'reloads 10 times in a storm of forks' reload
kill -KILL "$storm"
reap "$storm"
ok 'unloads' rmmod crash-suspend
ok 'nothing of it is left' test ! -e $proc
finish
