#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Compile the programs and the modules of the scripts for the tests of SystemTap.
set -euo pipefail

usage() {
	cat <<'END'
Usage: tests/systemtap/build.sh [MODULE...]

Builds the programs and each MODULE (default: all) in $BUILDDIR/systemtap/tests.
Runs systemtap/prepare.sh first.  Does not rebuild files that are up to date.
VARIANT=debug, preempt or kcsan: builds for that kernel, in tests-VARIANT.
END
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILDDIR:-$repo/build}
here=$repo/tests/systemtap
export STAP_VARIANT=${VARIANT:-utrace}
out=$build/systemtap/tests
[ "$STAP_VARIANT" = utrace ] || out+=-$STAP_VARIANT
only=" $* "
"$repo/systemtap/prepare.sh"
mkdir -p "$out"
cd "$out"

examples=$build/systemtap/installed/examples
[ -d "$examples" ] || { echo "systemtap: there is no $examples: apt-get install systemtap-doc" >&2; exit 1; }

newer() {
	[ ! -e "$1" ] || [ "$2" -nt "$1" ]
}
program() {
	local name=$1 source=$2
	shift 2
	newer "$name" "$here/programs/$source" || return 0
	gcc -o "$name" "$@" "$here/programs/$source"
}
# A module contains the build ID of the program that it probes, so it must be rebuilt
# when a program is newer.
program_newer() {
	local program
	for program in target target32 guarded guarded32 steps crew; do
		[ "$program" -nt "$1" ] && return
	done
	return 1
}
program target target.c -g -O1 -Wall -pthread
# sys/sdt.h is installed for x86_64 only, but it also works for 32 bit
program target32 target.c -m32 -g -O1 -Wall -pthread -idirafter /usr/include/x86_64-linux-gnu
program guarded guarded.c -g -O1 -Wall
program guarded32 guarded.c -m32 -g -O1 -Wall -idirafter /usr/include/x86_64-linux-gnu
program steps steps.S -static -nostdlib
program crew crew.c -static -O1 -Wall -pthread
program stepper stepper.c -O1 -Wall

# Print a line for each module: name, options of stap, script (+: one of SystemTap's
# examples), arguments of the script
modules() {
	local t=$out/target
	cat <<END
life life.stp $t
life32 life.stp $out/target32
all all.stp
odd odd.stp $t
odd32 odd.stp $out/target32
calls calls.stp $t
calls32 calls.stp $out/target32
functions functions.stp $t
functions32 functions.stp $out/target32
guarded guarded.stp $out/guarded
guarded32 guarded.stp $out/guarded32
stack -d $t --ldd stack.stp $t
steps steps.stp $out/steps
crew -d $out/crew crew.stp $out/crew
blocks blocks.stp $out/steps
existing existing.stp $t
wrong wrong.stp $t
crowd crowd.stp $t
family family.stp $t
kin -t family.stp $t
bypid bypid.stp
ex_fntimes +profiling/fntimes.stp process("$t").function("inner")
ex_linetimes +profiling/linetimes.stp process("$t") middle
ex_graphcall --ldd +profiling/graphcall.stp $t inner
ex_para-callgraph +general/para-callgraph.stp process("$t").function("*") process("$t").function("outer")
ex_para-callgraph-verbose +general/para-callgraph-verbose.stp process("$t").function("*") process("$t").function("outer")
ex_func_time_stats +general/func_time_stats.stp process("$t").function("inner")
ex_eventcount -G period=0 +general/eventcount.stp process("$t").function("inner") process("$t").mark("step") process("$t").syscall
ex_measureinterval +general/measureinterval.stp gettimeofday_us() tid() @count process("$t").function("inner") process("$t").function("inner").return
ex_varwatch +general/varwatch.stp process("$t").statement("middle@target.c+4") \$result
ex_whythefail +general/whythefail.stp process("$t") middle \$return>10
ex_callgraph +general/callgraph.stp process("$t").function("*@target.c")
ex_ltrace -c $t +process/ltrace.stp
END
}

# module NAME ARGUMENT...: compile one, and print the output if that fails
module() {
	local name=stap_${1//-/_} arg args=() source='' stap=("$build/systemtap/stap")
	[[ $only = '  ' ]] || [[ $only = *" $1 "* ]] || return 0
	shift
	for arg in "$@"; do
		case $arg in
		+*) source=$examples/${arg#+} arg=$source ;;
		*.stp) source=$here/scripts/$arg arg=$source ;;
		esac
		args+=("$arg")
	done
	if [ -e "$name.ko" ] && ! [ "$source" -nt "$name.ko" ] && ! [ "$here/build.sh" -nt "$name.ko" ] &&
		! [ "$build/systemtap/.stamp" -nt "$name.ko" ] && ! program_newer "$name.ko"; then
		return 0
	fi
	rm -f "$name.ko"
	# stap requires that the process of process(4242) exists
	[ "$name" != stap_bypid ] || stap=(unshare --pid --fork --mount-proc "$here/with-pid.sh" 4242 "${stap[@]}")
	# The host may stop an emulated CPU for a long time.  So the time of probes is
	# not limited, and other CPUs wait 10 s for its locks instead of 100 ms.
	if ! "${stap[@]}" -p4 -m "$name" -D STP_NO_OVERLOAD -D MAXTRYLOCK=1000000 "${args[@]}" >"$name.log" 2>&1; then
		echo "systemtap: $name does not compile:" >&2
		cat "$name.log" >&2
		return 1
	fi
	rm -f "$name.log"
}

# Compile the first module alone: the results of its checks of the kernel are cached for
# the others.  Then run as many jobs as there are CPUs.
status=0
running=0
jobs=1
while read -r -a line; do
	module "${line[@]}" &
	running=$((running + 1))
	if [ $running -ge "$jobs" ]; then
		wait -n || status=1
		running=$((running - 1))
		jobs=$(nproc)
	fi
done < <(modules)
while [ $running -gt 0 ]; do
	wait -n || status=1
	running=$((running - 1))
done
exit $status
