#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Boot a kernel variant with this machine's root file system, and run a command.
set -euo pipefail

usage() {
	cat <<'END'
Usage: tests/vm/vm.sh [options] VARIANT COMMAND
       tests/vm/vm.sh [options] --shell VARIANT

Boots $BUILDDIR/VARIANT under QEMU and runs COMMAND there in bash, as root, in
this repository's directory.  The root file system is this machine's, read-only;
/tmp, /run, /root, /var/tmp are empty and writable; $RESULTS is a directory of
the host.  Output and exit status are COMMAND's; the kernel log is written to
console.log in the results directory.

Options:
  --cpus N        CPUs of the guest (default: 2)
  --mem SIZE      memory (default: 2G, debug: 1G)
  --timeout SEC   time limit; then print the state of the guest (default: 1800)
  --boot-limit SEC  time limit until the guest's init runs; a guest that hangs or
                  crashes before is started once more (default: 300)
  --icount        one CPU, a guest nanosecond is an instruction
  --append ARGS   more kernel arguments
  --plugin ARGS   QEMU loads this TCG plugin: FILE,NAME=VALUE...
  --audit         audit is disabled, but can be enabled in the guest
  --results DIR   the results directory (default: a new one in
                  $BUILDDIR/results, removed after success if it is empty)
  --allow-log RE  kernel log lines that match RE are no failure
  --no-leak-scan  debug: disable kmemleak, for half the run time
  --accel NAME    kvm or tcg (default: kvm if a trial boot succeeds)

Environment:
  VM_END  time limit of all guests, in seconds since the epoch: --timeout is
          reduced to what is left of it

Exit status: COMMAND's; 1 if the VM cannot run; 3 if the kernel log shows a
warning, an oops, a leak etc.; 4 if the guest crashed; 124 on time-out.
END
}

die() {
	echo "vm: $*" >&2
	exit 1
}

# End the guest when the caller dies, even by SIGKILL
if [ -z "${VM_BOUND:-}" ]; then
	VM_BOUND=$PPID exec setpriv --pdeathsig TERM "$0" "$@"
fi
[ "$VM_BOUND" = $PPID ] || exit 143
unset VM_BOUND

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILDDIR:-$repo/build}
here=$repo/tests/vm
argv=("$@")
cpus=2 mem='' timeout=1800 boot_limit=300 icount='' plugin=() audit=audit=0 append='' results='' shell='' accel='' leak_scan=1
allow='^$'

number() {
	[[ ${2:-} =~ ^[1-9][0-9]*$ ]] || die "$1 needs a number, not '${2:-}'"
}
while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) usage; exit 0 ;;
	--cpus) number "$@"; cpus=$2; shift ;;
	--mem) mem=${2:-}; shift ;;
	--timeout) number "$@"; timeout=$2; shift ;;
	--boot-limit) number "$@"; boot_limit=$2; shift ;;
	--icount) icount=1 ;;
	--plugin) plugin=(-plugin "${2:-}"); shift ;;
	--append) append=${2:-}; shift ;;
	--audit) audit='' ;;
	--results) results=${2:-}; shift ;;
	--allow-log) allow="$allow|${2:-}"; shift ;;
	--no-leak-scan) leak_scan='' allow="$allow|kmemleak: Kernel memory leak detector disabled" ;;
	--accel) accel=${2:-}; shift ;;
	--shell) shell=1 ;;
	--) shift; break ;;
	-*) die "option $1 is unknown: see --help" ;;
	*) break ;;
	esac
	shift
done
if [ -n "${VM_END:-}" ]; then
	number VM_END "$VM_END"
	left=$((VM_END - EPOCHSECONDS))
	[ $left -gt 0 ] || die "the time limit of all guests is over"
	[ "$timeout" -le $left ] || timeout=$left
