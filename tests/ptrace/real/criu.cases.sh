# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# CRIU: seizes all threads of a process, runs code in them, writes them down, and
# builds them anew.
# shellcheck source=tests/ptrace/real/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

checkpoint() {	# dump|restore, option...
	local what=$1
	shift
	mkdir -p images
	LD_PRELOAD=$targets/criu_shim.so criu "$what" "$@" -D images -o "$what.log" -v4 \
		--manage-cgroups=ignore >said 2>&1
	echo "$what ended with $?"
	grep -q 'finished successfully' "images/$what.log" ||
		grep -E 'Error' "images/$what.log" | sed 's/^/# /' | tail -n 8
}

# In a session of its own and without a terminal, as criu wants it
start() {
	need criu
	wrap=(setsid)
	start_waits "$1" </dev/null
}

# The shell tells of the death of its child: with numbers, and at any time
dump_away() {
	exec 2>/dev/null
	checkpoint dump -t "$pid"
	want 'it was dumped' has images/dump.log 'Dumping finished successfully'
	# until the shell has looked, a zombie keeps the number
	[ "$failed" != 0 ] || until_true gone
}

# What is restored is not the shell's child any more
gone() {
	! kill -0 "$pid" 2>/dev/null
}

end_restored() {
	echo end >fifo
	until_true gone
	cat waits.out
}

case_dump_and_restore() {
	start 0
	tell one
	dump_away
	checkpoint restore -d
	want 'it was restored' has images/restore.log 'Restore finished successfully'
	want 'nobody traces it' is_free "$pid"
	tell two
	end_restored
}

case_threads() {
	start 5
	dump_away
	checkpoint restore -d
	want 'it was restored' has images/restore.log 'Restore finished successfully'
	find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l
	tell one
	end_restored
}

case_leave_running() {
	start 2
	checkpoint dump -t "$pid" --leave-running
	want 'it was dumped' has images/dump.log 'Dumping finished successfully'
	want 'nobody traces it' is_free "$pid"
	tell one
	end_restored
}

case_leave_stopped() {
	start 2
	checkpoint dump -t "$pid" --leave-stopped
	want 'it was dumped' has images/dump.log 'Dumping finished successfully'
	echo "state $(state "$pid")"
	kill -CONT "$pid"
	tell one
	end_restored
}

# A stopped process is stopped again after its return
case_stopped() {
	start 2
	kill -STOP "$pid"
	until_true is_state "$pid" T
	dump_away
	checkpoint restore -d
	echo "state $(state "$pid")"
	kill -CONT "$pid"
	tell one
	end_restored
}

# Somebody else holds it: that is refused, and does no harm
case_traced() {
	start 1
	strace -f -e trace=none -o log -p "$pid" 2>err &
	until_true is_traced "$pid"
	until_true has err attached
	checkpoint dump -t "$pid"
	tell one
	end_restored
}
