# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Objects in utrace's slab caches, in a guest: source this.

# objects CACHE: print the number in use; nothing without such a cache
objects() {
	echo 1 >"/sys/kernel/slab/$1/shrink" 2>/dev/null
	awk -v name="$1" '$1 == name { print $2 }' /proc/slabinfo 2>/dev/null
}

tasks() {
	find /proc/[0-9]*/task -mindepth 1 -maxdepth 1 2>/dev/null | wc -l
}

# A task that had an engine keeps its struct utrace until the task is freed.
# Print a message if there are more of them than tasks.
utraces_left() {
	local n
	n=$(objects utrace)
	[ "${n:-0}" -le "$(tasks)" ] || echo "$n objects in utrace, but $(tasks) tasks"
}
