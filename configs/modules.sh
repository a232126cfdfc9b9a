#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Build the samples and the test engines as external modules.
set -euo pipefail

usage() {
	cat <<'END'
Usage: configs/modules.sh VARIANT [MAKE ARGUMENT...]

Copies each directory below samples/, tests/modules/ and bench/modules/ whose
Makefile has obj-m to $BUILDDIR/modules/VARIANT, and builds it there as external
modules for $BUILDDIR/VARIANT (build that first: make kernel VARIANT=...).
END
}

die() {
	echo "modules: $*" >&2
	exit 1
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${BUILDDIR:-$repo/build}
case ${1:-} in
-h | --help) usage; exit 0 ;;
utrace | debug | preempt | kcsan) variant=$1 ;;
*) die "VARIANT='${1:-}' is unknown: use utrace, debug, preempt or kcsan" ;;
esac
shift
out=$build/$variant
[ -f "$out/Module.symvers" ] || die "$out is not built: run 'make kernel VARIANT=$variant' first"

# Print the directories whose Kbuild or Makefile has objects in obj-m
module_dirs() {
	(
		cd "$repo"
		for dir in samples tests/modules bench/modules; do
			[ ! -d $dir ] || grep -rlE '^obj-m.*\.o' --include=Kbuild --include=Makefile $dir
		done
	) | sed 's|/[^/]*$||' | LC_ALL=C sort -u
}

mods=$build/modules/$variant
mkdir -p "$mods" 2>/dev/null || die "cannot create $mods: check the disk and BUILDDIR"
exec 9>"$build/.lock"
flock 9

# Build all in one directory.  rsync deletes sources that no longer exist from the
# copy, but not the output of earlier builds.
dirs=$(module_dirs)
{
	echo '# SPDX-License-Identifier: GPL-2.0-only'
	for dir in $dirs; do
		echo "obj-m += $dir/"
	done
} >"$mods/Kbuild.new"
cmp -s "$mods/Kbuild.new" "$mods/Kbuild" || cp "$mods/Kbuild.new" "$mods/Kbuild"
for dir in $dirs; do
	mkdir -p "$mods/$dir"
	rsync -a --checksum --delete --exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' \
		--exclude='.*' --exclude='names_*.h' --exclude=modules.order "$repo/$dir/" "$mods/$dir/" ||
		die "cannot copy $dir: see above"
done

export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 2026' KBUILD_BUILD_USER=utrace KBUILD_BUILD_HOST=utrace
# shellcheck source=configs/compiler.sh
. "$repo/configs/compiler.sh"
log=$mods/build.log
if ! make -C "$out" M="$mods" ARCH=x86_64 CC="$cc" -j"${JOBS:-$(nproc)}" "$@" modules >"$log" 2>&1 9>&-; then
	grep -E -A4 'error|undefined|warning' "$log" | head -40 >&2 || tail -5 "$log" >&2
	die "$variant failed: $(grep -m1 -E 'error:|undefined|\*\*\*' "$log" || tail -1 "$log") (see $log)"
fi
grep -E -A4 'warning' "$log" >&2 || :
echo "modules: $(wc -w <<<"$dirs") directories built in $mods"
