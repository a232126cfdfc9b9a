#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: run sequences of the fuzzer of engines.
set -uo pipefail

if [ "${1:-}" = --help ]; then
	cat <<'END'
Usage: tests/fuzz/guest.sh [FUZZ-ENGINES ARGUMENT...]

Loads the module, runs the sequences, and unloads the module.
END
	exit
fi
modules=${MODDIR:-$BUILDDIR/modules/$VARIANT}
# run the programs from tmpfs: execve must not sleep for the shared file system
mkdir -p /tmp/fuzz
cp "$BUILDDIR/tests/fuzz/"{fuzz-engines,target64,target32} /tmp/fuzz/ || exit 1
if [[ " $* " != *' --no-engines '* ]] && [ ! -e /dev/utrace_fuzz ]; then
	insmod "$(find "$modules/" -name utrace_fuzz.ko -print -quit)" || exit 1
fi
# report a WARN_ONCE() in each sequence, not only in the first
echo 1 >/sys/kernel/debug/clear_warn_once
ulimit -c 0
status=0
/tmp/fuzz/fuzz-engines "$@" || status=$?
if [ -e /dev/utrace_fuzz ] && [ $status != 1 ]; then
	rmmod utrace_fuzz || status=1
fi
exit $status
