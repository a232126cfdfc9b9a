#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Create a copy of SystemTap's runtime that uses the utrace layer.
set -euo pipefail

usage() {
	cat <<'END'
Usage: systemtap/prepare.sh

Creates these from the installed SystemTap, which it does not change:
  $BUILDDIR/systemtap/stap         the command to use
  $BUILDDIR/systemtap/runtime      SystemTap's runtime, patched, on the utrace layer
  $BUILDDIR/systemtap/tapset       SystemTap's library, patched
  $BUILDDIR/systemtap/runtime-own  the runtime with SystemTap's own utrace, for
                                   comparison, with the patches it needs to work
  $BUILDDIR/systemtap/installed    a link to the installed files
Requires the kernel in $BUILDDIR/utrace.  Does nothing if all is up to date.
END
}

die() {
	echo "systemtap: $*" >&2
	exit 1
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
'') ;;
*) die "'$1' is unknown: see --help" ;;
esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=$(realpath -m "${BUILDDIR:-$repo/build}")
here=$repo/systemtap
out=$build/systemtap
# The releases to which the patches apply, and with which the tests were run
releases='4.8'

stap=${STAP:-stap}
command -v "$stap" >/dev/null ||
	die "there is no $stap: run 'make systemtap' as root, or apt-get install systemtap"
release=$("$stap" --version 2>&1 | sed -n '1s/.*version \([0-9.]*\).*/\1/p') || :
case " $releases " in
*" $release "*) ;;
*) die "SystemTap ${release:-of unknown release} is not supported: install $releases (Debian 12 has 4.8)" ;;
esac
installed=$(dirname "$("$stap" --help 2>&1 | sed -n 's|^ *\(/.*\)/runtime$|\1/.|p' | head -n 1)") || :
[ -f "$installed/runtime/stp_utrace.c" ] ||
	die "no runtime of SystemTap in '$installed': reinstall systemtap-common"

build_tree=$build/utrace
[ -f "$build_tree/Module.symvers" ] ||
	die "$build_tree is not built: run 'make kernel VARIANT=utrace' first"
grep -qsx CONFIG_UTRACE=y "$build_tree/.config" ||
	die "the kernel in $build_tree has no utrace layer: configure it with CONFIG_UTRACE=y"

{ mkdir -p "$out" && : >>"$out/.lock"; } 2>/dev/null || die "cannot write to $out: check the disk and BUILDDIR"
exec 9>>"$out/.lock"
flock 9

mapfile -t patches < <(sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$here/patches/series")
# The number of patches, from the first, that runtime-own gets as well
mends=4
id=$({
	find "$here"/{runtime,patches,prepare.sh} "$installed"/{runtime,tapset} -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
	echo "$release $build $here"
} | sha256sum)
complete() {
	local part
	for part in stap release runtime runtime-own tapset; do
		[ -e "$out/$part" ] || return 1
	done
}
if [ "$(cat "$out/.stamp" 2>/dev/null)" = "$id" ] && complete; then
	exit 0
fi

new=$out/.new
rm -rf "$new"
mkdir "$new" 2>/dev/null || die "cannot write to $out: check the disk and BUILDDIR"
trap 'rm -rf "$new"' EXIT
# git apply must not find a repository above the copy: it would skip files of the copy
export GIT_CEILING_DIRECTORIES=$out GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
apply() {
	git -C "$new" apply "$here/patches/$1" 2>"$out/apply.log" ||
		die "$1 does not apply to the runtime of SystemTap $release: $(head -n 1 "$out/apply.log")"
}

copy() {
	cp -r "$@" 2>"$out/apply.log" || die "cannot copy to $new: $(head -n 1 "$out/apply.log")"
}
copy "$installed"/{runtime,tapset} "$new/"
for patch in "${patches[@]:0:mends}"; do
	apply "$patch"
done
copy "$new/runtime" "$new/runtime-own"
for patch in "${patches[@]:mends}"; do
	apply "$patch"
done
copy "$here/runtime/." "$new/runtime/"
{
	echo '#!/bin/bash'
	printf 'BUILDDIR=%q exec %q "$@"\n' "$build" "$here/stap.sh"
} >"$new/stap"
chmod +x "$new/stap"
echo "$release" >"$new/release"

rm -rf "$out/.stamp" "$out"/{runtime,runtime-own,tapset}
mv "$new"/{runtime,runtime-own,tapset,stap,release} "$out/"
ln -sfn "$installed" "$out/installed"
rm -f "$out/apply.log"
echo "$id" >"$out/.stamp"
echo "systemtap: $out/stap is ready (SystemTap $release)"
