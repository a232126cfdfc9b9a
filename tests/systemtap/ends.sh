#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The end of sessions: by an error, by a signal, under load, with many processes.
# shellcheck disable=SC2317,SC2154 # functions are called through ok; from lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../slab.sh
. "$(dirname "${BASH_SOURCE[0]}")/../slab.sh"

rounds=10
crowd=1000
case ${VARIANT:-} in
debug | kcsan) rounds=4 crowd=300 ;;
esac
[ -z "${STAP_ROUNDS:-}" ] || rounds=$STAP_ROUNDS

as_before() {
	is engines "$(objects utrace_engine)" "$before" && is 'left' "$(utraces_left)" ''
}
before=$(objects utrace_engine)

session wrong "$target threads 1 100"
ok 'a script with an error has exit status 1' is 'exit status' $? 1
ok 'and prints the error' has 'standard error' "$(cat "$tmp/wrong.err")" '^ERROR: that is enough'
ok 'its error probe has the right count' is output "$(cat "$tmp/wrong.out")" 'calls 4'
ok 'nothing is left' clean

# Sessions start and end while processes start and end
load_up() {
	while :; do "$target" processes 3 3; "$target" threads 3 3; done
}
load_up &
busy=$!
again() {
	local i
	for ((i = 1; i <= rounds; i++)); do
		timeout "$limit" staprun -R "$built/stap_all.ko" -c /bin/true >"$tmp/round" 2>&1 &&
			grep -q '^begin [1-9]' "$tmp/round" && continue
		echo "round $i:"
		cat "$tmp/round"
		return 1
	done
}
ok "$rounds sessions under load" again
ok 'nothing is left' clean

# Without -c the session attaches to all of these processes.  It starts while some of
# them fork or execute a program, and ends while they run.
load_more() {
	while :; do "$target" processes 40 1; done
}
load_more &
forks=$!
load_more &
more=$!
hold "$target" wait "$tmp/gate" 1
held=$pid
once() {
	grep -q ' 0 twice, ' "$tmp/kin.out" && ! grep -q '^0 began' "$tmp/kin.out"
}
among() {
	local i
	for ((i = 1; i <= rounds; i++)); do
		begin kin
		if within 60 attached "$held"; then
			# some processes start and end during the session
			"$target" processes 20 20
			kill -INT "$(pgrep -f 'stapio.*stap_kin' | head -n 1)"
		fi
		reap "$session"
		silent kin "$status" && once && clean && continue
		echo "round $i:"
		cat "$tmp/kin.out"
		return 1
	done
}
ok "$rounds sessions that watch the load, each process once" among
for pid in "$held" "$forks" "$more"; do
	kill -KILL "$pid"
	reap "$pid"
done
kill -KILL "$busy"
reap "$busy"

# A session on many processes ends by SIGINT
hold "$target" crowd $crowd
ok "$crowd processes" test "$(pgrep -c -f "target crowd $crowd")" = $crowd
begin crowd want=$crowd
ok 'have engines' within 60 attached "$pid"
# Each process must have run its begin probe
all_known() {
	grep -qx all "$tmp/crowd.out"
}
ok 'each begins' within 60 all_known
started=$SECONDS
kill -INT "$(pgrep -f 'stapio.*stap_crowd' | head -n 1)"
reap "$session"
ok 'the session ends by SIGINT' silent crowd "$status"
ok 'with the right count' is begun "$(tail -n 1 "$tmp/crowd.out")" "$crowd"
ok 'within some seconds' test $((SECONDS - started)) -lt 20
ok 'nothing is left' clean
ok 'all processes are still there' is processes "$(pgrep -c -f "target crowd $crowd")" $crowd

# stapio is killed: the module remains loaded until staprun -d removes it
begin crowd want=$crowd
ok 'another session' within 60 attached "$pid"
ok 'each begins' within 60 all_known
kill -KILL "$(pgrep -f 'stapio.*stap_crowd' | head -n 1)" "$session"
reap "$session"
ok 'stapio is killed, the engines remain' attached "$pid"
ok 'its module is removed' staprun -d stap_crowd
ok 'nothing is left' clean
pkill -KILL -P "$pid"
kill -KILL "$pid"
reap "$pid"
ok 'no object is left in memory' within 30 as_before
finish
