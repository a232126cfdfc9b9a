# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for those who source it; from samples/lib.sh
# What the tests of SystemTap share: sessions, and what they leave behind.
# Source it in the guest.

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

# session NAME COMMAND: the script while the command runs; $tmp/NAME.out, .err
session() {
	timeout "$limit" staprun "$built/stap_$1.ko" -c "$2" >"$tmp/$1.out" 2>"$tmp/$1.err"
}

# says NAME COMMAND: for ok, the session's output is what stands on our input
says() {
	local want status=0
	want=$(cat)
	session "$@" || status=$?
	silent "$1" "$status" || return
	is "output of $1" "$(cat "$tmp/$1.out")" "$want"
}

# silent NAME STATUS: for ok, it ended well and complained of nothing
silent() {
	[ "$2" = 0 ] && ! [ -s "$tmp/$1.err" ] && return
	echo "exit status $2"
	cat "$tmp/$1.err"
	return 1
}

# begin NAME ARGUMENT...: a session in the background; sets session.  This and
# hold are not for ok: it waits for all that its command starts.
begin() {
	: >"$tmp/$1.out"
	timeout "$limit" staprun "$built/stap_$1.ko" "${@:2}" >"$tmp/$1.out" 2>"$tmp/$1.err" &
	session=$!
}

# hold COMMAND...: start it, and wait until it is ready; sets pid
hold() {
	: >"$tmp/ready"
	"$@" >"$tmp/ready" &
	pid=$!
	within 60 grep -q ready "$tmp/ready"
}

# Engines in all of the machine
engines() {
	cat /proc/[0-9]*/task/[0-9]*/status 2>/dev/null | awk '/^Utrace:/ { n += $2 } END { print n + 0 }'
}

attached() {
	grep -qP '^Utrace:\t[1-9]' "/proc/$1/status"
}

# Nothing of any session is left
clean() {
	local left
	left=$(grep ^stap_ /proc/modules)
	is 'engines' "$(engines)" 0 && is 'modules' "$left" ''
}
