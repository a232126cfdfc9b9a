#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# samples/crash-suspend: a task that crashes is held; each way that ends the hold.
# shellcheck disable=SC2317 # functions are called through ok
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

proc=/proc/crash-suspend # the list of held tasks
# When the task crashes, the pointer is in rax as well.
# shellcheck disable=SC2016 # $rax is gdb's
mend=('set var pointer = &somewhere' 'set var $rax = &somewhere')
# PTRACE_ATTACH sends a SIGSTOP, which gdb gets after the signal of the crash.
nostop='handle SIGSTOP nostop nopass'
ulimit -c unlimited
echo "$tmp/core.%p" >/proc/sys/kernel/core_pattern

start() {
	: >"$tmp/out"
	"$tmp/crash" "$@" >"$tmp/out" 2>&1 &
	pid=$!
}

# held PID SIGNAL: the process is stopped, and one of its threads is in the list
held() {
	in_state "$1" T && has "$proc" "$(cat "$proc")" "^[0-9]+ $1 $2 "
}

list_is_empty() {
	is "lines after the heading of $proc" "$(tail -n +2 "$proc")" ''
}

# debug PID COMMAND...: run gdb.  Its exit status does not show failures.
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

# died_of SIGNAL: after reap, the process died of SIGNAL and the list is empty
died_of() {
	is 'wait status' "$status" $((128 + $1)) && list_is_empty
}

compile crash || bail_out 'no compiler'
mark
ok 'without a pid it does not load' fails load crash-suspend
ok 'and logs its parameters' log_has 'crash_suspend: load me with pid=NUMBER or with all=1'
ok 'nor with both' fails load crash-suspend pid=$$ all=1
ok 'nor with an unused pid' fails load crash-suspend pid=99999999
ok 'and leaves nothing' test ! -e $proc
ok 'loads' load crash-suspend pid=$$ || bail_out 'the module does not load'
ok 'the list is empty' list_is_empty

mark
start segv
ok 'a crash is held' within 10 held "$pid" 11
ok 'and logged' log_has "crash\[$pid\] held: signal 11 code 1 ip 0x[0-9a-f]+ sp 0x[0-9a-f]+$"
ok 'no core is dumped' test ! -e "$tmp/core.$pid"
kill -CONT "$pid"
reap "$pid"
ok 'SIGCONT: it dies of its signal' died_of 11
ok 'and leaves its core' test -s "$tmp/core.$pid"
ok 'and is logged' log_has "crash\[$pid\] let go, signal 11 ends it$"

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
ok 'under gdb it gets its signal' gdb_says 'received signal SIGSEGV'
ok 'after a debugger fixed the pointer, it continues' gdb_says 'exited normally'
reap "$pid"
ok 'to its end' is 'wait status' "$status" 0
ok 'and its output is correct' grep mended "$tmp/out"
ok 'the log names its debugger' log_has "crash\[$pid\] let go, signal 11 is its debugger's$"
ok 'it is not in the list any more' list_is_empty

start twice
within 10 held "$pid" 11
debug "$pid" continue "${mend[@]}" 'handle SIGSEGV nopass' detach
# gdb attached to a stopped process, so the SIGSTOP of the attach may be pending.
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
ok 'and it dies of SIGABRT' died_of 6

start fpe
ok 'a division by zero is held' within 10 held "$pid" 8
kill -CONT "$pid"
reap "$pid"
ok 'and it dies of SIGFPE' died_of 8

start pause
within 10 grep -q ready "$tmp/out"
kill -QUIT "$pid"
ok 'SIGQUIT from outside is held' within 10 held "$pid" 3
kill -CONT "$pid"
reap "$pid"
ok 'and it dies of SIGQUIT' died_of 3

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
ok 'and it dies of SIGQUIT, whichever thread dequeues it' died_of 3

start handled
reap "$pid"
ok 'a handler is not a crash' is 'wait status' "$status" 7

mark
timeout 480 gdb -nx -batch -ex run --args "$tmp/crash" segv >"$tmp/gdb" 2>&1
ok 'a crash under gdb is reported to gdb' gdb_says 'received signal SIGSEGV'
ok 'and not held' fails log_has 'crash\[[0-9]+\] held'

start segv
within 10 held "$pid" 11
ok 'unloads while a task is held' rmmod crash-suspend
ok 'which stays stopped' in_state "$pid" T
ok 'loads again' load crash-suspend pid=$$
ok 'an old crash is not in the list' list_is_empty
kill -CONT "$pid"
ok 'but held again by the new engine' within 10 held "$pid" 11
rmmod crash-suspend
kill -CONT "$pid"
reap "$pid"
ok 'without the module SIGCONT ends it' is 'wait status' "$status" 139

start segv
reap "$pid"
ok 'without the module no task is held' is 'wait status' "$status" 139

# A process outside of the tree of this shell
mkfifo "$tmp/gate"
# shellcheck disable=SC2016 # the inner shell expands
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
ok 'and removed from the list when it ends' within 10 list_is_empty
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
