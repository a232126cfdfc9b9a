#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SystemTap's own examples, unchanged, on a program with known counts: outer() calls
# middle() ten times, and each middle() calls inner().
# shellcheck disable=SC2317,SC2154 # functions are called through ok; from lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# told NAME [N REGEX]...: for ok; the session succeeds, and N lines match each REGEX
told() {
	local name=ex_${1//-/_} bad=0 n
	shift
	session "$name" "$target functions 10" || {
		silent "$name" $?
		return 1
	}
	silent "$name" 0 || return
	while [ $# -gt 0 ]; do
		n=$(tr '\0' '\n' <"$tmp/$name.out" | grep -cE -- "$2")
		is "lines that match '$2'" "$n" "$1" || bad=1
		shift 2
	done
	[ "$bad" = 0 ] && return
	cat "$tmp/$name.out"
	return 1
}

ok 'linetimes: each line of a function' told linetimes \
	1 'middle call count: 10$' 4 'middle@.*target.c:[0-9]+"\) +[0-9]+ +[0-9]+$'
ok 'graphcall: calls with backtraces' told graphcall 10 '^call [0-9]+ inner' 10 '^main\+'
ok 'para-callgraph: calls with parameters and results' told para-callgraph \
	10 '-> ?inner number=0x[0-9a-f]+ text=' 10 '<- ?middle return=0x'
ok 'para-callgraph-verbose: the same, with strings' told para-callgraph-verbose \
	10 '-> ?inner number=[0-9] text="four"' 10 '<- ?middle return='
ok 'callgraph: calls, indented' told callgraph 1 '->main$' 1 '->outer$' 10 '->inner$' 10 '<-inner$'
ok 'func_time_stats: the time that a function takes' told func_time_stats 1 'count:10 '
ok 'fntimes: functions that take longer than usual' told fntimes
ok 'eventcount: events by task' told eventcount \
	1 ' 10 .*function\("inner@' 1 ' 10 .*mark\("step"\)' 1 '\.syscall$'
ok 'measureinterval: from one event to another' told measureinterval 1 '^10$'
ok 'varwatch: a variable that changes' told varwatch 10 "[$]result:$" 1 '^4$' 1 '^22$'
ok 'whythefail: lines on the way to a result' told whythefail \
	1 '^entry count: 10$' 1 '^exit-hit count: 7$' 1 '^exit-miss count: 3$'
ok 'ltrace: calls of library functions' told ltrace 10 '^strlen \('
ok 'nothing is left' clean
finish
