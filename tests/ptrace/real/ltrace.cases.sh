# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# ltrace: breakpoints in the PLT, system calls, followed children.
# shellcheck source=tests/ptrace/real/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

calls() {
	mask log | sed -E 's/^(\[pid )?[0-9]+(\])? +//; s/(getppid( resumed>)?.*\)) += [0-9]+/\1 = PPID/
		s/v?fork\(\) += [0-9]+/fork() = CHILD/; s/waitpid\([0-9]+/waitpid(CHILD/; s/(waitpid( resumed>)?.*\)) += [0-9]+/\1 = CHILD/
		s/raise\(([0-9]+),.* <no return/raise(\1 <no return/; s/ += /  = /'
}

case_calls() {
	need ltrace
	ltrace -f -o log "$targets/steps" >out
	echo "status $?"
	cat out
	calls
	want 'a library call is seen' has log 'getppid'
	want 'the signal is seen' has log 'SIGUSR1'
}

case_system_calls() {
	need ltrace
	ltrace -S -f -o log "$targets/steps" >out
	echo "status $?"
	cat out
	calls | grep -E 'getppid|SYS_(write|exit)|SIG'
	want 'a system call is seen' has log 'SYS_getppid|getppid@SYS'
}

case_forks() {
	need ltrace
	ltrace -f -e in_child+fork+vfork+waitpid+_exit -o log "$targets/forks" >out
	echo "status $?"
	cat out
	# where a line is cut because another process comes in between is chance
	calls | grep -oE 'forks->[a-z_]+\(|exited.*|Called exec|SIG[A-Z]+' | sort | uniq -c
	want 'the fork is seen' has log 'fork'
}

case_count() {
	need ltrace
	ltrace -c -o log "$targets/steps" >out
	echo "status $?"
	cat out
	awk '$3 > 0 && $NF ~ /^[a-z_]+$/ { print $NF, $(NF - 1) }' log | sort
	want 'it counted' has log 'getppid'
}

case_attach() {
	need ltrace
	start_waits 0
	ltrace -o log -e strcspn+strcmp+printf -p "$pid" 2>err &
	local tracer=$!
	until_true is_traced "$pid"
	# the breakpoints are there when the process sleeps in its call again
	until_true is_state "$pid" S
	tell one
	tell two
	kill -INT $tracer
	wait $tracer
	echo "ltrace ended with $?"
	until_true is_free "$pid"
	end_waits
	calls | sort | uniq -c
}

case_threads() {
	need ltrace
	ltrace -f -e pthread_mutex_lock+pthread_mutex_unlock -o log "$targets/threads" 3 >out
	echo "status $?"
	cat out
	grep -oE 'pthread_mutex_(lock|unlock)\(' log | sort | uniq -c
}
