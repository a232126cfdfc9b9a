# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# gdb in batch mode: what a user does, by hand, with a program.
# shellcheck disable=SC2016 # gdb has dollars of its own
# shellcheck source=tests/ptrace/real/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# debug ARGUMENT...: the commands come by standard input, what gdb and the program
# say goes to ./said, in the order in which it was said.  No debug information of
# the C library: it takes most of the time, and is not on every machine.
debug() {
	cat >commands
	gdb -nx -q -batch -iex 'set debuginfod enabled off' -iex 'set debug-file-directory /nonexistent' \
		-iex 'set width 0' -iex 'set height 0' -iex 'set confirm off' \
		-iex 'set startup-with-shell off' -iex 'handle SIGUSR1 nostop noprint pass' \
		-iex 'handle SIGUSR2 nostop noprint pass' -x commands "$@" >said 2>&1 </dev/null
	echo "gdb ended with $?"
}

# Without the numbers that change
facts() {
	mask said | sed -E 's/((process|Thread ADDR \(LWP|LWP|Inferior.*process|pid =?|thread) )[0-9]+/\1N/g
		s/\(process [0-9]+\)/(process N)/; s/reg-xstate.[0-9]+/reg-xstate/; s/si_pid = [0-9]+/si_pid = N/
		/^warning: (Error disabling address|File|.*auto-load)/d
		/^Signal        Stop|^SIGUSR[12]|^$/d
		/libthread_db|^Using host|^Download failed|No such file or directory\.$/d'
}

case_breakpoints() {
	debug "$targets/steps" <<'GDB'
break add if a == 10
tbreak calls
break touch
run
bt
info args
print a + b
finish
ignore 1 100
continue
print value
continue 2
print value
continue
info breakpoints
delete
continue
GDB
	facts
	want 'the condition held' has said 'add \(a=10, b=5\)'
	want 'the program ended' has said 'exited with code 07'
}

case_breakpoints_32() {
	debug "$targets/steps_32" <<'GDB'
break add if a == 10
run
bt
print sizeof(long)
finish
delete
break on_signal
handle SIGUSR1 nostop noprint pass
continue
bt 1
delete
continue
GDB
	facts
	want 'the program ended' has said 'exited with code 07'
}

case_watchpoints() {
	debug "$targets/steps" <<'GDB'
break main
run
watch watched
continue
continue
rwatch watched
continue
continue
delete
break touch
awatch handled
continue
GDB
	facts
	want 'they are in hardware' has said 'Hardware watchpoint 2: watched'
	want 'the new value is seen' has said 'New value = 20'
}

case_watch_in_software() {
	debug "$targets/steps" <<'GDB'
set can-use-hw-watchpoints 0
break touch
run
watch watched
continue
bt
delete
continue
GDB
	facts
	want 'it is in software' has said '^Watchpoint 2: watched'
	want 'the new value is seen' has said 'New value = 10'
}

case_steps() {
	debug "$targets/steps" <<'GDB'
break calls
run
next
next
step
stepi 20
finish
stepi
info line
delete
break raises
until
stepi 3
next
continue
GDB
	facts
	want 'the program ended' has said 'total 50 watched 30 handled 101'
}

# Single steps into a handler, over its end, over system calls
case_step_signals() {
	debug "$targets/steps" <<'GDB'
handle SIGUSR1 stop print pass
handle SIGUSR2 stop print nopass
break raises
run
continue
print handled
stepi
bt 1
stepi 2
bt 1
finish
stepi 5
continue
print $_siginfo.si_signo
print $_siginfo._sifields._kill.si_uid
print handled
signal SIGUSR2
GDB
	facts
	want 'the handlers ran' has said 'handled 101'
}

case_signals() {
	debug "$targets/steps" <<'GDB'
catch signal SIGUSR1
handle SIGUSR2 nostop noprint nopass
run
bt 1
queue-signal 0
continue
info program
GDB
	facts
	want 'no handler ran' has said 'handled 0'
}

