#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make demo: install, build, boot and run engines, starting from a new Debian 12.
set -euo pipefail

case ${1:-} in
-h | --help)
	echo 'Usage: samples/demo.sh'
	echo 'Installs missing packages (or prints the sudo command), builds the kernel and the'
	echo 'samples, boots the kernel under QEMU and runs samples/demo/guest.sh there.'
	exit 0
	;;
esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export BUILDDIR=${BUILDDIR:-$repo/build}

step() {
	printf '\n>>> [%d:%02d] %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$*"
}

step 'packages'
"$repo/configs/packages.sh"
echo 'all there'

step 'kernel: unpack, patch, build (some minutes the first time)'
"$repo/configs/build.sh" utrace

step 'samples'
"$repo/configs/modules.sh" utrace

step 'a SystemTap script, where that is installed'
if command -v stap >/dev/null; then
	"$repo/systemtap/prepare.sh"
	mkdir -p "$BUILDDIR/systemtap/demo"
	(cd "$BUILDDIR/systemtap/demo" &&
		../stap -p4 -m stap_demo "$repo/samples/demo/calls.stp" "$(realpath "$(command -v find)")")
else
	echo 'it is not; make systemtap installs it'
fi

step 'boot it under QEMU, with the root file system of this machine'
"$repo/tests/vm/vm.sh" --timeout 600 utrace samples/demo/guest.sh
printf '\n>>> [%d:%02d] done\n' $((SECONDS / 60)) $((SECONDS % 60))
