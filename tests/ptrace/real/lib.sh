# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # what the cases use
# For the cases in *.cases.sh: each is a function NAME of a file TOOL.cases.sh,
# called case_NAME, run in an empty directory.  What it prints are its facts: the
# same text on both kernels.  It passes if all it wants is there.
targets=${REALBIN:-${BUILDDIR:?}/real}
failed=0

# The case cannot run here: for what reason
skip() {
	echo "skip: $*"
	exit 4
}

# want WHAT COMMAND...: what the case must show to pass
want() {
	local what=$1
	shift
	if "$@"; then
		echo "# $what: yes"
	else
		echo "# $what: NO"
		failed=1
	fi
}

has() {	# FILE PATTERN
	grep -qE -- "$2" "$1"
}

seen() {	# FILE PATTERN TIMES
	[ "$(grep -cE -- "$2" "$1")" = "$3" ]
}

equal() {
	[ "$1" = "$2" ] || { echo "# '$1' is not '$2'"; return 1; }
}

need() {	# COMMAND...
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

# Addresses change from run to run
mask() {
	sed -E 's/0x[0-9a-f]{4,}/ADDR/g' "$@"
}

# until_true COMMAND...: asks again and again; the case's time limit ends it
until_true() {
	until "$@"; do
		sleep 0.02
	done
}

state() {	# PID
	sed -nE 's/^[0-9]+ \(.*\) (.).*/\1/p' "/proc/$1/stat" 2>/dev/null
}

is_state() {	# PID LETTER
	[ "$(state "$1")" = "$2" ]
}

tracer_of() {	# PID: 0 is none
	awk '/^TracerPid:/ { print $2 }' "/proc/$1/status" 2>/dev/null
}

is_traced() {
	[ "$(tracer_of "$1")" != 0 ]
}

is_free() {
	! is_traced "$1"
}

# start_waits THREADS: the program to attach to, asleep; $pid is the process, its
# output is in ./waits.out, what is written to ./fifo it answers
start_waits() {
	mkfifo fifo
	: >waits.out
	"${wrap[@]}" "$targets/waits" "$1" fifo >waits.out 2>&1 &
	pid=$!
	until_true grep -q ready waits.out
	until_true is_state "$pid" S
}
wrap=()

# tell WORD: and wait for the answer
tell() {
	echo "$1" >fifo
	until_true grep -q "^$1: " waits.out
}

# It ended as it should, with all it said
end_waits() {
	local status
	echo end >fifo
	wait "$pid"
	status=$?
	cat waits.out
	want 'the program went on to its end' equal $status 3
}