case_crash() {
	debug --args "$targets/steps" crash <<'GDB'
run
bt
print nowhere
print $_siginfo.si_signo
print $_siginfo._sifields._sigfault.si_addr
continue
GDB
	facts
	want 'the fault is seen' has said 'SIGSEGV'
}

case_catch_fork() {
	debug "$targets/forks" <<'GDB'
catch fork
catch vfork
catch exec
run
bt 1
continue
info breakpoints
continue
GDB
	facts
	want 'the fork is seen' has said 'forked process'
	want 'the program ended' has said 'exited with code 05'
}

case_catch_syscall() {
	debug "$targets/steps" <<'GDB'
catch syscall getppid
catch syscall write
run
bt 2
print $orig_rax
continue
print $rax > 0
set var $rax = 0
delete 1
continue
set var $rdx = 6
continue
print $rax
delete
continue
GDB
	facts
	want 'the entry is seen' has said 'call to syscall getppid'
	want 'the return is seen' has said 'returned from syscall getppid'
}

case_follow_child() {
	debug "$targets/forks" <<'GDB'
set follow-fork-mode child
break in_child
run
bt
finish
continue
GDB
	# the parent runs on beside it: who speaks first is chance
	facts | sort
	want 'the child was followed' has said 'in_child \(x=3\)'
	want 'it ended' has said 'exited with code 06'
}

case_follow_exec() {
	debug "$targets/forks" <<'GDB'
tbreak in_parent
run
set follow-fork-mode child
catch exec
continue
print $_inferior
info inferiors
break in_child
continue
bt
finish
continue
GDB
	facts | sort
	want 'the exec is seen' has said 'exec.d .*forks'
	want 'the new program was stopped in' has said 'in_child \(x=4\)'
}

case_both_inferiors() {
	debug "$targets/forks" <<'GDB'
set detach-on-fork off
set schedule-multiple off
catch fork
run
delete
next
info inferiors
inferior 2
bt -1
break in_child
continue
finish
continue
inferior 1
kill inferiors 1
info inferiors
GDB
	facts
	want 'there are two' has said '^  2 '
	want 'the child ended' has said 'exited with code 06'
}

# Every thread stops alone, the others run on
case_nonstop() {
	debug --args "$targets/threads" 4 <<'GDB'
set non-stop on
set pagination off
break work if nr == 2
run
info threads
thread apply all -s -q bt 1
delete
continue -a
GDB
	# which thread is where is the scheduler's choice
	facts | grep -oE 'work \(nr=.\)|exited normally|calls 20|Breakpoint 1' | sort -u
	want 'a thread stopped' has said 'work \(nr=2\)'
	want 'the others ran' has said '\(running\)'
	want 'the program ended' has said 'exited normally'
}

case_threads() {
	debug --args "$targets/threads" 4 <<'GDB'
break work if nr == 3
run
info threads
thread apply all bt -1
set scheduler-locking on
finish
set scheduler-locking off
delete
continue
GDB
	facts | grep -oE 'work \(nr=3\)|exited normally|Run till exit|calls 20' | sort -u
	want 'there are threads' has said '^[* ] +[0-9]+ +Thread 0x'
	want 'the program ended' has said 'exited normally'
}

case_attach_sleeping() {
	start_waits 0
	debug -p "$pid" <<'GDB'
bt -2
print answer
print twice(answer)
set var answer = 7
break answers
detach
GDB
	facts | grep -vE '^\[|^(__GI_)?_*read|^[0-9]+.*(\.c|in)'
	want 'the stack is seen' has said 'main \(argc=3'
	want 'a function of it could be called' has said '\$2 = 84'
	tell one
	end_waits
}

case_attach_breakpoint() {
	start_waits 0
	{ until_true is_traced "$pid"; echo one >fifo; } &
	debug -p "$pid" <<'GDB'
break answers
continue
bt
print line
finish
print answer
delete
detach
GDB
	facts | grep -E 'answers|Value|^\$'
	want 'it stopped there' has said 'Breakpoint 1, answers'
	end_waits
}

