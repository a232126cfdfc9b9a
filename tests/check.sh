#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# All that must pass: builds, static checks, tests in virtual machines.
set -uo pipefail

usage() {
	cat <<END
Usage: tests/check.sh [--stress] [STEP...]

Runs all steps (or each STEP), even if an earlier one failed.  The TAP of a step is
printed when it ends, and written to \$BUILDDIR/check/.  At the end the failures are
printed again; the last line is: N passed, N failed, N skipped.  Exit status 1 if
anything failed.  The duration of each step and the processor time it took are
printed after its TAP, and written to \$BUILDDIR/check/times, the longest first.

LIMIT=MINUTES: after that time no step starts, and each guest that still runs prints
its state and is ended.  Both count as failures.  Without it there is no limit.

--stress: run the steps of make stress instead of those of make check.

Steps:
$(printf '%s\n' "${lane_build[@]}" "${lane_vm[@]}" "${lane_late[@]}" | fmt | sed 's/^/  /')
END
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export BUILDDIR=${BUILDDIR:-$repo/build}
out=$BUILDDIR/check
build=$repo/configs/build.sh
vm=$repo/tests/vm/vm.sh
checks=$repo/tests/checks
limit=${LIMIT:-}

# The steps, in three lanes that run in parallel: one builds, one boots the
# results, and one is for the run on the debug kernel, which is the longest step:
# its kernel is built early
lane_build=(kernel-utrace modules-utrace tests kernel-debug modules-debug kernel-vanilla
	kernel-off patches-check code-same old-paths lint model bad-input systemtap)
lane_vm=(vm-utrace engines-fuzz demo ptrace-same ptrace-fuzz cost)
lane_late=(vm-debug)
case ${1:-} in
-h | --help) usage; exit 0 ;;
--stress)
	lane_build=(kernel-utrace modules-utrace tests kernel-vanilla kernel-debug modules-debug
		kernel-kcsan modules-kcsan kernel-off-all code-same-all patches-build lint-all)
	lane_vm=(systemtap-long systemtap-debug ptrace-real ptrace-fuzz-long ptrace-same-debug
		ptrace-fuzz-debug slow-debug engines-fuzz-long engines-fuzz-debug stress-debug stress-memory stress-ptrace)
	lane_late=(vm-kcsan)
	shift
	;;
esac

# Print the steps that a step waits for.  If one of these failed, the step is not
# run and counts as failed.
needs() {
	case $1 in
	modules-utrace) echo kernel-utrace ;;
	modules-debug) echo kernel-debug ;;
	modules-kcsan) echo kernel-kcsan ;;
	tests) echo kernel-utrace ;;
	vm-utrace) echo kernel-utrace modules-utrace tests ;;
	demo) echo kernel-utrace modules-utrace ;;
	vm-kcsan) echo kernel-kcsan modules-kcsan tests ;;
	vm-debug) echo kernel-debug modules-debug tests ;;
	slow-debug | stress-debug | stress-memory) echo kernel-debug modules-debug tests ;;
	systemtap-debug | engines-fuzz-debug) echo kernel-debug modules-debug ;;
	engines-fuzz*) echo kernel-utrace modules-utrace ;;
	stress-ptrace) echo kernel-debug tests ;;
	systemtap | systemtap-long) echo kernel-utrace modules-utrace ;;
	cost) echo kernel-utrace kernel-vanilla ;;
	ptrace-*-debug) echo kernel-debug kernel-vanilla tests ;;
	ptrace-*) echo kernel-utrace kernel-vanilla tests ;;
	code-same) echo kernel-vanilla kernel-off ;;
	code-same-all) echo kernel-vanilla kernel-off-all ;;
	old-paths) echo kernel-utrace kernel-vanilla ;;
	esac
}

# Run one command as a TAP stream of one test; print its output if it fails
one() {
	local what=$1 log=$out/$step.log
	shift
	echo 'TAP version 13'
	echo '1..1'
	if "$@" >"$log" 2>&1; then
		echo "ok 1 - $what"
	else
		echo "not ok 1 - $what"
		tail -n 25 "$log" | sed 's/^/# /'
		return 1
	fi
}

# Run a guest that prints TAP; add a test that it exits and its log is clean
guest() {
	local status=0
	"$vm" --results "$out/results-$step" "$@" 2>"$out/$step.err" || status=$?
	{
		echo '1..1'
		# failed tests are counted already; a second boot is no failure
		if ! grep -v '^vm: note:' "$out/$step.err" | grep -q . ||
			{ [ $status != 0 ] && ! grep -qvE '^vm: (exit status|note:)' "$out/$step.err"; }; then
			echo 'ok 1 - the guest ended well and its kernel log is clean'
			grep '^vm: note:' "$out/$step.err" | sed 's/^/# /'
		else
			echo "not ok 1 - the guest ended well and its kernel log is clean"
			sed 's/^/# /' "$out/$step.err"
		fi
	} >"$out/$step-log.tap"
	return $status
}

