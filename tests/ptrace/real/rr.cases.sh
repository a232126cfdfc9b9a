# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# rr: records under seccomp filters, single steps and counters of the processor.
# shellcheck source=tests/ptrace/real/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

record() {
	need rr
	export _RR_TRACE_DIR=$PWD/traces
	rr record -n "$@" >recorded 2>err
	status=$?
	# without counters it cannot work on any kernel
	if grep -qE 'compute_cpu_microarch|counters|perf_event|CPU type|microarch' err; then
		skip "rr needs performance counters, the guest has none it knows: $(grep -m1 -E 'FATAL|counters|type' err | cut -c1-120)"
	fi
	echo "recorded, status $status"
	cat recorded
}

case_steps() {
	record "$targets/steps"
	rr replay -a >replayed 2>err
	echo "replayed, status $?"
	want 'the replay says the same' cmp recorded replayed
}

case_threads() {
	record "$targets/threads" 3
	rr replay -a >replayed 2>err
	echo "replayed, status $?"
	want 'the replay says the same' cmp recorded replayed
}

case_forks() {
	record "$targets/forks"
	rr replay -a >replayed 2>err
	echo "replayed, status $?"
	want 'the replay says the same' cmp recorded replayed
}
