#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Run all tests in this machine, and print one TAP stream.
set -uo pipefail

if [ "${1:-}" = --help ]; then
	cat <<'END'
Usage: tests/run.sh [PROGRAM [WORD]]

Runs in the guest, as root: loads the test module, runs all test programs and the
scripts in tests/samples/, and prints one TAP stream.

PROGRAM runs only that program; WORD only those of its tests whose name contains
WORD.  Other values of PROGRAM:
  samples/NAME       that script of tests/samples/
  slow               tests that run gdb, strace and shells, and those of all stops and
                     actions beside a tracer: beside_tools, beside_stops,
                     beside_actions and tests/samples/
  no-slow            all but these
  ptrace-races       all races of ptrace(2), without a module; VARIANT may be vanilla
  ptrace-races/kill  one class of these
  all-races          the races of utrace, and of ptrace(2)

Environment:
  MODDIR   directory of the modules (default: $BUILDDIR/modules/$VARIANT)
  TESTBIN  directory of the test programs (default: $BUILDDIR/tests)
  VARIANT  utrace, preempt, debug or kcsan: the last two run fewer rounds, with
           longer time limits
  UT_SCALE factor for the number of rounds (default: 1, slow kernels: 1/5)
  UT_LIMIT time limit of a program in seconds (default: 600, slow kernels: 900)
END
	exit
fi

here=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source=tests/slab.sh
. "$here/slab.sh"
build=${BUILDDIR:-$here/../build}
export VARIANT=${VARIANT:-utrace}
export MODDIR=${MODDIR:-$build/modules/$VARIANT}
export TESTBIN=${TESTBIN:-$build/tests}
slow=(beside_tools beside_stops beside_actions)
total=0 failed=0 skipped=0
limit=${UT_LIMIT:-600}
case $VARIANT in
debug | kcsan) limit=${UT_LIMIT:-900} ;;
esac

result() {	# ok|not ok, name, directive
	total=$((total + 1))
	case $1,${3:-} in
	ok,SKIP*) skipped=$((skipped + 1)) ;;
	'not ok',*) failed=$((failed + 1)) ;;
	esac
	echo "$1 $total - $2${3:+ # $3}"
}

# Print the path of module NAME below MODDIR
module() {
	find "$MODDIR/" -name "$1.ko" -print -quit 2>/dev/null
}

# A pipe without input: a read with a time limit is a sleep without a process
exec {never}<> <(:)

# Print the processes of session $1 that have not ended
session() {
	local stat line fields
	for stat in /proc/[0-9]*/stat; do
		{ read -r line <"$stat"; } 2>/dev/null || continue
		read -ra fields <<<"${line##*) }"
		[ "${fields[3]:-}" != "$1" ] || [[ ${fields[0]} == [ZX] ]] || echo "${line%) *})"
	done
}

# Run a command in a new session.  A process that is left would keep the pipe of
# its output open: kill it, and print what it was.
in_session() {	# command...
	local id status left end
	setsid timeout -k 10 "$limit" "$@" 2>&1 </dev/null &
	id=$!
	wait $id
	status=$?
	end=$((SECONDS + 10))
	while left=$(session $id) && [ -n "$left" ] && [ $SECONDS -lt $end ]; do
		read -rt 0.2 -u "$never"
	done
	if [ -n "$left" ]; then
		while read -r id _; do
			kill -KILL "$id"
		done <<<"$left"
		printf '\nleft:%s' "${left//$'\n'/, }"
	fi
	printf '\nstatus:%s\n' $status
}

