#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Compile what the tests of SystemTap need: programs and the scripts' modules.
set -euo pipefail

usage() {
	cat <<'END'
Usage: tests/systemtap/build.sh [MODULE...]

Puts programs and modules (all, or those named) in $BUILDDIR/systemtap/tests.
Runs what make systemtap does first, but for packages and kernel.  What is up to
date is left alone.  VARIANT=debug: for the debug kernel, in tests-debug; so
with preempt and kcsan.
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
# A module knows the build of what it probes
program_newer() {
	local program
	for program in target target32 guarded guarded32 steps crew; do
		[ "$program" -nt "$1" ] && return
	done
	return 1
}
program target target.c -g -O1 -Wall -pthread
# sys/sdt.h is installed for one architecture, and good for both
program target32 target.c -m32 -g -O1 -Wall -pthread -idirafter /usr/include/x86_64-linux-gnu
program guarded guarded.c -g -O1 -Wall
program guarded32 guarded.c -m32 -g -O1 -Wall -idirafter /usr/include/x86_64-linux-gnu
program steps steps.S -static -nostdlib
program crew crew.c -static -O1 -Wall -pthread
program stepper stepper.c -O1 -Wall

# name, script (+: one of SystemTap's examples), what it gets: each a module
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

# Compile one; what it says, when that fails.  On an emulated machine probes may
# take longer than SystemTap allows by itself.
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
	# process(4242) has to be there
	[ "$name" != stap_bypid ] || stap=(unshare --pid --fork --mount-proc "$here/with-pid.sh" 4242 "${stap[@]}")
	# an emulated processor stands still for as long as the host likes: its
	# probes take their time, and others wait 10 s for its locks, not 100 ms
	if ! "${stap[@]}" -p4 -m "$name" -D STP_NO_OVERLOAD -D MAXTRYLOCK=1000000 "${args[@]}" >"$name.log" 2>&1; then
		echo "systemtap: $name does not compile:" >&2
		cat "$name.log" >&2
		return 1
	fi
	rm -f "$name.log"
}

# The first one alone: what it finds out of the kernel is kept for the others.
# Then as many at a time as there are processors.
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
