#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Look through a kernel log for what must not be in it.
set -euo pipefail

if [ "${1:-}" = --help ] || [ $# -lt 1 ]; then
	echo "Usage: tests/vm/klog.sh LOG [REGEX]"
	echo "Prints the lines of LOG that tell of a kernel defect, apart from those"
	echo "that match REGEX.  Exit status 1 if there are any."
	[ $# -ge 1 ]
	exit
fi

bad='WARNING:|BUG:|BUG [a-z_0-9-]+ |INFO: possible|INFO: task .* blocked|INFO: trying to register'
bad+='|KASAN:|UBSAN:|ODEBUG:|refcount_t:|(list_add|list_del) corruption|hung task|Oops|Kernel panic'
bad+='|new suspected memory leaks|unreferenced object|kernel NULL pointer'
bad+='|kmemleak: .*(disabled|stopped|cannot)|memory leak detector disabled'
bad+='|general protection fault|scheduling while atomic|sleeping function called'
bad+='|soft lockup|hard LOCKUP|rcu.*(detected stalls|self-detected stall|stall on)'
bad+='|suspicious RCU usage|bad unlock balance|inconsistent lock state|lock held (at|when)|held lock freed'
bad+='|BUG workqueue|workqueue lockup|DEBUG_LOCKS_WARN_ON|page allocation failure|Out of memory:'
bad+='|refused to (freeze)|Unable to handle|unable to handle|stack guard page|Trying to vfree'
# these tell of user programs, not of the kernel
good='traps: |segfault at|trap (invalid opcode|divide error|int3|stack segment)'

if hits=$(tr -d '\r' <"$1" | grep -anE "$bad" | grep -avE "$good" | grep -avE "${2:-^$}"); then
	n=$(wc -l <<<"$hits")
	echo "vm: the kernel log has $n lines that must not be there:" >&2
	head -n 40 <<<"$hits" | sed 's/^/vm:   /' >&2
	exit 1
fi
