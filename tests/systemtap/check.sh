#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Compile the tests of SystemTap on the host, and run all of them in one boot.
set -uo pipefail

usage() {
	cat <<'END'
Usage: tests/systemtap/check.sh [TEST...]

TAP.  Compiles scripts and programs, boots the utrace kernel and runs each TEST there.
TEST is life, calls, user, beside, ends or examples; or wrapper, which must be the
first, runs on the host and boots by itself.  Default: all, but wrapper only with
VARIANT=utrace.

Environment:
  VARIANT      kernel to boot: utrace (default), debug, preempt or kcsan
  STAP_ROUNDS  number of sessions that ends.sh starts and stops under load
END
}
case ${1:-} in
-h | --help) usage; exit 0 ;;
esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
here=$repo/tests/systemtap
export BUILDDIR=${BUILDDIR:-$repo/build} VARIANT=${VARIANT:-utrace}
# shellcheck source=tests/checks/tap.sh
. "$repo/tests/checks/tap.sh"
tests=("$@")
[ $# -gt 0 ] || tests=(wrapper life calls user beside ends examples)
# build/systemtap/stap boots VARIANT=utrace only, so wrapper only tests that
[ "$VARIANT" = utrace ] || [ $# -gt 0 ] || tests=("${tests[@]:1}")

echo 'TAP version 13'
if ! command -v stap >/dev/null; then
	skip 'SystemTap' "stap is not installed: make systemtap"
	tap_end
fi
status=0
# Compile the modules of the tests that are run, all if one is not known here
modules=()
for test in "${tests[@]}"; do
	case $test in
	life) modules+=(life life32 family all) ;;
	calls) modules+=(odd odd32 calls calls32) ;;
	user) modules+=(functions functions32 guarded guarded32 stack steps blocks crew) ;;
	*) modules=(); break ;;
	esac
done
what=$("$here/build.sh" "${modules[@]}" 2>&1) || status=1
report $status 'scripts and programs compile' "$what"
[ $status = 0 ] || tap_end

out=$BUILDDIR/systemtap/check.tap
: >"$out"
if [ "${tests[0]}" = wrapper ]; then
	{ echo '# test wrapper'; "$here/wrapper.sh"; } >"$out" 2>&1
	tests=("${tests[@]:1}")
fi
"$repo/tests/vm/vm.sh" --timeout 7200 "$VARIANT" \
	"${STAP_ROUNDS:+export STAP_ROUNDS=$STAP_ROUNDS;} for t in ${tests[*]}; do echo \"# test \$t\"; tests/systemtap/\$t.sh; done" >>"$out" 2>"$out.err"
status=$?

# Print one stream with one plan.  A test whose number of results differs from its plan
# is a failure.
test='' plan=-1 seen=0
ended() {
	[ -z "$test" ] || report $((plan != seen)) "$test: all of its tests ran" "the plan says $plan, $seen ran"
}
name='' good=0 details=''
flush() {
	[ -z "$name" ] || report $good "$test: $name" "$details"
	name='' details=''
}
while IFS= read -r line; do
	case $line in
	'# test '*) flush; ended; test=${line#\# test } plan=-1 seen=0 ;;
	'ok '*) flush; name=${line#ok * - } good=0 seen=$((seen + 1)) ;;
	'not ok '*) flush; name=${line#not ok * - } good=1 seen=$((seen + 1)) ;;
	1..*) flush; plan=${line#1..} ;;
	*) details+="${details:+$'\n'}${line#\# }" ;;
	esac
done <"$out"
flush
ended
what=$(grep -vE '^vm: (exit status 1,|note:|results:)' "$out.err")
report "$([ -z "$what" ] && [ $status -le 1 ] && echo 0 || echo 1)" \
	'the guest ended well and its kernel log is clean' "exit status $status"$'\n'"$what"
tap_end