fi
variant=${1:-} command=${2:-}
case $variant in
utrace | vanilla | off | debug | preempt | vanilla-preempt | kcsan) ;;
*) die "VARIANT='$variant' is unknown: use utrace, vanilla, off, debug, preempt, vanilla-preempt or kcsan" ;;
esac
[ -n "$shell" ] || [ -n "$command" ] || die "no command: give it as CMD='...'"
[ -z "$shell" ] || [ -t 0 ] || die "a shell needs a terminal: use CMD='...' instead"
qemu='qemu-system-x86_64'
command -v $qemu >/dev/null || die "$qemu is missing: install qemu-system-x86"
kernel=$build/$variant/arch/x86/boot/bzImage
[ -f "$kernel" ] || die "$kernel is missing: run 'make kernel VARIANT=$variant' first"
if [ -z "$mem" ]; then
	# the duration of a leak scan is proportional to the memory
	mem=2G
	[ "$variant" != debug ] || mem=1G
fi

# The caches whose allocations tests/failing.c lets fail
[ "$variant" != debug ] ||
	append="slub_debug=A,utrace,utrace_engine,ptrace_hold,kmalloc-192,kmalloc-512,sigqueue $append"

# kmemleak doubles the run time of most tests
[ -n "$leak_scan" ] || append="kmemleak=off $append"

work=$build/results/.run-$$
keep=
if [ -n "$results" ]; then
	keep=1
else
	results=$build/results/$variant-$$
fi
mkdir -p "$work" "$results" 2>/dev/null || die "cannot write in $build/results: check the disk"
results=$(cd "$results" && pwd -P)
build=$(cd "$build" && pwd -P)
work=$build/results/.run-$$
case $repo$build$results in
*[[:space:],]*) die "the VM cannot use paths with spaces or commas: '$repo', '$results'" ;;
esac
console=$results/console.log
rm -f "$results"/.{status,up}
pids=()
# shellcheck disable=SC2317 # called by the trap
cleanup() {
	local pid
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null || :
	done
	rm -rf "$work"
	rm -f "$results"/.{status,cmd,vm,up}
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Use KVM only if a kernel has booted with it since this machine was booted
choose_accel() {
	local boot known=
	boot=$(cat /proc/sys/kernel/random/boot_id)
	if [ -n "$icount" ] || [ ! -w /dev/kvm ]; then
		echo tcg
		return
	fi
	[ ! -e "$build/.accel" ] || known=$(cat "$build/.accel")
	if [ "${known#* }" != "$boot" ]; then
		known="tcg $boot"
		"$here/vm.sh" --accel kvm --timeout 15 --no-leak-scan "$variant" true \
			>"$work/trial" 2>&1 && known="kvm $boot"
		echo "$known" >"$build/.accel"
	fi
	echo "${known% *}"
}
[ -n "$accel" ] || accel=$(choose_accel)
case $accel in
kvm) machine=(-accel kvm -cpu host) ;;
tcg) machine=(-accel 'tcg,thread=multi' -cpu max) ;;
*) die "--accel $accel is unknown: use kvm or tcg" ;;
esac
if [ -n "$icount" ]; then
	cpus=1
	machine=(-accel tcg -icount 'shift=0,sleep=off' -cpu max)
fi

# A TCG guest reads the host's TSC and cannot calibrate it: see tsc-khz.c
tsc_khz() {
	if [ ! -s "$build/.tsc-khz" ]; then
		{ gcc -O2 -o "$work/tsc-khz" "$here/tsc-khz.c" &&
			"$work/tsc-khz" >"$work/khz" && [ -s "$work/khz" ] &&
			mv "$work/khz" "$build/.tsc-khz"; } 2>/dev/null || return 1
	fi
	cat "$build/.tsc-khz"
}
if [ "$accel" = tcg ]; then
	# with icount an instruction takes one nanosecond
	khz=1000000
	[ -n "$icount" ] || khz=$(tsc_khz) ||
		die "cannot measure the TSC: install gcc, or check the disk below $build"
	append="tsc_early_khz=$khz $append"
fi