# Run a program and renumber its TAP; a missing or wrong plan is a failure
run() {	# name, command...
	local name=$1 plan='' n=0 bad=0 line status='' start=$SECONDS what dir why
	shift
	while IFS= read -r line; do
		if [[ $line =~ ^1\.\.([0-9]+)(.*)$ ]]; then
			plan=${BASH_REMATCH[1]} why=${BASH_REMATCH[2]}
			if [ "$plan" = 0 ] && [ $# -gt 1 ]; then
				result 'not ok' "$name: no test has '$2' in its name"
			elif [ "$plan" = 0 ]; then
				result ok "$name" "SKIP${why#*[Ss][Kk][Ii][Pp]}"
			fi
		elif [[ $line =~ ^(not\ )?ok\ +[0-9]+\ *(-\ *)?([^#]*)(#\ *(SKIP|TODO)?\ *(.*))?$ ]]; then
			n=$((n + 1))
			what=${BASH_REMATCH[3]% } dir=${BASH_REMATCH[5]} why=${BASH_REMATCH[6]}
			what="$name: ${what:-test $n}"
			if [ -n "${BASH_REMATCH[1]}" ]; then
				bad=$((bad + 1))
				result 'not ok' "$what"
			elif [ "$dir" = SKIP ]; then
				result ok "$what" "SKIP $why"
			else
				result ok "$what"
			fi
		elif [[ $line == \#* ]]; then
			[[ $line == '#  RUN '* || $line == '#          '[O\ ]* ]] || echo "$line"
		elif [[ $line =~ ^status:([0-9]+)$ ]]; then
			status=${BASH_REMATCH[1]}
		elif [[ $line == left:* ]]; then
			result 'not ok' "$name: all its processes have ended"
			echo "# left, and killed: ${line#left:}"
		elif [ -n "$line" ] && [[ $line != TAP* ]]; then
			echo "# $line"
		fi
	done < <(in_session "$@")
	if [ -z "$plan" ]; then
		result 'not ok' "$name: no plan, exit status ${status:-?}"
	elif [ "$plan" != "$n" ]; then
		result 'not ok' "$name: $n of $plan tests ran, exit status ${status:-?}"
	elif [ "$bad" = 0 ] && [ "${status:-1}" != 0 ] && [ "$status" != 4 ]; then
		result 'not ok' "$name: exit status $status"
	fi
	echo "# $name: $n tests, $((SECONDS - start)) s"
}

# Print messages on objects and references that are left
left() {
	local cache n users=
	for cache in utrace_engine ptrace_hold; do
		n=$(objects $cache)
		[ "${n:-0}" -le "${before[$cache]}" ] || echo "$n objects in $cache, ${before[$cache]} before"
	done
	utraces_left
	{ read -r users </sys/module/utrace_test/refcnt; } 2>/dev/null
	[ "${users:-0}" = 0 ] || echo "$users references to utrace_test"
}

# Wait until nothing is left: frees wait for grace periods
check_left() {	# name
	local what='' end=$((SECONDS + 60))
	[ -e /sys/kernel/slab/utrace_engine ] || return 0
	while what=$(left) && [ -n "$what" ] && [ $SECONDS -lt $end ]; do
		read -rt 0.2 -u "$never"
	done
	if [ -z "$what" ]; then
		result ok "$1: nothing is left of it"
	else
		result 'not ok' "$1: nothing is left of it"
		echo "# ${what//$'\n'/$'\n'# }"
	fi
}
declare -A before
for cache in utrace_engine ptrace_hold; do
	before[$cache]=$(objects $cache)
	before[$cache]=${before[$cache]:-0}
done

run_all() {	# prefix of the names, files
	local prefix=$1 program
	shift
	for program; do
		if [ -f "$program" ] && [ -x "$program" ]; then
			run "$prefix$(basename "$program")" "$program"
			check_left "$prefix$(basename "$program")"
		fi
	done
}

# The races of ptrace(2)
run_races() {
	local races
	mapfile -t races <"$TESTBIN/ptrace-races/programs"
	run_all ptrace-races/ "${races[@]/#/$TESTBIN/ptrace-races/}"
}

echo "TAP version 13"
ko=$(module utrace_test)
if [ ! -s "$TESTBIN/programs" ]; then
	result 'not ok' "no test programs in $TESTBIN: run 'make tests'"
elif [[ ${1:-} == ptrace-races* ]]; then
	# these need no module, and also run on vanilla
	if [ -x "$TESTBIN/$1" ] && [ ! -d "$TESTBIN/$1" ]; then
		run "$1" "$TESTBIN/$1" "${@:2}"
	elif [ -s "$TESTBIN/ptrace-races/programs" ]; then
		run_races
	else
		result 'not ok' "no races in $TESTBIN/ptrace-races: run 'make tests'"
	fi
elif [ -z "$ko" ]; then
	result 'not ok' "utrace_test.ko is not in $MODDIR: run 'make modules VARIANT=$VARIANT'"
elif ! grep -q "^utrace_test " /proc/modules && ! insmod "$ko"; then
	result 'not ok' "utrace_test.ko does not load"
elif [ "${1:-}" = all-races ]; then
	run races "$TESTBIN/races"
	run_races
elif [ "${1:-}" = slow ]; then
	run_all '' "${slow[@]/#/$TESTBIN/}"
	run_all samples/ "$here"/samples/*
elif [[ ${1:-} == samples/* ]]; then
	run "$1" "$here/$1"
elif [ $# -gt 0 ] && [ "$1" != no-slow ]; then
	run "$1" "$TESTBIN/$1" "${@:2}"
	check_left "$1"
else
	leave_out=()
	[ $# = 0 ] || leave_out=("${slow[@]}")
	# CONFIG_FAULT_INJECTION
	[ -e /proc/self/fail-nth ] || leave_out+=(failing)
	mapfile -t programs < <(grep -vxF "$(printf '%s\n' "${leave_out[@]}")" "$TESTBIN/programs")
	run_all '' "${programs[@]/#/$TESTBIN/}"
	run_races
	[ $# -gt 0 ] || run_all samples/ "$here"/samples/*
fi
if grep -q "^utrace_test " /proc/modules && [ "$failed" = 0 ]; then
	if rmmod utrace_test; then
		result ok "the test engine unloads"
	else
		result 'not ok' "the test engine unloads"
	fi
fi
echo "1..$total"
echo "# $((total - failed - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
