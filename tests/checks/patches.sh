#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Do the patches apply to the pristine tree by git am, and do they explain themselves?
set -euo pipefail

usage() {
	cat <<'END'
Usage: tests/checks/patches.sh

TAP: each patch of patches/linux-6.1/series has a subject, a body and a
Signed-off-by, and applies to the pristine tree by git am, without fuzz and
without whitespace errors.  BUILD=1: the tree also builds after each of them
(in $BUILDDIR/each).
END
}
case ${1:-} in
-h | --help) usage; exit 0 ;;
esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILDDIR:-$repo/build}
patches=$repo/patches/linux-6.1
unset "${!GIT_@}"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

"$repo/patches/tree.sh" vanilla
vanilla=$build/src/vanilla
stage=$build/.patches-check
trap 'rm -rf "$stage" "$stage".*' EXIT
rm -rf "$stage"
mkdir -p "$stage"

mapfile -t series < <(sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$patches/series" 2>/dev/null)
per=2
[ "${BUILD:-0}" != 1 ] || per=3
echo 'TAP version 13'
echo "1..$((${#series[@]} * per + 1))"
n=0 failed=0
report() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		failed=1
		echo "not ok $n - $2"
		printf '# %s\n' "${3//$'\n'/$'\n'# }"
	fi
}

# A patch file that is not in the series is forgotten or in the way
stray=$(find "$patches" -name '*.patch' -printf '%P\n' |
	{ grep -vxF -f <(printf '%s\n' "${series[@]}" .) || :; })
report "$([ -z "$stray" ] && echo 0 || echo 1)" 'series names every patch' "not in series: $stray"

# The touched files, pristine, in a repository of their own
for p in "${series[@]}"; do
	[ ! -f "$patches/$p" ] || sed -n -e 's|^--- a/||p' -e 's|^+++ b/||p' -e 's/^rename from //p' "$patches/$p"
done | sed 's/\t.*//' | LC_ALL=C sort -u | while read -r p; do
	[ ! -f "$vanilla/$p" ] || echo "$p"
done | rsync -a --files-from=- "$vanilla/" "$stage/"
git -C "$stage" init -q .
git -C "$stage" config user.name utrace
git -C "$stage" config user.email utrace@localhost
git -C "$stage" add -Af .
git -C "$stage" commit -q --allow-empty -m pristine

message() {
	local body want
	[ -f "$1" ] || { echo 'the file is missing'; return; }
	git mailinfo "$stage.body" "$stage.diff" <"$1" >"$stage.info" 2>/dev/null || { echo 'not a mail'; return; }
	for want in '^Author: .' '^Email: .*@' '^Subject: .'; do
		grep -q "$want" "$stage.info" || echo "no ${want:1}"
	done
	grep -q '^Signed-off-by: .*<.*@.*>' "$stage.body" || echo 'no Signed-off-by'
	body=$(sed '/^---$/,$d' "$stage.body" | grep -vcE '^([A-Za-z-]+-by: .*|[[:space:]]*)$' || :)
	[ "$body" -ge 1 ] || echo 'no body that explains it'
}

for p in "${series[@]}"; do
	what=$(message "$patches/$p")
	report "$([ -z "$what" ] && echo 0 || echo 1)" "$p: subject, body, sign-off" "$what"
	status=0
	what=$(git -C "$stage" am -q --whitespace=error-all "$patches/$p" 2>&1) || status=1
	if [ $status = 0 ] && grep -qi fuzz <<<"$what"; then
		status=1
	fi
	report $status "$p: applies" "$what"
	[ $status = 0 ] || git -C "$stage" am --abort 2>/dev/null || :
	if [ "${BUILD:-0}" = 1 ]; then
		status=0
		# an own source directory: it changes with each patch
		what=$(BUILDDIR=$build/each KSRC=$vanilla PATCHES_UPTO=$p "$repo/configs/build.sh" utrace 2>&1) || status=1
		report $status "$p: builds" "$(tail -20 <<<"$what")"
	fi
done
exit $failed
