#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The part of make demo that runs in the guest: use the samples, and check each step.
# Run this as root.  The modules are below MODDIR.
# shellcheck disable=SC2317 # functions are called through check and within
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
moddir=${MODDIR:-${BUILDDIR:-$here/../../build}/modules/${VARIANT:-utrace}}
tracing=/sys/kernel/tracing
count=/proc/syscall-count
suspend=/proc/crash-suspend
tmp=$(mktemp -d /tmp/demo.XXXXXX)
good=0
bad=0
summary=()

# The programs of these steps wait for a line, so that an engine can attach first
mkfifo "$tmp/gate"
exec 7<>"$tmp/gate"
mkfifo "$tmp/wait"

heading() {
	summary+=("$1")
	printf '\n=== %d. %s\n' "${#summary[@]}" "$1"
}

say() {
	printf '\n%s\n' "$*"
}

# Print a command and its output
show() {
	printf '# %s\n' "$*"
	bash -c "$*" 2>&1
}

check() {
	local what=$1 output
	shift
	if output=$("$@" 2>&1); then
		echo "[ok] $what"
		good=$((good + 1))
	else
		echo "[FAILED] $what"
		echo "${output:-$* failed}"
		bad=$((bad + 1))
	fi
}

# within SECONDS COMMAND...: repeat the command until it succeeds
within() {
	local end=$((SECONDS + $1 * 6)) output
	shift
	until output=$("$@" 2>&1); do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "still not so: $*: $output"
			return 1
		fi
		sleep 0.05
	done
}

is() {
	[ "$1" = "$2" ] || { echo "got '$1', wanted '$2'"; return 1; }
}

lines_of() {
	is "$(wc -l <"$1")" "$2"
}

load() {
	echo "# insmod $1.ko ${*:2}"
	insmod "$(find "$moddir/" -name "$1.ko" -print -quit)" "${@:2}"
}

state() {
	awk '/^State:/ { print $2 }' "/proc/$1/status" 2>/dev/null
}

in_state() {
	is "$(state "$1")" "$2"
}

gone() {
	case $(state "$1") in
	'' | Z) ;;
	*) return 1 ;;
	esac
}

# Set status to the exit status of a child.  Kill the child after the time limit.
reap() {
	status=0
	{
		within 120 gone "$1" >/dev/null || kill -KILL "$1"
		wait "$1" || status=$?
	} 2>/dev/null
}

# calls NAME: print the number of calls from the table
calls() {
	awk -v name="$1" '$2 == name { n += $3 } END { print n + 0 }' $count/table
}

called() {
	[ "$(calls "$1")" -ge "$2" ] ||
		{ echo "$1: $(calls "$1") times, wanted at least $2"; return 1; }
}

top() {
	head -n 1 $count/table
	tail -n +2 $count/table | sort -k 3nr | head -n "$1"
}

a_pipeline_is_counted() {
	heading 'A pipeline of real programs under syscall-count'
	load syscall-count
	bash -c 'read -r line; find /usr/include -name "*.h" |
		head -n 2000 | sort | md5sum' <&7 >"$tmp/sum" &
	local pid=$!
	say "Process $pid will run: find ... | head -n 2000 | sort | md5sum"
	show "echo $pid >$count/pids"
	echo >&7

	check 'the table is live: find reads directories' \
		within 60 called getdents64 1
	say 'Who is counted now (task, process, name):'
	show "cat $count/pids"
	reap $pid
	check 'the pipeline ends well' is "$status" 0
	cat "$tmp/sum"

	say 'The twelve calls made most often by all of them:'
	top 12
	check 'each of the four programs was followed' called execve 4
	check 'no task is left attached' within 10 lines_of $count/pids 0
}