run_step() {
	case $1 in
	kernel-off)
		mapfile -t hooked < <("$checks/hooked.sh")
		one 'kernel off: the objects with hooks' "$build" off "${hooked[@]}"
		;;
	kernel-off-all) # the last three are not below arch/x86/ as kbuild sees it
		one 'kernel off: all objects to compare' "$build" off kernel/ fs/ mm/ security/ \
			arch/x86/ arch/x86/lib/ arch/x86/pci/ arch/x86/power/
		;;
	kernel-*) one "kernel ${1#*-} builds" "$build" "${1#*-}" ;;
	modules-*) one "modules for ${1#*-} build" "$repo/configs/modules.sh" "${1#*-}" ;;
	tests) one 'test programs build' make -j"$(nproc)" -C "$repo/tests" O="$BUILDDIR/tests" ;;
	vm-debug) guest --timeout 10800 debug 'tests/run.sh no-slow' ;;
	vm-*) guest --timeout 10800 "${1#*-}" tests/run.sh ;;
	slow-debug) guest --timeout 10800 debug 'tests/run.sh slow' ;;
	stress-debug) guest --timeout 14400 debug 'tests/stress.sh races' ;;
	stress-memory) guest --timeout 7200 debug 'tests/stress.sh memory' ;;
	# it mostly forks: kmemleak, which vm-debug uses, would double the time
	stress-ptrace) guest --no-leak-scan --timeout 21600 debug 'tests/stress.sh ptrace-races' ;;
	demo) one 'the demo shows what it says' "$vm" --timeout 3600 utrace samples/demo/guest.sh ;;
	ptrace-same) "$repo/tests/ptrace/differential.sh" ;;
	ptrace-fuzz) "$repo/tests/ptrace/fuzz/fuzz.sh" -n 700 ;;
	ptrace-real) "$repo/tests/ptrace/real/compare.sh" ;;
	ptrace-fuzz-long) "$repo/tests/ptrace/fuzz/fuzz.sh" -n 20000 -s 701 ;;
	# full preemption; -k uses vanilla's transcripts of an earlier run
	ptrace-same-debug) "$repo/tests/ptrace/differential.sh" -k -v debug ;;
	ptrace-fuzz-debug) "$repo/tests/ptrace/fuzz/fuzz.sh" -v debug -n 500 ;;
	engines-fuzz) "$repo/tests/fuzz/fuzz.sh" --time 60 ;;
	engines-fuzz-long) "$repo/tests/fuzz/fuzz.sh" --time 3600 -s 100000 ;;
	engines-fuzz-debug) "$repo/tests/fuzz/fuzz.sh" -v debug --time 1800 -s 200000 ;;
	systemtap) "$repo/tests/systemtap/check.sh" life calls user ;;
	systemtap-long) STAP_ROUNDS=200 "$repo/tests/systemtap/check.sh" ;;
	systemtap-debug) VARIANT=debug "$repo/tests/systemtap/check.sh" ;;
	cost) "$checks/untraced-cost.sh" ;;
	patches-check) "$checks/patches.sh" ;;
	patches-build) BUILD=1 "$checks/patches.sh" ;;
	code-same)
		mapfile -t hooked < <("$checks/hooked.sh")
		"$checks/code-same.sh" "${hooked[@]}"
		;;
	code-same-all) "$checks/code-same.sh" ;;
	old-paths) "$checks/old-paths.sh" ;;
	lint) "$checks/lint.sh" ;;
	lint-all) "$checks/lint.sh" --all ;;
	model) "$repo/tests/model/check.sh" ;;
	bad-input) "$checks/bad-input.sh" ;;
	*) echo "there is no step '$1'"; return 1 ;;
	esac
}

