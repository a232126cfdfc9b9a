# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# strace: every system call of small programs, in every way strace knows.
# shellcheck source=tests/ptrace/real/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# per_process PREFIX: the files of -ff in the order in which the processes were
# made, with their numbers in place of pids, without what time and place change
per_process() {
	local file n=0 names=()
	for file in $(printf '%s\n' "$1".* | sort -t. -k2n); do
		names+=(-e "s/\\b${file##*.}\\b/P$((++n))/g")
	done
	n=0
	for file in $(printf '%s\n' "$1".* | sort -t. -k2n); do
		echo "== P$((++n))"
		sed -E "${names[@]}" "$file" | mask | sed -E '/^(brk|getrandom|sysinfo|rseq|set_robust_list|prlimit64)\(/d
			/^(mmap|munmap|mprotect|pread64|newfstatat|fstat64|stat64|access|openat|close|arch_prctl)\(/d
			s@si_[us]time=[0-9]+( /[*][^*]*[*]/)?@si_time=T@g; s#/\* [0-9]+ vars#/* vars#; s/^(getppid\(\)) += [0-9]+/\1 = PPID/'
	done
}

# What a shell gets of its children's ends depends on which is first
unordered() {
	sed -E 's/ = \? ERESTARTSYS.*/ = interrupted/' | awk '
		/^wait4\(|^--- SIGCHLD|^rt_sigreturn/ { next } { print }'
}

# shellcheck disable=SC2034
pipeline="seq 1 50 | sort -rn | wc -l"

case_pipeline() {
	local out
	out=$(strace -ff -o log sh -c "$pipeline")
	want 'the pipeline works' equal "$out" 50
	per_process log | unordered
	want 'four processes were followed' equal "$(printf '%s\n' log.* | wc -l)" 4
}

# What each child was told of its end is there, in whatever order
case_pipeline_ends() {
	strace -f -e trace=exit_group,wait4 -e signal=chld -o log sh -c "$pipeline; exit 5"
	echo "status $?"
	grep -oE 'SIGCHLD|exited with [0-9]+|exit_group\([0-9]+\)|WEXITSTATUS\(s\) == [0-9]+' log | sort | uniq -c
}

case_threads() {
	local out
	out=$(strace -ff -e trace=getppid,exit,exit_group -o log "$targets/threads" 4)
	want 'the program works' equal "$out" 'calls 20'
	# which of the threads did which work is the scheduler's choice
	cat log.* | mask | sed -E 's/getppid\(\) += [0-9]+/getppid() = PPID/' | sort | uniq -c
	want 'five threads were followed' equal "$(printf '%s\n' log.* | wc -l)" 5
}

case_threads_32() {
	local out
	out=$(strace -ff -e trace=getppid,exit,exit_group -o log "$targets/threads_32" 3)
	want 'the program works' equal "$out" 'calls 12'
	cat log.* | mask | sed -E 's/getppid\(\) += [0-9]+/getppid() = PPID/' | sort | uniq -c
}

# By seccomp's filter only the calls asked for stop: the same must be seen
case_seccomp_bpf() {
	local how
	for how in '' --seccomp-bpf; do
		mkdir "logs$how"
		# shellcheck disable=SC2086
		strace -ff $how -e trace=getppid,execve,clone,clone3,vfork,exit_group \
			-o "logs$how/log" sh -c "$targets/threads 4; $targets/forks; cat /dev/null"
		echo "status $?"
		cat "logs$how"/log.* | mask | sed -E 's/ = [0-9]{2,}$/ = NR/; s#/\* [0-9]+ vars#/* vars#
			s/si_pid=[0-9]+/si_pid=P/; s@si_[us]time=[0-9]+( /[*][^*]*[*]/)?@si_time=T@g; s/ +=/ =/
			s/=> \{parent_tid=.*/= NR/; s/child_tidptr=.*//' | sort | uniq -c >"facts$how"
	done
	cat facts
	want 'the filter changes nothing' diff facts facts--seccomp-bpf
}

case_inject_error() {
	local call
	for call in openat:error=EACCES:when=3 openat:error=ENOENT:when=2+ read:retval=0 \
		write:error=EIO close:error=EBADF:when=2 brk:error=ENOMEM wait4:error=ECHILD:when=1 \
		wait4:error=EINTR:when=1..2; do
		strace -f -e trace="${call%%:*}" -e inject="$call" -o log sh -c '/bin/echo one; echo two' >out 2>&1
		echo "== $call: status $?"
		cat out
		sed -nE 's/^[0-9]+ +//; /INJECTED/p' log | mask | sort | uniq -c
		want 'was injected' grep -q INJECTED log
	done
}

case_inject_signal() {
	local call
	for call in getppid:signal=USR1 getppid:signal=USR1:when=2+2 getppid:signal=KILL:when=3 \
		getppid:signal=TERM:when=4 getppid:error=EPERM:signal=CHLD; do
		strace -e trace=getppid -e inject="$call" -o log "$targets/steps" >out 2>&1
		echo "== $call: status $?"
		cat out
		sed -E 's/^(getppid\(\)) += [0-9]+/\1 = PPID/; s/si_pid=[0-9]+/si_pid=P/' log | mask
		want 'the signal came' has log 'INJECTED|SIG(USR1|TERM|KILL|CHLD)'
	done 2>/dev/null
}

case_inject_memory() {
	# a read whose buffer strace overwrites, a delay at both ends of a call
	strace -e trace=read -e inject=read:poke_exit=@arg2=58595a:when=4 -o log head -c 5 /etc/debian_version >out
	echo "status $?"
	tail -n 3 log | mask
	strace -e inject=getppid:delay_enter=20000:delay_exit=20000:when=1..3 -e trace=getppid -o log "$targets/steps" >out
	echo "status $?"
	cat out
	want 'the delays are shown' has log 'DELAYED'
	grep -c DELAYED log
}

# attach_waits THREADS OPTION...: strace in the background, on a sleeping program
attach_waits() {
	start_waits "$1"
	shift
	strace "$@" -o log -p "$pid" 2>err &
	tracer=$!
	until_true is_traced "$pid"
	until_true has err attached
}

case_attach() {
	attach_waits 0 -e trace=read,write
	tell one
	tell two
	kill -INT $tracer
	wait $tracer
	echo "strace ended with $?"
	want 'no tracer is left' is_free "$pid"
	end_waits
	mask log
}

case_attach_threads() {
	local task
	attach_waits 5 -ff -e trace=read,write
	for task in /proc/"$pid"/task/*; do
		until_true is_traced "${task##*/}"
	done
	tell one
	end_waits
	wait $tracer
	echo "strace ended with $?"
	# whether a thread is through before the process ends is chance
	cat log.* | mask | grep -v 'exited with' | sort | uniq -c
	sed -E 's/Process [0-9]+/Process P/' err | sort | uniq -c
}

# The tracer is killed: the tracee knows nothing of it
case_attach_killed() {
	attach_waits 3 -f
	tell one
	kill -KILL $tracer
	wait $tracer 2>/dev/null
	echo "strace ended with $?"
	until_true is_free "$pid"
	tell two
	end_waits
}

case_attach_stopped() {
	start_waits 2
	kill -STOP "$pid"
	until_true is_state "$pid" T
	strace -f -e trace=read -o log -p "$pid" 2>err &
	tracer=$!
	until_true is_traced "$pid"
	until_true has log 'stopped by SIGSTOP'
	kill -INT $tracer
	wait $tracer
	echo "strace ended with $?, state $(state "$pid")"
	kill -CONT "$pid"
	tell one
	end_waits
	sed -E 's/^[0-9]+ +//; s/si_pid=[0-9]+/si_pid=P/' log | sort | uniq -c
}

# Group stop and SIGCONT under strace (SEIZE and LISTEN)
case_job_control() {
	attach_waits 0 -e trace=none
	kill -STOP "$pid"
	until_true has log 'stopped by SIGSTOP'
	kill -CONT "$pid"
	until_true has log 'SIGCONT'
	# of no effect: nobody could continue an orphaned process group
	kill -TSTP "$pid"
	until_true has log 'SIGTSTP'
	tell one
	kill -STOP "$pid"
	until_true seen log 'stopped by SIGSTOP' 2
	kill -CONT "$pid"
	end_waits
	wait $tracer
	sed -E 's/si_pid=[0-9]+/si_pid=P/' log
}

case_count() {
	strace -c -f -S name -e trace=getppid,openat,write,wait4,execve,clone,exit_group -o log \
		sh -c "$targets/threads 4; cat /nonexistent; true" 2>err
	echo "status $?"
	# calls, errors, name: not the times; exits are never through
	awk '$NF ~ /^(getppid|write|wait4|execve|clone|openat)$/ { print $NF, $4, NF == 6 ? $5 : 0 }' log
}

case_forks() {
	strace -ff -o log "$targets/forks"
	want 'the status is passed on' equal $? 5
	per_process log | unordered
}

# strace in the place of a grandchild: -D, -DD, -DDD
case_daemon() {
	local how
	for how in -D -DD -DDD; do
		strace $how -f -e trace=getppid -o log "$targets/threads" 3
		want "$how: the status is the program's" equal $? 0
		until_true has log 'exited with 0'
		until_true grep -qE "exited with 0 \+\+\+" log
		sed -E 's/^[0-9]+ +//; s/= [0-9]+/= PPID/; /resumed>/d; s/ <unfinished.*/= PPID/' log | grep -c getppid
	done
}

# execve as the point of detaching: what was executed runs on alone
case_detach_on_exec() {
	strace -b execve -f -e trace=getppid,vfork,execve -o log "$targets/forks"
	echo "status $?"
	sed -E 's/^[0-9]+ +//; s/= [0-9]+$/= NR/; s#/\* [0-9]+ vars#/* vars#; s/si_pid=[0-9]+/si_pid=P/
		s@si_[us]time=[0-9]+( /[*][^*]*[*]/)?@si_time=T@g; s/<unfinished \.\.\.>/<detached ...>/' log | mask | sort | uniq -c
}

# A program that dies of a signal: strace dies the same death
case_death() {
	local status
	{
		(ulimit -c 0; strace -e trace=none -o log "$targets/steps" crash)
		status=$?
	} 2>err
	want 'strace ends like its child' equal $status 139
	sed -E 's/si_pid=[0-9]+/si_pid=P/' log | mask
	# shellcheck disable=SC2016
	{
		strace -f -e trace=none -o log sh -c 'kill -TERM $$'
		status=$?
	} 2>err
	want 'strace ends like its child' equal $status 143
	sed -E 's/^[0-9]+ +//; s/si_pid=[0-9]+/si_pid=P/' log
}