a_crash_is_held() {
	heading 'A crash held by crash-suspend, seen by gdb, and let go'
	load crash-suspend pid=$$
	gcc -g -O0 -o "$tmp/average" "$here/average.c"
	echo 1 2 3 >"$tmp/numbers"
	say 'A program with a bug is told to average 4 numbers, and given 3:'
	"$tmp/average" 4 <"$tmp/numbers" &
	local pid=$!
	check 'it is stopped, not dead' within 30 in_state $pid T
	show "dmesg | grep -F '[$pid] held' | tail -n 1"
	show "cat $suspend"
	check 'it is in the list' grep -q "^$pid $pid 11 " $suspend

	say 'gdb attaches to it:'
	timeout 480 gdb -nx -batch -p $pid -ex backtrace -ex 'info locals' \
		-ex detach >"$tmp/gdb" 2>&1
	grep -E '^#|SIGSEGV|^[a-z]+ = |detached' "$tmp/gdb"
	check 'the backtrace shows the bug' \
		grep -qE '^#0 .*sum \(list=0x0, count=0\)' "$tmp/gdb"
	check 'and how the program came there' \
		grep -qE '^#2 .*main \(argc=2' "$tmp/gdb"

	say 'gdb is gone.  The program may go on now, and meets its signal:'
	show "kill -CONT $pid"
	reap $pid
	check 'it dies of SIGSEGV, as without us' is "$status" 139
	check 'the list is empty' within 10 lines_of $suspend 1
}

two_engines_on_one_task() {
	heading 'Two engines on one task, in /proc/PID/status'
	sleep 1000 &
	local pid=$!
	echo $pid >$count/pids
	show "grep -E '^(Name|State|Pid|TracerPid|Utrace):' /proc/$pid/status"
	check 'the kernel names both' grep -qP \
		'^Utrace:\t2 (crash-suspend syscall-count|syscall-count crash-suspend)$' \
		/proc/$pid/status
	kill -KILL $pid
	reap $pid
	check 'SIGKILL ends it' is "$status" 137
}

