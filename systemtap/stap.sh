#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SystemTap on the utrace layer.  $BUILDDIR/systemtap/stap runs this script.
set -euo pipefail

usage() {
	cat <<'END'
Usage: build/systemtap/stap [STAP OPTION...] ...

Runs stap(1) with the runtime that uses the utrace layer, and with the build tree of
a kernel with the layer.  All options are passed to stap(1).  In the virtual machine
(make shell, make vm CMD='...') it compiles the script and runs it.  On a machine
that runs another kernel it compiles the script, boots the virtual machine, and runs
the script there.  -l, -L, -p1 to -p4 and --dump-* do not boot it.
--wrapper-help prints this text.
END
}

die() {
	echo "stap: $*" >&2
	exit 1
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${BUILDDIR:-$repo/build}
out=$build/systemtap
case ${1:-} in
--wrapper-help) usage; exit 0 ;;
esac

# STAP_VARIANT=debug compiles for the debug kernel while another kernel is running.  The
# same applies to the other variants with the layer.
variant=${STAP_VARIANT:-utrace}
running=$(uname -r)
case $running in
*-vanilla-preempt) ;;
*-debug | *-preempt | *-kcsan)
	[ ! -f "$build/${running##*-}/Module.symvers" ] || variant=${running##*-}
	;;
esac
tree=$build/$variant
[ -f "$tree/Module.symvers" ] || die "$tree is not built: run 'make kernel VARIANT=$variant' first"
has_layer() {
	grep -qsx CONFIG_UTRACE=y "$1/.config"
}
has_layer "$tree" || die "the kernel in $tree has no utrace layer: configure it with CONFIG_UTRACE=y"
for part in runtime tapset release; do
	[ -e "$out/$part" ] || die "$out/$part is missing: run 'make systemtap' first"
done
# Refuse another release: the runtime is that of one release
command -v stap >/dev/null || die "SystemTap is not installed: run 'make systemtap'"
stap --version 2>&1 | sed -n 1p | grep -qF " $(cat "$out/release")/" ||
	die "$(command -v stap) is not SystemTap $(cat "$out/release"), which $out was made for: run 'make systemtap'"
release=$(cat "$tree/include/config/kernel.release")
real=(stap -r "$tree" -R "$out/runtime")
export SYSTEMTAP_TAPSET=$out/tapset

# Find in the arguments whether the script is run, and the arguments with file names.
# The options with a value are those of stap(1).
runs=1 target='' other_tree='' inline='' output=() files=() args=()
scan() {
	local letters value
	while [ $# -gt 0 ]; do
		case $1 in
		--) args+=("$@"); return ;;
		--dump-* | --help | --version) runs= ;;
		--*) ;;
		-?*)
			letters=${1#-}
			while [ -n "$letters" ]; do
				case $letters in
				[IerRamopsBDGSTLlcxdE]*)
					value=${letters:1}
					if [ -z "$value" ] && [ $# -gt 1 ]; then
						args+=("$1")
						shift
						value=$1
					fi
					case $letters in
					p*) [ "$value" = 5 ] || runs= ;;
					[lL]*) runs= ;;
					x*) target=$value ;;
					r*) other_tree=$value ;;
					e*) inline=1 ;;
					o*) output=("${#args[@]}" "$value") ;;
					esac
					letters=
					;;
				[Vh]*) runs='' letters='' ;;
				*) letters=${letters:1} ;;
				esac
			done
			;;
		*) files+=("${#args[@]}" "$1") ;;
		esac
		args+=("$1")
		shift
	done
}
scan "$@"
case $other_tree in
'') ;;
*/*) ;;
*) other_tree=/lib/modules/$other_tree/build ;;
esac
[ -z "$other_tree" ] || has_layer "$other_tree" ||
	die "the kernel in $other_tree has no utrace layer: leave out -r, which is $tree then"
if [ ${#output[@]} -gt 0 ] && [ ! -d "$(dirname "${output[1]}")" ]; then
	die "-o ${output[1]}: there is no directory $(dirname "${output[1]}")"
fi

# Keep SystemTap's cache of modules beside the runtime that they were compiled with.  The
# guest cannot write there, so it has its own cache, with links to the host's modules.
cache() {
	export SYSTEMTAP_DIR=$out/cache
	if mkdir -p "$SYSTEMTAP_DIR" 2>/dev/null && [ -w "$SYSTEMTAP_DIR" ]; then
		return
	fi
	SYSTEMTAP_DIR=${TMPDIR:-/tmp}/systemtap-$EUID
	if [ ! -e "$SYSTEMTAP_DIR" ]; then
		mkdir -m 700 "$SYSTEMTAP_DIR" || die "cannot create $SYSTEMTAP_DIR: set TMPDIR"
		[ ! -d "$out/cache" ] || cp -rs "$out/cache/." "$SYSTEMTAP_DIR/"
	fi
	[ -O "$SYSTEMTAP_DIR" ] || die "$SYSTEMTAP_DIR is somebody else's: set SYSTEMTAP_DIR"
}
if [ "$running" = "$release" ]; then
	[ -n "${SYSTEMTAP_DIR:-}" ] || cache
	exec "${real[@]}" "$@"
fi
case $running in
*-vanilla | *-utr-off)
	[ -z "$runs" ] || die "the running kernel, $running, has no utrace layer: boot VARIANT=utrace"
	;;
esac

export SYSTEMTAP_DIR=$out/cache
mkdir -p "$SYSTEMTAP_DIR" 2>/dev/null || die "cannot create $SYSTEMTAP_DIR: check the disk and BUILDDIR"
[ -n "$runs" ] || exec "${real[@]}" "$@"
[ -z "$target" ] || die "-x $target: processes of this machine are none of the guest's: run it there, in 'make shell'"

# The guest has its own /tmp, and can only write to the results directory of this
# machine.  So the script and the output are copied to and from there.
results=$out/run-$$
mkdir "$results"
trap 'rm -rf "$results"' EXIT
if [ ${#files[@]} -gt 0 ] && [ -z "$inline" ]; then
	script=$results/${files[1]##*/}
	if [ "${files[1]}" = - ]; then
		script=$results/stdin.stp
		cat >"$script"
	elif [ -f "${files[1]}" ]; then
		cp "${files[1]}" "$script"
	else
		die "there is no script ${files[1]}"
	fi
	args[files[0]]=$script
fi
"${real[@]}" -p4 "${args[@]}" >"$results/.module" || exit
rm -f "$results/.module"
if [ ${#output[@]} -gt 0 ]; then
	args[output[0]]=${args[output[0]]/"${output[1]}"/"$results/out-${output[1]##*/}"}
fi
status=0
"$repo/tests/vm/vm.sh" --results "$results" utrace \
	"cd $(printf %q "$PWD") 2>/dev/null; $(printf '%q ' "$out/stap" "${args[@]}")" || status=$?
if [ ${#output[@]} -gt 0 ]; then
	for file in "$results"/out-*; do
		[ ! -f "$file" ] || cp "$file" "$(dirname "${output[1]}")/${file#"$results"/out-}"
	done
fi
exit $status
