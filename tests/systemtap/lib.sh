# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # used by the scripts; from samples/lib.sh
# Functions for the tests of SystemTap: start and check sessions, find what is left.
# Source this file in the guest.

# shellcheck source-path=SCRIPTDIR source=../samples/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../samples/lib.sh"

built=${BUILDDIR:-$here/../../build}/systemtap/tests
[ "${VARIANT:-utrace}" = utrace ] || built+=-$VARIANT
target=$built/target
[ -d "$built" ] || bail_out "no $built: run tests/systemtap/build.sh"
limit=480
case ${VARIANT:-} in
debug | kcsan) limit=1200 ;;
esac
mkfifo "$tmp/gate"
exec 7<>"$tmp/gate"

# session NAME COMMAND: run the script while COMMAND runs.  The output is in
# $tmp/NAME.out and $tmp/NAME.err.
session() {
	timeout "$limit" staprun "$built/stap_$1.ko" -c "$2" >"$tmp/$1.out" 2>"$tmp/$1.err"
}

# says NAME COMMAND: for ok; the output of the session must be equal to stdin
says() {
	local want status=0
	want=$(cat)
	session "$@" || status=$?
	silent "$1" "$status" || return
	is "output of $1" "$(cat "$tmp/$1.out")" "$want"
}

# silent NAME STATUS: for ok; STATUS must be 0 and stderr must be empty
silent() {
	[ "$2" = 0 ] && ! [ -s "$tmp/$1.err" ] && return
	echo "exit status $2"
	cat "$tmp/$1.err"
	return 1
}

# begin NAME ARGUMENT...: start a session in the background and set session to its pid.
# Do not use begin or hold in ok, which waits for all background processes of its command.
begin() {
	: >"$tmp/$1.out"
	timeout "$limit" staprun "$built/stap_$1.ko" "${@:2}" >"$tmp/$1.out" 2>"$tmp/$1.err" &
	session=$!
}

# hold COMMAND...: start COMMAND, set pid, and wait until it has printed "ready"
hold() {
	: >"$tmp/ready"
	"$@" >"$tmp/ready" &
	pid=$!
	within 60 grep -q ready "$tmp/ready"
}

# Print the number of engines of all tasks
engines() {
	cat /proc/[0-9]*/task/[0-9]*/status 2>/dev/null | awk '/^Utrace:/ { n += $2 } END { print n + 0 }'
}

attached() {
	grep -qP '^Utrace:\t[1-9]' "/proc/$1/status"
}

# For ok: no engine and no module of a session is left
clean() {
	local left
	left=$(grep ^stap_ /proc/modules)
	is 'engines' "$(engines)" 0 && is 'modules' "$left" ''
}
