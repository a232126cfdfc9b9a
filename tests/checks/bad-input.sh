#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Bad input to any command: one clear line, exit 1, nothing half-written.
set -euo pipefail

case ${1:-} in
-h | --help)
	echo 'Usage: tests/checks/bad-input.sh'
	echo 'TAP: what the commands do with unusable input.'
	exit 0
	;;
esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
real=${BUILDDIR:-$repo/build}
unset BUILDDIR KSRC
# shellcheck source=tests/checks/tap.sh
. "$repo/tests/checks/tap.sh"
tmp=$real/bad-input
mounted=
# shellcheck disable=SC2317 # called by the trap
cleanup() {
	[ -z "$mounted" ] || umount "$tmp/full"
	rm -rf "$tmp"
}
trap cleanup EXIT
rm -rf "$tmp"
mkdir -p "$tmp/build"
"$repo/patches/tree.sh" vanilla

# refuses WHAT REGEX COMMAND...: exit 1 and one line on stderr that matches
refuses() {
	local what=$1 want=$2 status=0 lines why=
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
	# make has the last word, and progress is no error
	lines=$(grep -vE '^make(\[[0-9]+\])?: |^tree: (unpacking|assembling) ' "$tmp/err" || :)
	[ $status = 1 ] || { [[ " $* " = *" make "* ]] && [ $status = 2 ]; } || why="exit status $status"$'\n'
	[ "$(wc -l <<<"$lines")" = 1 ] || why+="not one line:"$'\n'
	grep -qE "$want" <<<"$lines" || why+="does not say '$want':"$'\n'
	[ -z "$why" ] || why+=$lines
	empty "$what" "$why"
}

# left WHAT PATH...: none of these is there
left() {
	local what=$1 path why=
	shift
	for path in "$@"; do
		[ ! -e "$path" ] || why+="$path is there"$'\n'
	done
	empty "$what" "$why"
}

echo 'TAP version 13'
cd "$repo"

for target in kernel vm shell modules; do
	refuses "make $target with a wrong VARIANT" "VARIANT='nonsense' is unknown: use " \
		make --no-print-directory BUILDDIR="$tmp/build" VARIANT=nonsense CMD=true $target
done
refuses 'make vm without CMD' "no command: give it as CMD=" make VARIANT=utrace vm
refuses 'vm.sh with an unknown option' 'option --nonsense is unknown' tests/vm/vm.sh --nonsense
refuses 'vm.sh with a time-out that is none' "needs a number, not 'soon'" \
	tests/vm/vm.sh --timeout soon utrace true
refuses 'a VM whose kernel is not built' "run 'make kernel VARIANT=utrace' first" \
	env BUILDDIR="$tmp/build" tests/vm/vm.sh utrace true
refuses 'modules for a kernel that is not built' "run 'make kernel VARIANT=utrace' first" \
	env BUILDDIR="$tmp/build" configs/modules.sh utrace

# Sources
refuses 'KSRC does not exist' 'does not exist: give a linux-6.1 tree' \
	env BUILDDIR="$tmp/build" KSRC=/nonexistent make --no-print-directory kernel VARIANT=vanilla
mkdir -p "$tmp/empty"
refuses 'KSRC is an empty directory' 'holds no Linux source' \
	env BUILDDIR="$tmp/build" KSRC="$tmp/empty" patches/tree.sh
mkdir -p "$tmp/old/kernel"
touch "$tmp/old/kernel/ptrace.c"
printf 'VERSION = 5\nPATCHLEVEL = 10\nSUBLEVEL = 1\n' >"$tmp/old/Makefile"
refuses 'KSRC is another version' 'is Linux 5\.10, the patches are for 6\.1' \
	env BUILDDIR="$tmp/build" KSRC="$tmp/old" patches/tree.sh
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 1\n' >"$tmp/old/Makefile"
touch "$tmp/old/.config"
refuses 'KSRC has been built in' 'give a clean tree in KSRC' \
	env BUILDDIR="$tmp/build" KSRC="$tmp/old" patches/tree.sh
echo 'no archive' >"$tmp/not.tar.xz"
refuses 'KSRC is a file but no archive' 'cannot unpack' \
	env BUILDDIR="$tmp/build" KSRC="$tmp/not.tar.xz" patches/tree.sh
left 'no tree is left behind' "$tmp"/build/src/{vanilla,utrace,.vanilla.new,.vanilla.stamp}

# A small repository of its own, with a small kernel, whose patch does not apply
mkdir -p "$tmp/repo/patches/linux-6.1" "$tmp/kernel/kernel"
cp patches/tree.sh "$tmp/repo/patches/"
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 1\n' >"$tmp/kernel/Makefile"
seq 20 >"$tmp/kernel/kernel/ptrace.c"
patch_file() {
	printf 'From: A <a@example.org>\nSubject: [PATCH] %s\n\nText.\n\nSigned-off-by: A <a@example.org>\n---\n' "$1"
	printf -- '--- a/kernel/ptrace.c\n+++ b/kernel/ptrace.c\n@@ -2,3 +2,4 @@\n %s\n 3\n+new\n 4\n' "$1"
}
patch_file 2 >"$tmp/repo/patches/linux-6.1/0001-good.patch"
echo 0001-good.patch >"$tmp/repo/patches/linux-6.1/series"
status=0
what=$(KSRC=$tmp/kernel "$tmp/repo/patches/tree.sh" 2>&1) || status=$?
report $status 'a good patch applies' "$what"
before=$(find "$tmp/repo/build/src/utrace" -type f -exec sha256sum {} +)
patch_file 1 | sed '1s/$/ /;s/Subject: .*/Subject: [PATCH] bad/' >"$tmp/repo/patches/linux-6.1/0002-bad.patch"
echo 0002-bad.patch >>"$tmp/repo/patches/linux-6.1/series"
refuses 'a patch that does not apply' 'patches/linux-6.1/0002-bad.patch does not apply' \
	env KSRC="$tmp/kernel" "$tmp/repo/patches/tree.sh"
