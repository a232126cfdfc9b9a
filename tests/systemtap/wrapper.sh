#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The command stap of make systemtap on the host: it passes all options to SystemTap,
# runs a script and prints its output, and fails with a message of one line.
set -uo pipefail

case ${1:-} in
-h | --help)
	echo 'Usage: tests/systemtap/wrapper.sh'
	echo 'TAP.  Run tests/systemtap/build.sh first.  Boots the utrace kernel twice.'
	exit 0
	;;
esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILDDIR:-$repo/build}
# shellcheck source=tests/checks/tap.sh
. "$repo/tests/checks/tap.sh"
stap=$build/systemtap/stap
target=$build/systemtap/tests/target
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit

# as_stap WHAT OPTION...: the output must be the same as that of SystemTap's stap, and
# must not be empty
as_stap() {
	local what=$1
	shift
	SYSTEMTAP_DIR=$tmp/own stap -r "$build/utrace" "$@" >want 2>&1
	"$stap" "$@" >got 2>&1
	empty "$what" "$(diff -u want got; [ -s got ] || echo nothing)"
}

# refuses WHAT REGEX COMMAND...: exit status 1, and one line on stderr, matching REGEX
refuses() {
	local what=$1 want=$2 status=0 why=
	shift 2
	"$@" >out 2>err </dev/null || status=$?
	[ $status = 1 ] || why="exit status $status"$'\n'
	[ "$(wc -l <err)" = 1 ] || why+="not one line:"$'\n'
	grep -qE "$want" err || why+="does not say '$want':"$'\n'
	empty "$what" "$why${why:+$(cat err)}"
}

echo 'TAP version 13'
as_stap '-l' -l 'process("/bin/true").begin'
as_stap '-L' -L "process(\"$target\").function(\"inner\")"
as_stap '-p1' -p1 -e 'probe begin { exit() }'
as_stap '-e among other letters, and its arguments' -p1 -ue 'probe begin { println(@1) }' '"word"'

cat >calls.stp <<'END'
global calls
probe process(@1).syscall.return { if ($return == target()) calls++ }
probe process(@1).thread.begin { printf("thread %d\n", pid() == target()) }
probe end { printf("calls %d\n", calls) }
END
mkdir results
# run OPTION...: run the script with its command in the guest
run() {
	"$stap" -v "$@" calls.stp "$target" -c "sh -c 'exec $target threads 2 10'" >out 2>err
}
status=0
run -o results/out || status=$?
empty 'runs a script and prints its output' \
	"$([ $status = 0 ] || { echo "exit status $status"; cat out err; })"
says() {
	local pass
	for pass in 1 2 3 4 5; do
		grep -q "^Pass $pass: " out err || echo "nothing of pass $pass"
	done
}
empty '-v reports each pass' "$(says)"
empty '-o names the file' \
	"$(diff -u <(printf 'thread 1\nthread 1\ncalls 1\n') <(cat results/out 2>&1))"
# Do not compare the contents: with -S stapio overwrites its own lines
run -S 1,2 -o results/parts || cat out err
empty '-S creates parts of it' "$([ -s results/parts.0 ] || ls results)"
"$stap" -p4 -m counted calls.stp "$target" >out 2>err
empty '-m names the module' "$([ -s counted.ko ] || cat out err)"

refuses 'a script that is not there' 'there is no script none.stp' "$stap" none.stp
refuses 'a process of another machine' '^stap: -x 1: .*run it there' "$stap" -x 1 -e 'probe begin {}'
refuses 'another kernel' 'has no utrace layer: leave out -r' "$stap" -r "$build/vanilla" -p4 -e 'probe begin {}'
refuses 'no such directory for -o' '^stap: -o none/out: there is no directory none' "$stap" -o none/out -e 'probe begin {}'
printf '#!/bin/sh\necho "Systemtap translator/driver (version 9.9/0.190)"\n' >stap
chmod +x stap
refuses 'another release' '/stap is not SystemTap 4.8, which' env PATH="$tmp:$PATH" "$stap" -p1 -e 'probe begin {}'
tap_end
