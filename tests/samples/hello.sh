#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# samples/hello: it loads, reports, and unloads in each state of its task.
# shellcheck disable=SC2317 # functions are called through ok
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mkfifo "$tmp/gate"
exec 7<>"$tmp/gate"

# Start a shell that waits for a line, forks a child, and executes another program
start() {
	bash -c 'read -r line; /bin/true; exec /bin/echo bye' <&7 >/dev/null &
	pid=$!
}

mark
ok 'without a pid it does not load' fails load hello
ok 'and logs its parameter' log_has 'hello: there is no task 0: load me with pid=NUMBER'
ok 'with a pid that does not exist it does not load' fails load hello pid=99999999
ok 'with a kernel thread it does not load' fails load hello pid=2
ok 'after these failures it is not loaded' fails loaded hello

start
mark
ok 'loads' load hello pid="$pid"
ok 'logs which task it watches' log_has "hello: watching task $pid$"
ok 'is in /proc/PID/status' grep -P '^Utrace:\t1 hello$' "/proc/$pid/status"
echo >&7
reap "$pid"
ok 'the task runs to its end undisturbed' is 'exit status' "$status" 0
ok 'reports the child' log_has "hello: bash\[$pid\] made process [0-9]+$"
ok 'reports the new program' log_has "hello: echo\[$pid\] runs /bin/echo$"
ok 'reports the exit' log_has "hello: echo\[$pid\] exits, wait status 0(x0)?$"
lines=$(log | grep -c 'hello: [a-z]*\[')
ok 'reports each once' is 'lines' "$lines" 3
ok 'unloads when the task is reaped' rmmod hello
ok 'logs its unload' log_has 'hello: good bye'

start
ok 'loads again' load hello pid="$pid"
mark
ok 'unloads while the task is alive' rmmod hello
ok 'is not in /proc/PID/status any more' grep -P '^Utrace:\t0$' "/proc/$pid/status"
echo >&7
reap "$pid"
ok 'the task continues without it' is 'exit status' "$status" 0
ok 'and nothing is reported' fails log_has 'hello: [a-z]*\['

# A zombie: its parent executes sleep, which does not reap it
# shellcheck disable=SC2016 # the inner shell expands
bash -c 'bash -c "read -r line" <&7 & echo $! >"$1"; exec sleep 1000' - "$tmp/pid" &
parent=$!
within 10 test -s "$tmp/pid"
pid=$(cat "$tmp/pid")
within 10 runs "$parent" sleep
ok 'loads for a task that will be a zombie' load hello pid="$pid"
echo >&7
ok 'the task is a zombie' within 10 in_state "$pid" Z
ok 'unloads while its task is a zombie' rmmod hello
ok 'loads for a zombie' load hello pid="$pid"
ok 'and unloads' rmmod hello
kill -KILL "$parent"
reap "$parent"

# Unload while the task has one event after the other
bash -c 'while :; do /bin/true; done' &
pid=$!
reload() {
	for ((i = 0; i < 20; i++)); do
		load hello pid="$1" && rmmod hello || return
	done
}
ok 'loads and unloads 20 times while its task forks' reload "$pid"
ok 'the task is alive' kill -0 "$pid"
kill -KILL "$pid"
reap "$pid"
ok 'and dies by SIGKILL' is 'exit status' "$status" 137
ok 'nothing of it is left' fails loaded hello
finish
