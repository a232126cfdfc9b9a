#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Search a kernel log for warnings, oopses and the like.
set -euo pipefail

if [ "${1:-}" = --help ] || [ $# -lt 1 ]; then
	echo "Usage: tests/vm/klog.sh LOG [REGEX]"
	echo "Prints the lines of LOG that tell of a kernel defect, apart from those"
	echo "that match REGEX.  Exit status 1 if there are any."
	echo
	echo "KLOG_FUNCTIONS=FILE: a data race that KCSAN reports is a defect only if one"
	echo "of the two accesses is in a function whose name is in FILE."
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
# these are about user programs, not about the kernel
good='traps: |segfault at|trap (invalid opcode|divide error|int3|stack segment)'

# A report of KCSAN begins with "BUG: KCSAN: data-race in A / B" and ends at a
# line of equal signs.
races() {	# yes: only KCSAN's reports that count; no: all lines but its others
	awk -v reports="$1" -v names="${KLOG_FUNCTIONS:-}" '
		function ours(line, part, n, i) {
			if (names == "")
				return 1
			sub(/.* in /, "", line)
			n = split(line, part, " / ")
			for (i = 1; i <= n; i++)
				if (part[i] in known)
					return 1
			return 0
		}
		BEGIN { while (names != "" && (getline name <names) > 0) known[name] = 1 }
		/BUG: KCSAN: / { on = ours($0); if (!on) $0 = "" }
		/=====/ { on = 0 }
		reports == "no" || on'
}
log() {
	tr -d '\r' <"$1"
}

if hits=$(log "$1" | races no | grep -anE "$bad" | grep -avE "$good" | grep -avE "${2:-^$}"); then
	n=$(wc -l <<<"$hits")
	echo "vm: the kernel log has $n lines that must not be there:" >&2
	head -n 40 <<<"$hits" | sed 's/^/vm:   /' >&2
	log "$1" | races yes | head -n 120 | sed 's/^/vm:   /' >&2
	exit 1
fi
