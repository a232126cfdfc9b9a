#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# In the guest: run real programs that use ptrace, leave each case's result.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
usage() {
	cat <<'END'
Usage: tests/ptrace/real/run.sh [-n ROUNDS] [ITEM...]
       tests/ptrace/real/run.sh --list

Runs the items (all by default, --list names them) and leaves in $RESULTS/ROUND
for each (with a dot in place of the slash)
  ITEM.out    what it printed; the facts of it are compared
  ITEM.cases  a line a case: name, pass, fail or skip, sum of the facts, reason
An item is ksft/DIR:PROGRAM of kselftests.list, or TOOL/CASE of TOOL.cases.sh.

Environment:
  RESULTS  where the results go
  REALBIN, KSELFTEST  the programs (default: $BUILDDIR/real, $BUILDDIR/kselftests)
END
}

list() {
	local file
	awk '$1 !~ /^[-~#]/ && NF { print "ksft/" $1 ":" $2 }' "$here/kselftests.list"
	for file in "$here"/*.cases.sh; do
		sed -nE "s#^case_([a-z0-9_]+)\(\).*#$(basename "$file" .cases.sh)/\1#p" "$file"
	done
}

# In its own process and directory: one case of a tool
if [ "${1:-}" = --case ]; then
	# shellcheck source=tests/ptrace/real/lib.sh
	. "$here/lib.sh"
	# shellcheck source=/dev/null
	. "$here/${2%/*}.cases.sh"
	"case_${2#*/}"
	exit "$failed"
fi

rounds=1
case ${1:-} in
-h | --help) usage; exit 0 ;;
--list) list; exit 0 ;;
-n) rounds=$2; shift 2 ;;
esac
export REALBIN=${REALBIN:-$BUILDDIR/real}
selftests=${KSELFTEST:-$BUILDDIR/kselftests}
[ $# -gt 0 ] || mapfile -t items < <(list)
[ $# -eq 0 ] || items=("$@")
[ -x "$REALBIN/steps" ] || {
	echo "run: no programs in $REALBIN: run 'make -C tests/ptrace/real'" >&2
	exit 1
}

# confined SECONDS COMMAND...: in a control group of its own, so that nothing of
# it is left behind whatever it forked
cgroup=/sys/fs/cgroup/real
confined() {
	local limit=$1 status=0
	shift
	mkdir -p $cgroup 2>/dev/null
	(
		[ ! -e $cgroup/cgroup.procs ] || echo "$BASHPID" >$cgroup/cgroup.procs
		exec timeout -k 5 "$limit" setsid -w "$@" </dev/null
	) || status=$?
	[ ! -e $cgroup/cgroup.kill ] || echo 1 >$cgroup/cgroup.kill
	return $status
}

kind() {	# exit status
	case $1 in
	0) echo pass ;;
	4) echo skip ;;
	*) echo fail ;;
	esac
}

# TAP to results: a name that comes again gets a number.  What has no TAP gives
# its marks, like "[OK]", as facts of the exit status.
tap_cases() {	# item, status, file
	local sum
	sum=$(grep -oE '^\[(OK|FAIL|SKIP|WARN|NOTE)\]' "$3" | sort | uniq -c | cksum | cut -d' ' -f1)
	awk -v item="$1" '
		/^(not )?ok / {
			name = $0
			kind = /^ok/ ? "pass" : "fail"
			if (name ~ /# *(SKIP|skip|XFAIL)/) kind = "skip"
			sub(/^(not )?ok +[0-9]* *-? */, "", name)
			reason = ""
			if (kind == "skip") reason = name
			sub(/ *# *(SKIP|skip|XFAIL|error) */, "", name)
			gsub(/0x[0-9a-f]+/, "ADDR", name)
			gsub(/[0-9][0-9][0-9]+/, "NR", name)
			sub(/ +$/, "", name)
			gsub(/\t/, " ", name)
			if (++seen[name] > 1) name = name " (" seen[name] ")"
			print item ": " name "\t" kind "\t-\t" reason
		}' "$3"
	printf '%s: exit status\t%s\t%s\t%s\n' "$1" "$(kind "$2")" "$2.$sum" \
		"$(grep -hiE -m1 'skip' "$3" | tr '\t' ' ')"
}

selftest() {	# item, line of the list
	local dir program limit args pids status=0
	read -r dir program limit args <<<"$2"
	cd "$selftests/$dir" || return
	pids=$(cat /proc/sys/kernel/pid_max)
	case $limit in *,*) echo "${limit#*,}" >/proc/sys/kernel/pid_max ;; esac
	# shellcheck disable=SC2086 # the list's arguments are words
	confined "${limit%,*}" ./"$program" $args >"$out.out" 2>&1 || status=$?
	echo "$pids" >/proc/sys/kernel/pid_max
	tap_cases "$1" $status "$out.out" >"$out.cases"
}

tool_case() {	# item
	local dir status=0
	dir=$(mktemp -d) && cd "$dir" || return
	confined 180 "$here/run.sh" --case "$1" >"$out.out" 2>&1 || status=$?
	printf '%s\t%s\t%s\t%s\n' "$1" "$(kind $status)" \
		"$status.$(grep -v '^#' "$out.out" | cksum | cut -d' ' -f1)" \
		"$(sed -n 's/^skip: //p' "$out.out" | tail -n 1)" >"$out.cases"
	cd / && rm -rf "$dir"
}

for ((round = 1; round <= rounds; round++)); do
	mkdir -p "$RESULTS/$round"
	for item in "${items[@]}"; do
		out=$RESULTS/$round/${item/\//.}
		start=$EPOCHREALTIME
		case $item in
		ksft/*)
			line=$(awk -v name="${item#ksft/}" '$1 ":" $2 == name' "$here/kselftests.list")
			[ -n "$line" ] || { echo "run: there is no '$item'" >&2; exit 1; }
			selftest "$item" "$line"
			;;
		*) tool_case "$item" ;;
		esac
		printf '%6d ms  %s\n' $(((${EPOCHREALTIME/./} - ${start/./}) / 1000)) "$item"
	done
done
