#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: play sequences of the fuzzer of engines.
set -uo pipefail

if [ "${1:-}" = --help ]; then
	cat <<'END'
Usage: tests/fuzz/guest.sh [FUZZ-ENGINES ARGUMENT...]

Loads the module, plays the sequences, and unloads the module.
END
	exit
fi
modules=${MODDIR:-$BUILDDIR/modules/$VARIANT}
# what it executes has to be on a file system that does not sleep
mkdir -p /tmp/fuzz
cp "$BUILDDIR/tests/fuzz/"{fuzz-engines,target64,target32} /tmp/fuzz/ || exit 1
if [[ " $* " != *' --no-engines '* ]] && [ ! -e /dev/utrace_fuzz ]; then
	insmod "$(find "$modules/" -name utrace_fuzz.ko -print -quit)" || exit 1
fi
# a warning of one sequence is not to be missed in the next
echo 1 >/sys/kernel/debug/clear_warn_once
ulimit -c 0
status=0
/tmp/fuzz/fuzz-engines "$@" || status=$?
if [ -e /dev/utrace_fuzz ] && [ $status != 1 ]; then
	rmmod utrace_fuzz || status=1
fi
exit $status
