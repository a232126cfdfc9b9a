# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# TAP for the checks: source this, call report for each test, then tap_end.

tap_n=0 tap_failed=0

# report STATUS WHAT [DETAILS]: ok when STATUS is 0
report() {
	tap_n=$((tap_n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_n - $2"
		return
	fi
	tap_failed=1
	echo "not ok $tap_n - $2"
	[ -z "${3:-}" ] || printf '# %s\n' "${3//$'\n'/$'\n'# }"
}

# empty WHAT DETAILS: ok when there is nothing to tell
empty() {
	report "$([ -z "$2" ] && echo 0 || echo 1)" "$1" "$2"
}

skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

# The plan comes last: some do not know it at the start
tap_end() {
	echo "1..$tap_n"
	exit "$tap_failed"
}
