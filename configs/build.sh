#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Configure and build one kernel variant in $BUILDDIR/<variant>.
set -euo pipefail
shopt -s inherit_errexit

usage() {
	cat <<'END'
Usage: configs/build.sh [--config-only] VARIANT [DIRECTORY/...]

Builds $BUILDDIR/VARIANT (a kernel O= directory), or only the objects of each
DIRECTORY.  Updates the source tree first.

Variants:
  utrace   the patched tree, CONFIG_UTRACE=y
  vanilla  the unpatched tree, same configuration
  off      the patched tree, CONFIG_UTRACE=n
  debug    utrace plus configs/debug.config (lockdep, KASAN and friends)
  preempt  utrace with CONFIG_PREEMPT=y
  vanilla-preempt  vanilla with CONFIG_PREEMPT=y
  kcsan    preempt plus configs/kcsan.config (the data race detector)
  lint     as utrace, to compile with other warnings (tests/checks/lint.sh)

Environment:
  BUILDDIR  directory of all builds (default: build/ of the repository)
  KSRC      another kernel source than Debian's tarball, see patches/tree.sh
  JOBS      parallel jobs (default: the number of CPUs)
  DWARF     1: with debug information, for gdb and addr2line (a third slower)
  VERBOSE   1: all of the kernel build's output (it always goes to build.log)
END
}

die() {
	echo "build: $*" >&2
	exit 1
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${BUILDDIR:-$repo/build}
config_only=
case ${1:-} in
-h | --help) usage; exit 0 ;;
--config-only) config_only=1; shift ;;
esac
variant=${1:-}
[ $# -eq 0 ] || shift
case $variant in
utrace | off | debug | preempt | kcsan | lint) tree=utrace ;;
vanilla | vanilla-preempt) tree=vanilla ;;
*) die "VARIANT='$variant' is unknown: use utrace, vanilla, off, debug, preempt, vanilla-preempt or kcsan" ;;
esac
case $build in
*[[:space:]:]*) die "the kernel cannot be built below '$build': move to a path without spaces and colons" ;;
esac

for tool in make gcc ld flex bison bc perl flock sha256sum; do
	command -v "$tool" >/dev/null ||
		die "$tool is missing: install the packages of configs/packages.txt"
done
[ -e /usr/include/gelf.h ] || die "gelf.h is missing: install libelf-dev"

mkdir -p "$build" 2>/dev/null || die "cannot create $build: check the disk and BUILDDIR"
exec 9>"$build/.lock"
if ! flock -n 9; then
	echo "build: waiting for another build in $build" >&2
	flock 9
fi
"$repo/patches/tree.sh" "$tree"

src=$build/src/$tree
out=$build/$variant
mkdir -p "$out" 2>/dev/null || die "cannot create $out: check the disk and BUILDDIR"

# Reproducible builds: the same time, user and host in each kernel.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 2026'
export KBUILD_BUILD_USER=utrace KBUILD_BUILD_HOST=utrace KBUILD_BUILD_VERSION=1
# shellcheck source=configs/compiler.sh
. "$repo/configs/compiler.sh"
# The release contains the variant.  Those of off and vanilla have the same
# length, so that strings have the same offsets in both.
release=-$variant
[ "$variant" != off ] || release=-utr-off
# Whether an exported symbol is static is checked once, in utrace: the script runs
# for each object, and takes a tenth of a build.
vars=()
[ "$variant" = utrace ] || vars=(cmd_check_local_export=:)
# KASAN checks the accesses of the code around tasks, signals and uprobes.  To
# check all code takes a third longer to build and to run.  Frees are checked
# everywhere, and our modules wholly.  kbuild expands this for each directory.
# shellcheck disable=SC2016
[ "$variant" != debug ] ||
	vars+=('KASAN_SANITIZE=$(if $(filter kernel kernel/utrace kernel/events arch/x86/kernel fs fs/proc,$(obj)),y,n)')
kmake() {
	make -C "$src" O="$out" ARCH=x86_64 CC="$cc" LOCALVERSION="$release" "${vars[@]}" "$@" 9>&- 8>&-
}

