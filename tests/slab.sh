# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the layer holds in memory, in a guest: source this.

# objects CACHE: those in use; nothing if there is no such slab cache
objects() {
	echo 1 >"/sys/kernel/slab/$1/shrink" 2>/dev/null
	awk -v name="$1" '$1 == name { print $2 }' /proc/slabinfo 2>/dev/null
}

tasks() {
	find /proc/[0-9]*/task -mindepth 1 -maxdepth 1 2>/dev/null | wc -l
}

# A task that was traced once keeps its struct utrace until it is freed.  Prints
# how many there are if that is more than there are tasks.
utraces_left() {
	local n
	n=$(objects utrace)
	[ "${n:-0}" -le "$(tasks)" ] || echo "$n objects in utrace, but $(tasks) tasks"
}
