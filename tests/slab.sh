# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Objects in utrace's slab caches, in a guest: source this.  Only builtins of bash:
# on the debug kernel an exec takes half a second.

# objects CACHE: print the number in use; nothing without such a cache
objects() {
	local lines line fields
	{ echo 1 >"/sys/kernel/slab/$1/shrink"; } 2>/dev/null || return 0
	mapfile -t lines </proc/slabinfo
	for line in "${lines[@]}"; do
		[[ $line == "$1 "* ]] || continue
		read -ra fields <<<"$line"
		echo "${fields[1]}"
	done
}

# A task that had an engine keeps its struct utrace until the task is freed.
# Print a message if there are more of them than tasks.
utraces_left() {
	local n tasks
	n=$(objects utrace)
	tasks=(/proc/[0-9]*/task/[0-9]*)
	[ "${n:-0}" -le ${#tasks[@]} ] || echo "$n objects in utrace, but ${#tasks[@]} tasks"
}