case_attach_threads() {
	start_waits 5
	debug -p "$pid" <<'GDB'
info threads
thread apply all -q bt
thread 3
print $_thread
detach
GDB
	facts | grep -oE '^ +[0-9]+ +Thread|sleeps \(\)|main \(argc=3' | sort | uniq -c
	want 'all threads are seen' seen said 'sleeps \(\)' 5
	tell one
	end_waits
}

case_attach_stopped() {
	start_waits 2
	kill -STOP "$pid"
	until_true is_state "$pid" T
	debug -p "$pid" <<'GDB'
info threads
print answer
detach
GDB
	facts | grep -oE '^[* ] +[0-9]+ +Thread|\$1 = 42' | sort | uniq -c
	want 'it is free' is_free "$pid"
	echo "state $(state "$pid")"
	kill -CONT "$pid"
	tell one
	end_waits
}

case_attach_nonstop() {
	start_waits 3
	debug -iex 'set non-stop on' -iex 'set pagination off' -p "$pid" <<'GDB'
info threads
thread 2
detach
GDB
	facts | grep -cE '^[* ] +[0-9]+ +Thread'
	want 'it is free' is_free "$pid"
	# gdb may leave it stopped: it sends SIGSTOP to each thread
	echo "state $(state "$pid")"
	kill -CONT "$pid"
	tell one
	end_waits
}

# gdb is killed while it holds the process: that is let go, with no breakpoint hit
case_attach_killed() {
	start_waits 3
	debug -p "$pid" <<'GDB' 2>err
break answers
shell kill -KILL $PPID
GDB
	until_true is_free "$pid"
	tell one
	end_waits
}

case_core() {
	start_waits 3
	debug -p "$pid" <<'GDB'
generate-core-file core
detach
GDB
	want 'there is a core' test -s core
	tell one
	end_waits
	debug "$targets/waits" core <<'GDB'
info threads
print answer
thread apply all -q bt
GDB
	facts | grep -oE '^[* ] +[0-9]+ +Thread|\$1 = 42|sleeps \(\)|main \(argc=3' | sort | uniq -c
	want 'all threads are in it' seen said 'sleeps \(\)' 3
}

# A core that the kernel writes of a traced process
case_core_of_kernel() {
	local pattern
	pattern=$(cat /proc/sys/kernel/core_pattern)
	echo "$PWD/core" >/proc/sys/kernel/core_pattern
	ulimit -c unlimited
	debug --args "$targets/steps" crash <<'GDB'
run
continue
GDB
	echo "$pattern" >/proc/sys/kernel/core_pattern
	facts
	want 'there is a core' test -s core
	debug "$targets/steps" core <<'GDB'
bt
print watched
GDB
	facts
	want 'it can be read' has said '\$1 = 30'
}

case_detach_and_go_on() {
	debug "$targets/steps" <<'GDB'
break touch
run
detach
shell cat /dev/null
GDB
	facts >first
	until_true grep -q total said
	want 'the program went on to its end' has said 'total 50 watched 30 handled 101'
	grep -v '^total' first
}

case_kill() {
	debug --args "$targets/threads" 4 <<'GDB'
break work
run
kill
info inferiors
run
detach
info inferiors
GDB
	facts | grep -oE 'killed|<null>|detached' | sort | uniq -c
	want 'it was killed' has said 'killed'
}

# A copy of the process to return to, by a fork that gdb calls in it
case_checkpoint() {
	debug "$targets/steps" <<'GDB'
break touch
run
checkpoint
delete
break calls
continue
print watched
restart 1
print watched
bt 1
kill
GDB
	facts | grep -vE '^\[|^Switching|^Checkpoint'
	want 'time ran backwards' has said '\$2 = 0'
}

# Every instruction is stepped and written down, and undone again
case_record() {
	debug "$targets/steps" <<'GDB'
break touch
run
record
finish
print watched
reverse-continue
print watched
record stop
delete
continue
GDB
	facts
	want 'it was undone' has said '\$2 = 0'
}