after=$(find "$tmp/repo/build/src/utrace" -type f -exec sha256sum {} +)
report "$([ "$before" = "$after" ] && echo 0 || echo 1)" 'the assembled tree is as it was'
echo 0003-gone.patch >"$tmp/repo/patches/linux-6.1/series"
refuses 'a patch that is missing' '0003-gone.patch is missing' \
	env KSRC="$tmp/kernel" "$tmp/repo/patches/tree.sh"

# Tools: a PATH with everything but one
without() {
	local dir=$tmp/bin-$1 gone=$1
	mkdir -p "$dir"
	# /bin is /usr/bin on Debian 12; sbin for what root has there
	find -L /usr/local/bin /usr/bin /usr/sbin -maxdepth 1 -type f ! -name "$gone" -exec ln -sf -t "$dir" {} + 2>/dev/null || :
	echo "$dir"
}
for tool in gcc make flex bc git; do
	[ $tool != make ] || continue
	refuses "$tool is missing" "$tool is missing: install" \
		env PATH="$(without $tool)" BUILDDIR="$tmp/build" configs/build.sh utrace
done
if [ -f "$real/utrace/arch/x86/boot/bzImage" ]; then
	refuses 'QEMU is missing' 'qemu-system-x86_64 is missing: install qemu-system-x86' \
		env PATH="$(without qemu-system-x86_64)" BUILDDIR="$real" tests/vm/vm.sh utrace true
else
	skip 'QEMU is missing' 'no kernel is built'
fi
if [ -f "$real/utrace/arch/x86/boot/bzImage" ]; then
	status=0
	BUILDDIR=$real tests/vm/vm.sh --boot-limit 20 --append init=/usr/bin/cat --results "$tmp/hang" \
		utrace true >"$tmp/out" 2>&1 || status=$?
	what=
	[ $status = 4 ] || what="exit status $status"$'\n'
	[ "$(grep -c '^vm: note: .* did not run (limit' "$tmp/out")" = 2 ] || what+='not two tries'$'\n'
	grep -q RIP= "$tmp/hang/registers-hung-2.log" || what+='no registers in the log'$'\n'
	[ -z "$what" ] || what+=$(cat "$tmp/out")
	empty 'a guest that hangs at boot' "$what"
else
	skip 'a guest that hangs at boot' 'no kernel is built'
fi

# A disk that is full
mkdir -p "$tmp/full"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=64M tmpfs "$tmp/full" 2>/dev/null; then
	mounted=1
	refuses 'the disk is full while unpacking' 'No space left' \
		env BUILDDIR="$tmp/full/build" patches/tree.sh
	left 'no tree is left behind' "$tmp"/full/build/src/{vanilla,utrace,.vanilla.new,.vanilla.stamp}
	mkdir -p "$tmp/full/b/src"
	ln -s "$real/src/vanilla" "$tmp/full/b/src/vanilla"
	cp "$real/src/.vanilla.stamp" "$tmp/full/b/src/"
	mkdir -p "$tmp/full/b/utrace/arch/x86/boot"
	touch "$tmp/full/b/utrace/arch/x86/boot/bzImage"
	dd if=/dev/zero of="$tmp/full/ballast" bs=4k 2>/dev/null || :
	refuses 'the disk is full while configuring' '(No space left|check the disk)' \
		env BUILDDIR="$tmp/full/b" configs/build.sh vanilla
	left 'no configuration is left behind' "$tmp"/full/b/vanilla/.config
	refuses 'the disk is full when a VM starts' '(No space left|check the disk)' \
		env BUILDDIR="$tmp/full/b" tests/vm/vm.sh --accel tcg utrace true
else
	skip 'a full disk' 'needs root, for a small tmpfs'
fi

# SystemTap: missing, of another release, without a kernel, with one that lacks
# the layer
printf '#!/bin/sh\necho "Systemtap translator/driver (version 9.9/0.190)"\n' >"$tmp/stap"
chmod +x "$tmp/stap"
refuses 'SystemTap that is not there' 'there is no nonsense: run .make systemtap. as root' \
	env STAP=nonsense BUILDDIR="$tmp/build" systemtap/prepare.sh
refuses 'SystemTap of another release' 'SystemTap 9.9 is not supported: install 4.8' \
	env STAP="$tmp/stap" BUILDDIR="$tmp/build" systemtap/prepare.sh
printf '#!/bin/sh\nexit 3\n' >"$tmp/stap"
refuses 'SystemTap that does not run' 'SystemTap of unknown release is not supported: install 4.8' \
	env STAP="$tmp/stap" BUILDDIR="$tmp/build" systemtap/prepare.sh
if command -v stap >/dev/null; then
	refuses 'SystemTap without a kernel' 'is not built: run .make kernel VARIANT=utrace. first' \
		env BUILDDIR="$tmp/build" systemtap/prepare.sh
	mkdir -p "$tmp/build/utrace"
	touch "$tmp/build/utrace/"{Module.symvers,.config}
	refuses 'SystemTap with a kernel without the layer' 'has no utrace layer: configure it with CONFIG_UTRACE=y' \
		env BUILDDIR="$tmp/build" systemtap/prepare.sh
	rm -rf "$tmp/build/utrace"
else
	skip 'SystemTap without a kernel, or one without the layer' 'stap is not installed'
fi
left 'nothing of SystemTap is there' "$tmp/build/systemtap"

tap_end
