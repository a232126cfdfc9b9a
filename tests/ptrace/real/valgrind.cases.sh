# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# valgrind, and vgdb, which uses ptrace to make a blocked program listen to it.
# shellcheck source=tests/ptrace/real/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The process is valgrind itself: it is traced only while vgdb calls it
start_under_valgrind() {
	need valgrind vgdb gdb
	wrap=(valgrind --tool=none --vgdb=yes --vgdb-prefix="$PWD/vgdb" --log-file=valgrind.log)
	start_waits "$1"
}

ask() {
	vgdb --vgdb-prefix="$PWD/vgdb" --pid="$pid" "$@" 2>&1
}

case_none() {
	need valgrind
	valgrind --tool=none --log-file=log "$targets/steps"
	echo "status $?"
	want 'it ended well' grep -q . log
	valgrind --tool=none --log-file=log "$targets/threads" 4
	echo "status $?"
}

case_memcheck() {
	need valgrind
	{
		valgrind --log-file=log "$targets/steps" crash
		echo "status $?"
	} 2>err
	grep -cE 'Invalid write of size 4' log
	want 'the error is found' has log 'Invalid write of size 4'
}

# Its command reaches a program that sleeps in a system call, by ptrace
case_vgdb_sleeping() {
	start_under_valgrind 0
	ask v.info scheduler >said
	echo "vgdb ended with $?"
	grep -oE 'VgTs_[A-Za-z]+' said | sort | uniq -c
	want 'the program answered' has said 'VgTs_'
	want 'nobody traces it' is_free "$pid"
	tell one
	end_waits
}

case_vgdb_threads() {
	start_under_valgrind 3
	ask v.info scheduler >said
	echo "vgdb ended with $?"
	grep -oE 'VgTs_[A-Za-z]+' said | sort | uniq -c
	want 'all threads are told' seen said 'status = VgTs' 4
	tell one
	end_waits
}

case_vgdb_gdb() {
	start_under_valgrind 0
	gdb -nx -q -batch -iex 'set debuginfod enabled off' -iex 'set debug-file-directory /nonexistent' \
		-iex 'set sysroot /' -ex "target remote | vgdb --vgdb-prefix=$PWD/vgdb --pid=$pid" \
		-ex 'print answer' -ex 'set var answer = 5' -ex 'monitor v.info n_errs_found' \
		-ex detach "$targets/waits" >said 2>&1 </dev/null
	echo "gdb ended with $?"
	grep -E '^\$|n_errs_found' said
	# shellcheck disable=SC2016 # gdb's dollar
	want 'a variable was read' has said '\$1 = 42'
	want 'nobody traces it' is_free "$pid"
	tell one
	end_waits
}
