#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The objects of the kernel that hooks are compiled into.
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
	cat <<'END'
Usage: tests/checks/hooked.sh

Prints the objects of the files that patches/linux-6.1/ changes, and of those
that call hooks in headers.
END
	exit
fi
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
{
	sed -n 's|^+++ b/\(.*\)\.c$|\1.o|p' "$repo"/patches/linux-6.1/*.patch
	printf '%s\n' kernel/entry/common.o kernel/task_work.o \
		kernel/sched/core.o arch/x86/kernel/signal.o arch/x86/kernel/ptrace.o \
		fs/proc/base.o fs/coredump.o security/yama/yama_lsm.o
} | LC_ALL=C sort -u