# counts TAP-FILE: print "passed failed skipped", and an error of the plan
counts() {
	awk '
		/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; planned = 1 }
		/^ok/ { n++; if ($0 ~ /# *(SKIP|skip|TODO)/) s++; else p++ }
		/^not ok/ { n++; if ($0 ~ /# *TODO/) s++; else f++ }
		/^Bail out!/ { bail = $0 }
		END {
			why = ""
			if (bail) why = bail
			else if (!planned) why = "no plan: it ended early, or never began"
			else if (plan != n) why = "the plan says " plan " tests, " n + 0 " were seen"
			if (why) f++
			print p + 0, f + 0, s + 0, why
		}' "$1"
}

clock() {
	printf '%2d:%02d' $((SECONDS / 60)) $((SECONDS % 60))
}

# The end of all guests, for vm.sh
if [ -n "$limit" ]; then
	[[ $limit =~ ^[1-9][0-9]*$ ]] || { echo "check: LIMIT needs a number of minutes, not '$limit'" >&2; exit 1; }
	export VM_END=$((EPOCHSECONDS + 60 * limit))
fi
late() {
	[ -n "$limit" ] && [ "$EPOCHSECONDS" -ge "$VM_END" ]
}

# not_run STEP WHY: the TAP of a step that does not start
not_run() {
	printf '1..1\nnot ok 1 - %s\n# not run: %s\n' "$1" "$2" >"$out/$1.tap"
}

# Print a whole TAP file at once: the lanes share the terminal
show() {
	local p f s why file
	exec 7>"$out/.print"
	flock 7
	for file in "$out/$1.tap" "$out/$1-log.tap"; do
		[ -f "$file" ] || continue
		read -r p f s why < <(counts "$file")
		echo "# $1"
		cat "$file"
		[ -z "$why" ] || echo "# $1: $why"
		echo "check: [$(clock)] $1: $p passed, $f failed, $s skipped, in $2 s ($3 s of processor)"
	done
	echo "$2 $1 $3" >>"$out/times"
	flock -u 7
}

lane() {
	local step need lacks start TIMEFORMAT='%U %S'
	for step in "$@"; do
		lacks=
		for need in $(needs "$step"); do
			# a step that was not requested counts as done
			case " ${lane_build[*]} " in
			*" $need "*) ;;
			*) continue ;;
			esac
			until [ -e "$out/$need.done" ]; do sleep 1; done
			[ "$(cat "$out/$need.done")" = 0 ] || lacks=$need
		done
		echo "check: [$(clock)] $step ..."
		start=$SECONDS status=1
		echo '0 0' >"$out/$step.cpu"
		if [ -n "$lacks" ]; then
			not_run "$step" "$lacks failed"
		elif late; then
			not_run "$step" "the time limit of $limit minutes is over"
		else
			status=0
			{ time { ( run_step "$step" ) >"$out/$step.tap" 2>"$out/$step.stderr" </dev/null; }; } \
				2>"$out/$step.cpu" || status=$?
			[ ! -s "$out/$step.stderr" ] || sed 's/^/# /' "$out/$step.stderr" >>"$out/$step.tap"
			# the step failed, but the TAP has no failure
			if [ "$status" != 0 ] && ! grep -qs '^not ok' "$out/$step.tap" "$out/$step-log.tap"; then
				echo "Bail out! exit status $status" >>"$out/$step.tap"
			fi
		fi
		show "$step" $((SECONDS - start)) "$(awk '{ print int($1 + $2) }' "$out/$step.cpu")"
		echo "$status" >"$out/$step.done"
	done
}

# Only the steps named
if [ $# -gt 0 ]; then
	pick() {
		local s
		for s in "$@"; do
			case " $wanted " in *" $s "*) echo "$s" ;; esac
		done
	}
	wanted="$*"
	for s in "$@"; do
		case " ${lane_build[*]} ${lane_vm[*]} ${lane_late[*]} " in
		*" $s "*) ;;
		*) echo "check: there is no step '$s': ${lane_build[*]} ${lane_vm[*]} ${lane_late[*]}" >&2; exit 1 ;;
		esac
	done
	mapfile -t lane_build < <(pick "${lane_build[@]}")
	mapfile -t lane_vm < <(pick "${lane_vm[@]}")
	mapfile -t lane_late < <(pick "${lane_late[@]}")
fi

rm -rf "$out"
mkdir -p "$out" 2>/dev/null || { echo "check: cannot create $out: check the disk and BUILDDIR" >&2; exit 1; }
lane "${lane_build[@]}" &
first=$!
lane "${lane_vm[@]}" &
second=$!
lane "${lane_late[@]}" &
third=$!
trap 'trap "" TERM; kill 0; exit 130' INT TERM
wait "$first" "$second" "$third"
sort -rn -o "$out/times" "$out/times"

passed=0 failed=0 skipped=0
for step in "${lane_build[@]}" "${lane_vm[@]}" "${lane_late[@]}"; do
	for file in "$out/$step.tap" "$out/$step-log.tap"; do
		case $file in *-log.tap) [ -f "$file" ] || continue ;; esac
		[ -f "$file" ] || : >"$file"
		read -r p f s why < <(counts "$file")
		passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
		[ "$f" = 0 ] || {
			[ "$failed" != "$f" ] || echo 'check: what failed:'
			echo "== $step"
			[ -z "$why" ] || echo "# $why"
			# failed tests with their output; without a plan also the last lines
			awk '/^not ok/ && !/# *TODO/ { on = 1; n = 0 } /^ok|^1\.\./ { on = 0 } on && n++ < 30' "$file"
			[ -z "$why" ] || tail -n 15 "$file"
		}
	done
done
echo "check: longest: $(head -n 6 "$out/times" | awk '{ printf "%s%s %d s", (NR > 1 ? ", " : ""), $2, $1 }')"
echo "check: $((SECONDS / 60)) min $((SECONDS % 60)) s, logs in $out"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
