#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The guest's init: mount the file systems that a Debian user space expects, run
# the command in $RESULTS/.cmd, and write its exit status to $RESULTS/.status.
# shellcheck disable=SC2154 # the vm_ variables come from the driver's .vm file
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mountpoint -q /dev || mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm /dev/mqueue
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t mqueue mqueue /dev/mqueue
for fd in fd:/proc/self/fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do
	ln -sf "${fd#*:}" "/dev/${fd%%:*}"
done
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing
mount -t securityfs securityfs /sys/kernel/security

# The repository may be below a directory that becomes a tmpfs: bind-mount it and
# the results elsewhere until the tmpfs are mounted, then move both back.
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/vm /run/vm/results
mount -t 9p -o trans=virtio,version=9p2000.L,cache=mmap,msize=262144 results /run/vm/results
: >/run/vm/results/.up
# shellcheck source=/dev/null
. /run/vm/results/.vm
hidden=()
for dir in "$vm_repo" "$vm_build"; do
	case $dir/ in
	/tmp/* | /root/* | /var/tmp/*)
		mkdir -p "/run/vm/${#hidden[@]}"
		mount --bind "$dir" "/run/vm/${#hidden[@]}"
		hidden+=("$dir")
		;;
	esac
done
for dir in /tmp /root /var/tmp; do
	mount -t tmpfs -o mode=1777 tmpfs "$dir"
done
chmod 700 /root
for i in "${!hidden[@]}"; do
	mkdir -p "${hidden[i]}"
	mount --move "/run/vm/$i" "${hidden[i]}"
done
mkdir -p "$vm_results" 2>/dev/null
mount --move /run/vm/results "$vm_results"

hostname utrace
ip link set lo up
[ ! -e /proc/sys/kernel/hung_task_timeout_secs ] || echo 240 >/proc/sys/kernel/hung_task_timeout_secs
[ ! -e /proc/sys/kernel/watchdog_thresh ] || echo 60 >/proc/sys/kernel/watchdog_thresh

export REPO=$vm_repo BUILDDIR=$vm_build RESULTS=$vm_results VARIANT=$vm_variant TERM=$vm_term
cd "$vm_repo" || exit
command=$(cat "$RESULTS/.cmd")

if [ -z "$command" ]; then
	# shellcheck disable=SC2086,SC2154 # two numbers
	set -- $vm_size
	stty -F /dev/hvc0 rows "$1" cols "$2"
	echo "utrace: $(uname -r), 'exit' ends the machine" >/dev/hvc0
	setsid -c bash -i <>/dev/hvc0 >&0 2>&0
	status=$?
else
	for port in /sys/class/virtio-ports/*; do
		[ "$(cat "$port/name")" != output ] || break
	done
	# through a pipe: the command may open /dev/stdout again
	exec 5> >(exec cat >"/dev/${port##*/}")
	reader=$!
	setsid --wait bash -c "$command" </dev/null >&5 2>&5 5>&-
	status=$?
	exec 5>&-
	# daemons started by the command may keep the pipe open
	for _ in {1..30}; do
		kill -0 "$reader" 2>/dev/null || break
		sleep 0.1
	done
fi

leaks=/sys/kernel/debug/kmemleak
if [ -n "$vm_leak_scan" ] && [ -e $leaks ]; then
	# kmemleak reports an object if two scans some seconds apart do not find it
	echo scan >$leaks
	sleep 6
	echo scan >$leaks
	cat $leaks >"$RESULTS/kmemleak"
	[ -s "$RESULTS/kmemleak" ] || rm -f "$RESULTS/kmemleak"
fi
echo "$status" >"$RESULTS/.status"
sync
echo b >/proc/sysrq-trigger
sleep 60
