#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Build and run the model of the walk over engines.
set -uo pipefail

usage() {
	cat <<'END'
Usage: tests/model/check.sh [SECONDS]

TAP: runs the model of the walk with AddressSanitizer, in coroutines and in
threads, and with ThreadSanitizer, SECONDS each (default: 4).  Then omits each
rule of the algorithm in turn: a check must fail.
END
}
case ${1:-} in
-h | --help) usage; exit 0 ;;
esac

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
build=${BUILDDIR:-$here/../../build}
seconds=${1:-4}
out=$build/model
# shellcheck source=tests/checks/tap.sh
. "$here/../checks/tap.sh"
mkdir -p "$out"
# the fake stacks of this option do not work with coroutines
export ASAN_OPTIONS=detect_stack_use_after_return=0

compile() {	# name, flags
	"${CC:-gcc}" -std=gnu11 -g -O1 -Wall -Wextra -Werror -pthread "${@:2}" \
		-o "$out/$1" "$here"/*.c 2>&1
}

run() {	# name of the test, command...
	local what status=0
	what=$("${@:2}" 2>&1) || status=$?
	report $status "$1" "$(tail -40 <<<"$what")"
}

echo 'TAP version 13'
empty 'the model compiles with AddressSanitizer' \
	"$(compile walk-asan -fsanitize=address,undefined)"
run 'coroutines' "$out/walk-asan" -n "$seconds"
run 'threads' "$out/walk-asan" -t -n "$seconds"
if ! compile walk-tsan -fsanitize=thread >/dev/null; then
	skip 'threads, ThreadSanitizer' 'it does not build here'
elif "$out/walk-tsan" -h 2>&1 | grep -q 'FATAL: ThreadSanitizer'; then
	skip 'threads, ThreadSanitizer' 'it does not run here'
else
	run 'threads, ThreadSanitizer' "$out/walk-tsan" -t -n "$seconds"
fi
# Some faults need hundreds of seeds.  The run ends with the first failure.
for fault in $("$out/walk-asan" -h 2>/dev/null | sed -n 's/.*is left out: //p'); do
	! "$out/walk-asan" -n 900 -f "$fault" >"$out/$fault.log" 2>&1
	report $? "a failure without the rule: $fault" 'no check has failed'
done
tap_end