# KCSAN reports races of the whole kernel.  klog.sh ignores those without an
# access in a function of utrace or ptrace-utrace, listed here.
export KLOG_FUNCTIONS=
if [ "$variant" = kcsan ]; then
	KLOG_FUNCTIONS=$work/functions
	nm "$build"/kcsan/kernel/{utrace/*,ptrace-utrace,ptrace-holds}.o |
		awk '$2 ~ /^[tT]$/ { print $3 }' >"$KLOG_FUNCTIONS" ||
		die "no objects below $build/kcsan: run 'make kernel VARIANT=kcsan' first"
fi

# Parameters of init.sh
{
	printf 'vm_repo=%q\nvm_build=%q\nvm_results=%q\n' "$repo" "$build" "$results"
	printf 'vm_variant=%q\nvm_leak_scan=%q\n' "$variant" "$leak_scan"
	printf 'vm_term=%q\n' "${TERM:-dumb}"
	printf 'vm_size=%q\n' "$(stty size 2>/dev/null || echo '24 80')"
} >"$results/.vm"
printf '%s\n' "$command" >"$results/.cmd"

# Channels, each a pair of named pipes: the kernel's console (its input is for
# sysrq), the output of the command, and QEMU's monitor.
mkfifo "$work"/{console,output,monitor}.{in,out}
output=(-chardev "pipe,id=output,path=$work/output"
	-device 'virtserialport,chardev=output,name=output')
if [ -n "$shell" ]; then
	output=(-chardev 'stdio,id=output,signal=off' -device 'virtconsole,chardev=output')
fi
args=(
	-nodefaults -no-user-config -display none -no-reboot
	# without ACPI, CPUs are found in the MP table, which lists one per socket
	"${machine[@]}" "${plugin[@]}" -machine pc -smp "cpus=$cpus,sockets=$cpus" -m "$mem"
	-kernel "$kernel"
	-fsdev "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"
	-device 'virtio-9p-pci,fsdev=root,mount_tag=host'
	-fsdev "local,id=results,path=$results,security_model=none,multidevs=remap"
	-device 'virtio-9p-pci,fsdev=results,mount_tag=results'
	-chardev "pipe,id=console,path=$work/console" -serial chardev:console
	-chardev "pipe,id=monitor,path=$work/monitor" -mon 'chardev=monitor,mode=readline'
	-device virtio-serial-pci "${output[@]}"
	-append "console=ttyS0 root=host rootfstype=9p rootflags=trans=virtio,version=9p2000.L,cache=loose,msize=262144 ro init=$here/init.sh VM_RESULTS=$results panic=-1 $audit tsc=reliable pmtmr=0x608 no_timer_check random.trust_cpu=on rcupdate.rcu_cpu_stall_timeout=300 $append"
)

# --shell: the guest's terminal is QEMU's standard input and output
saved_tty=
if [ -n "$shell" ]; then
	saved_tty=$(stty -g)
	exec 6<&0 7>&1
else
	exec 6</dev/null 7>"$work/qemu.out"
fi
$qemu "${args[@]}" <&6 >&7 2>"$work/qemu.err" &
qemu_pid=$!
pids+=("$qemu_pid")
cat "$work/console.out" >"$console" &
console_pid=$!
cat "$work/output.out" &
output_pid=$!
cat "$work/monitor.out" >"$work/monitor.log" &
pids+=("$console_pid" "$output_pid" "$!")

# Time-out: request the state of all tasks by sysrq, a break on the serial
# console, which does not depend on user space.
# shellcheck disable=SC2016 # the inner shell expands
ask_guest() {
	local key
	for key in w l t; do
		timeout 2 bash -c 'echo "chardev-send-break console" >"$1/monitor.in"
			sleep 0.3; printf %s "$2" >"$1/console.in"' - "$work" "$key" || return 0
		sleep 1.5
	done
}
# Before init runs, the kernel does not read the serial line: get the registers
# from QEMU.
# shellcheck disable=SC2016 # the inner shell expands
ask_qemu() {
	local question
	for question in 'info registers -a' 'info lapic' 'info pic'; do
		timeout 2 bash -c 'echo "$2" >"$1/monitor.in"' - "$work" "$question" || return 0
		sleep 0.5
	done
}
(
	trap 'kill "$sleeper" 2>/dev/null; exit' TERM
	for ((t = 1; t <= timeout; t++)); do
		sleep 1 &
		sleeper=$!
		wait "$sleeper" || exit 0
		if [ "$t" != "$boot_limit" ] || [ -e "$results/.up" ]; then
			continue
		fi
		: >"$work/hung"
		ask_qemu
		kill -KILL "$qemu_pid" 2>/dev/null || :
		exit 0
	done
	wc -l <"$console" >"$work/timed-out"
	ask_guest
	kill -KILL "$qemu_pid" 2>/dev/null || :
) >/dev/null &
watch_pid=$!
pids+=("$watch_pid")

qemu_status=0
{ wait "$qemu_pid" || qemu_status=$?; } 2>/dev/null # bash would tell that it was killed
kill "$watch_pid" 2>/dev/null || :
[ -z "$saved_tty" ] || stty "$saved_tty"

# The readers of the pipes end with QEMU, unless it has not opened the pipes
finish() {
	for _ in {1..50}; do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	kill "$1" 2>/dev/null || :
}
if [ -s "$work/qemu.err" ] && [ ! -s "$console" ]; then
	die "QEMU does not start: $(head -1 "$work/qemu.err")"
fi
finish "$console_pid"
finish "$output_pid"

# On a busy host the timers of an emulated guest are late, and a boot may hang or
# panic before init.  Keep its log and registers, and boot once more.
if [ ! -e "$results/.up" ] && [ ! -e "$work/timed-out" ] && [ "$accel" != kvm ]; then
	n=${VM_TRY:-1}
	mv "$console" "$results/console-hung-$n.log"
	tr -d '\r' <"$work/monitor.log" >"$results/registers-hung-$n.log"
	echo "vm: note: the guest's init did not run (limit $boot_limit s): see $results/*-hung-$n.log" >&2
	# late timers cause these messages; any other is a failure
	if ! "$here/klog.sh" "$results/console-hung-$n.log" "$allow|IO-APIC|io_apic|stall|lockup|blocked for"; then
		exit 3
	fi
	if [ "$n" = 1 ]; then
		cleanup
		VM_TRY=2 exec "$here/vm.sh" "${argv[@]}"
	fi
	echo "vm: the guest does not boot; its last lines:" >&2
	tail -n 15 "$results/console-hung-$n.log" | sed 's/^/vm:   /' >&2
	exit 4
fi

status=4
[ ! -s "$results/.status" ] || status=$(cat "$results/.status")
if [ -e "$work/timed-out" ]; then
	n=$(cat "$work/timed-out")
	echo "vm: no end after $timeout s; the last lines of the guest's console:" >&2
	head -n "$n" "$console" | tail -n 15 | sed 's/^/vm:   /' >&2
	echo "vm: blocked tasks, backtraces of the processors, all tasks (their stacks: $console):" >&2
	tail -n +"$((n + 1))" "$console" |
		awk '/sysrq: Show State/ { all = 1 } !all || (/task:/ && !/ppid:2 /)' | head -n 300 | sed 's/^/vm:   /' >&2
	status=124
elif [ "$status" = 4 ] && [ ! -s "$results/.status" ]; then
	echo "vm: the guest died before the command ended (QEMU: $qemu_status $(head -1 "$work/qemu.err")); the last lines of its console:" >&2
	tail -n 40 "$console" | sed 's/^/vm:   /' >&2
fi
rm -f "$results"/.{status,cmd,vm,up}

if ! "$here/klog.sh" "$console" "$allow"; then
	[ ! -s "$results/kmemleak" ] || head -n 60 "$results/kmemleak" | sed 's/^/vm:   /' >&2
	[ "$status" != 0 ] || status=3
fi
[ "$status" = 0 ] || echo "vm: exit status $status, kernel log: $console" >&2
if [ -z "$keep" ] && [ "$status" = 0 ]; then
	# only the console log
	if [ "$(find "$results" -mindepth 1 | wc -l)" = 1 ]; then
		rm -rf "$results"
	else
		echo "vm: results: $results" >&2
	fi
fi
exit "$status"
