# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2317 # used by the scripts that source this file
# Functions for the tests of the samples: TAP, temporary files, modules, waiting.
# Source this file as root in the guest.  The modules are below MODDIR.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
moddir=${MODDIR:-${BUILDDIR:-$here/../../build}/modules/${VARIANT:-utrace}}
tmp=$(mktemp -d /tmp/samples.XXXXXX)
tests=0
failed=0

# ok NAME COMMAND...: print a TAP line, and on failure the output of the command
ok() {
	local name=$1 output
	shift
	tests=$((tests + 1))
	if output=$("$@" 2>&1); then
		echo "ok $tests - $name"
		return 0
	fi
	echo "not ok $tests - $name"
	printf '%s\n' "${output:-$* failed}" | sed 's/^/# /'
	failed=$((failed + 1))
	return 1
}

# is WHAT GOT WANTED: for ok; compare, and print the difference
is() {
	[ "$2" = "$3" ] && return 0
	echo "$1: got '$2', wanted '$3'"
	return 1
}

# has WHAT TEXT REGEX: for ok; a line of TEXT must match
has() {
	grep -qE -- "$3" <<<"$2" && return 0
	printf '%s has no line that matches %s:\n%s\n' "$1" "$3" "$2"
	return 1
}

fails() {
	! "$@"
}

# within SECONDS COMMAND...: repeat the command until it succeeds, or print its last
# output.  SECONDS is for an idle machine; the limit is six times as long.
within() {
	local end=$((SECONDS + $1 * 6)) output
	shift
	while ! output=$("$@" 2>&1); do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "still not so: $*: $output"
			return 1
		fi
		sleep 0.05
	done
}

# Print the state letter of a process, or nothing if there is no process
state() {
	awk '/^State:/ { print $2 }' "/proc/$1/status" 2>/dev/null
}

in_state() {
	is "state of $1" "$(state "$1")" "$2"
}

gone() {
	case $(state "$1") in
	'' | Z) ;;
	*) return 1 ;;
	esac
}

# reap PID: wait for a child, set status to its exit status as in $?, and suppress
# the shell's message.  Not in a subshell, which cannot wait for the child.
reap() {
	status=0
	{
		if within 60 gone "$1" >/dev/null; then
			wait "$1" || status=$?
		else
			status="none after a minute, state $(state "$1")"
			kill -KILL "$1"
			wait "$1"
		fi
	} 2>/dev/null
}

runs() {
	is "name of $1" "$(cat "/proc/$1/comm")" "$2"
}

# mark; ...; log: print the kernel log lines after the mark
mark() {
	marker="samples-test-$$-$RANDOM"
	echo "$marker" >/dev/kmsg
}

log() {
	dmesg | sed "1,/$marker/d"
}

log_has() {
	has 'the kernel log' "$(log)" "$1"
}

load() {
	local file
	file=$(find "$moddir/" -name "$1.ko" -print -quit)
	insmod "${file:-$1.ko}" "${@:2}"
}

loaded() {
	[ -d "/sys/module/${1//-/_}" ]
}

compile() {
	gcc -g -O0 -Wall -Wextra -pthread -o "$tmp/$1" "$here/$1.c"
}

finish() {
	echo "1..$tests"
	rm -rf "$tmp"
	[ "$failed" -eq 0 ]
	exit
}

bail_out() {
	echo "Bail out! $*"
	exit 1
}

[ -d "$moddir" ] || bail_out "no modules in $moddir: run 'make modules'"