# Count the calls in strace's log by name, from the last read of stdin on
strace_counts() {
	awk '
		/ read\(0, / { delete n; next }
		match($0, /^[0-9]+ +[a-z0-9_]+\(/) { sub(/\(.*/, "", $2); n[$2]++ }
		END { for (name in n) print name, n[name] }' "$tmp/strace" | sort
}

engine_counts() {
	awk 'NR > 1 { print $2, $3 }' $count/table | sort
}

strace_and_an_engine() {
	local tracer pid
	heading 'strace and an engine on the same process at the same time'
	echo 0 >$count/table
	strace -f -o "$tmp/strace" bash -c 'read -r line
		exec find /usr/include/linux -name "u*.h"' <&7 >"$tmp/found" &
	tracer=$!
	within 60 pgrep -P $tracer -x bash
	pid=$(pgrep -P $tracer -x bash)
	# The shell is in read(0, ...), so both start to count at the same call
	check 'strace has started it' within 60 grep -q '^0 0x0 ' "/proc/$pid/syscall"
	echo "$pid" >$count/pids
	show "grep -E '^(TracerPid|Utrace):' /proc/$pid/status"
	check 'it has two engines, and ptrace is the third' \
		grep -qP '^Utrace:\t3 .*\bptrace\b' "/proc/$pid/status"
	echo >&7
	reap $tracer
	check 'find ends well under both' is "$status" 0
	strace_counts >"$tmp/by-strace"
	engine_counts >"$tmp/by-engine"
	say "It found $(wc -l <"$tmp/found") files.  Its calls:"
	{
		echo 'call strace engine'
		join -a 1 -a 2 -e 0 -o 0,1.2,2.2 "$tmp/by-strace" "$tmp/by-engine"
	} | column -t
	check 'each saw every call' diff "$tmp/by-strace" "$tmp/by-engine"
	check 'and there were some' called getdents64 2
}

# gdb holds a process at a breakpoint while strace traces another of the same program
strace_and_gdb() {
	local tracer pid
	heading 'strace and gdb on one machine: ptrace(2) is an engine, too'
	# shellcheck disable=SC2016 # the inner shell expands
	strace -o "$tmp/strace" bash -c 'read -r line
		exec "$0" 3 <"$1"' "$tmp/average" "$tmp/numbers" <&7 >"$tmp/sum" &
	tracer=$!
	within 60 pgrep -P $tracer -x bash
	pid=$(pgrep -P $tracer -x bash)
	check 'strace has one' within 60 grep -q '^0 0x0 ' "/proc/$pid/syscall"
	say 'gdb runs another, with a breakpoint, and lets the first one go on from there:'
	timeout 480 gdb -nx -batch -ex 'break sum' -ex "run 3 <$tmp/numbers" -ex backtrace \
		-ex "shell echo >$tmp/gate; cat $tmp/wait" -ex 'watch total if total > 0' -ex continue \
		-ex 'delete' -ex continue "$tmp/average" >"$tmp/gdb" 2>&1 &
	local gdb=$!
	reap $tracer
	check "strace's ends well" is "$status" 0
	echo >"$tmp/wait"
	reap $gdb
	check "and so does gdb's" is "$status" 0
	grep -E '^#|^Breakpoint|^Old|^New|watchpoint|exited' "$tmp/gdb"
	check 'gdb was at the breakpoint' grep -qE '^#0 .*sum \(list=0x[0-9a-f]+, count=3\)' "$tmp/gdb"
	check 'its watchpoint saw a number added' grep -q '^New value = 3$' "$tmp/gdb"
	check 'it saw the average' grep -qx 2 "$tmp/gdb"
	check 'and the end' grep -q 'exited normally' "$tmp/gdb"
	say 'strace of the other one ends with:'
	tail -n 3 "$tmp/strace"
	check 'strace saw the same average written' grep -q '^write(1, "2\\n", 2) *= 2$' "$tmp/strace"
}

# make demo compiles this module if SystemTap is installed
stap_module=${BUILDDIR:-$here/../../build}/systemtap/demo/stap_demo.ko

a_script_and_strace() {
	local by_script
	heading 'A SystemTap script beside strace'
	show "grep -v SPDX $here/calls.stp"
	check 'the script ends well' timeout 480 staprun -o "$tmp/script" "$stap_module" \
		-c "strace -f -o $tmp/strace find /proc/self/ns"
	show "head -n 8 $tmp/script"
	check 'it saw find end' grep -qE '^find\[[0-9]+\] ended$' "$tmp/script"
	by_script=$(awk '$1 == "getdents64" { print $2 }' "$tmp/script")
	check 'it counted as many getdents64 as strace shows' test \
		"$by_script" = "$(grep -cE '^[0-9]+ +getdents64\(' "$tmp/strace")"
}

the_tracepoints() {
	heading "The layer's own tracepoints through ftrace"
	rmmod syscall-count crash-suspend
	show "ls -d $tracing/events/utrace/utrace_*"
	bash -c 'read -r line; exec /bin/echo hello, world' <&7 &
	local pid=$!
	echo >$tracing/trace
	echo 1 >$tracing/events/utrace/enable
	load hello pid=$pid
	echo >&7
	reap $pid
	rmmod hello
	echo 0 >$tracing/events/utrace/enable
	check 'the program ends well' is "$status" 0
	say 'What hello says:'
	show 'dmesg | grep "hello: " | tail -n 4'
	say 'What ftrace saw of it:'
	grep -E 'utrace_[a-z]+:' $tracing/trace >"$tmp/trace"
	cat "$tmp/trace"
	local event
	for event in attach report detach; do
		check "there is utrace_$event of process $pid" \
			grep -qE "utrace_$event: .*$pid" "$tmp/trace"
	done
}

echo "This is $(uname -sr), $(nproc) processors, started $(cut -d. -f1 /proc/uptime) s ago"
a_pipeline_is_counted
a_crash_is_held
two_engines_on_one_task
strace_and_an_engine
strace_and_gdb
[ ! -f "$stap_module" ] || a_script_and_strace
the_tracepoints

printf '\n=== Summary\n'
printf 'shown: %s\n' "${summary[@]}"
printf '%d checks ok, %d failed\n' "$good" "$bad"
rm -rf "$tmp"
[ "$bad" -eq 0 ]