# Print the merged fragments of the variant: later lines replace earlier ones
fragments() {
	local files=("$repo/configs/base.config")
	case $variant in
	debug) files+=("$repo/configs/debug.config") ;;
	preempt | vanilla-preempt) files+=("$repo/configs/preempt.config") ;;
	kcsan) files+=("$repo"/configs/{preempt,kcsan}.config) ;;
	esac
	{
		cat "${files[@]}"
		[ "${DWARF:-0}" != 1 ] || printf '%s\n' '# CONFIG_DEBUG_INFO_NONE is not set' CONFIG_DEBUG_INFO_DWARF5=y
		if grep -qs '^config UTRACE$' "$src/kernel/utrace/Kconfig" &&
		   grep -qs 'kernel/utrace/Kconfig' "$src/init/Kconfig" "$src/arch/Kconfig" \
			"$src/Kconfig" "$src/kernel/Kconfig"* "$src/lib/Kconfig.debug" "$src/kernel/trace/Kconfig"; then
			case $variant in
			utrace | debug | preempt | kcsan | lint) echo CONFIG_UTRACE=y ;;
			off) echo '# CONFIG_UTRACE is not set' ;;
			esac
		fi
	} | awk '
		/^CONFIG_/ { split($0, a, "="); sym = a[1] }
		/^# CONFIG_.* is not set$/ { sym = $2 }
		/^(# )?CONFIG_/ { if (!(sym in line)) order[++n] = sym; line[sym] = $0 }
		END { for (i = 1; i <= n; i++) print line[order[i]] }'
}

# Print the requested lines that are not in the configuration
missed() {
	local line sym
	while read -r line; do
		case $line in
		CONFIG_*) grep -qxF -- "$line" "$1" || echo "$line" ;;
		'# CONFIG_'*)
			sym=${line#\# }
			! grep -q "^${sym%% *}=" "$1" || echo "${sym%% *}=n"
			;;
		esac
	done
}

configure() {
	local want=$out/.config.want id miss
	fragments >"$want.new" 2>/dev/null || die "cannot write $want.new: check the disk"
	id=$(cat "$want.new" "$build/src/.$tree.stamp" | sha256sum)
	if [ -f "$out/.config" ] && [ "$(cat "$out/.config.id" 2>/dev/null)" = "$id" ]; then
		rm -f "$want.new"
		return
	fi
	mv "$want.new" "$want"
	rm -f "$out/.config.id"
	KCONFIG_ALLCONFIG=$want KCONFIG_CONFIG=.config.new kmake -s allnoconfig >"$out/config.log" 2>&1 || {
		rm -f "$out"/.config.new*
		die "configuring failed: $(grep -m1 -iE 'error|No space|No rule|: [0-9]+:' "$out/config.log" || tail -1 "$out/config.log") (see $out/config.log)"
	}
	miss=$(missed "$out/.config.new" <"$want" | tr '\n' ' ')
	[ -z "$miss" ] ||
		die "the configuration does not take ${miss% }: mend the fragments in configs/ (result: $out/.config.new)"
	if cmp -s "$out/.config.new" "$out/.config"; then
		rm -f "$out/.config.new"
	else
		mv "$out/.config.new" "$out/.config"
	fi
	rm -f "$out/.config.new.old"
	echo "$id" >"$out/.config.id"
}

# Shorten the output of the kernel's make: print warnings and errors, and every
# ten seconds a line with the number of steps so far
progress() {
	awk -v t0="$(date +%s)" -v name="$variant" '
		{ print >>log_file; fflush(log_file) }
		/^make\[?/ && !/\*\*\*/ { next }
		/^  [A-Z][A-Z0-9_ +]+ +[^ ]/ {
			n++
			now = systime()
			if (now - last >= 10) { printf "build: %-7s %4d s %5d steps %s\n", name, now - t0, n, $NF; fflush(); last = now }
			next
		}
		/^  (GEN|WRAP|SYNC|UPD|CALL|DESCEND|HOSTCC|HOSTLD) / { next }
		{ print; fflush() }' log_file="$out/build.log"
}

# "modules" builds no module: it is for Module.symvers
targets=(bzImage modules)
[ $# -eq 0 ] || targets=("$@")

configure
[ -z "$config_only" ] || exit 0
: >"$out/build.log"
start=$SECONDS
if [ "${VERBOSE:-0}" = 1 ]; then
	show() { tee -a "$out/build.log"; }
else
	show() { progress; }
fi
if ! kmake -j"${JOBS:-$(nproc)}" "${targets[@]}" 2>&1 | show; then
	die "$variant failed: $(grep -m1 -E 'error:|Error [0-9]|No space left' "$out/build.log" || echo 'no message') (see $out/build.log)"
fi
echo "build: $variant done in $((SECONDS - start)) s"
