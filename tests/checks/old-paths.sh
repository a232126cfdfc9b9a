#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# With CONFIG_UTRACE the functions of vanilla's ptrace stops must not be compiled.
set -euo pipefail

usage() {
	cat <<'END'
Usage: tests/checks/old-paths.sh [VARIANT]

TAP: the preprocessed kernel/signal.c and kernel/ptrace.c of VARIANT (default:
utrace) define none of the functions by which vanilla's ptrace stops a task.
Vanilla must define all of them, which tests the search.  kernel/utrace/ does not
mention ptrace, and ptrace includes no private header of utrace.  Build both
kernels first.
END
}
case ${1:-} in
-h | --help) usage; exit 0 ;;
esac
variant=${1:-utrace}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILDDIR:-$repo/build}
# shellcheck source=tests/checks/tap.sh
. "$repo/tests/checks/tap.sh"
functions=(ptrace_stop ptrace_signal ptrace_do_notify do_jobctl_trap ptrace_trap_notify)
sources=(kernel/signal.i kernel/ptrace.i)

# Preprocess a source of VARIANT by the command that compiled it, which kbuild
# keeps beside the object: kbuild itself takes much longer
preprocess() { # VARIANT, FILE.i
	local object=${2%.i}.o cmd=''
	if cd "$build/$1" 2>/dev/null; then
		cmd=$(sed -n "1s|^[^=]*:= \(.*\) -c -o $object \([^ ;]*\).*|\1 -E -o $2 \2|p" \
			"${object%/*}/.${object##*/}.cmd" 2>/dev/null)
	fi
	[ -n "$cmd" ] || { echo "$object is not built"; return 1; }
	eval "$(sed 's/^ccache //; s/-Wp,-MMD,[^ ]* //' <<<"$cmd")"
}

# Print the functions that the sources of a variant define
defined() {
	local name
	cd "$build/$1"
	for name in "${functions[@]}"; do
		perl -0777 -ne "exit 1 if /^\S[^\n;{}]*\b$name\s*\([^;{}]*\)\s*\{/m" "${sources[@]}" || echo "$name"
	done
}

code() { # without comments
	gcc -fpreprocessed -dD -E -P -x c "$1" 2>/dev/null
}

echo 'TAP version 13'
for v in "$variant" vanilla; do
	for f in "${sources[@]}"; do
		what=$(preprocess "$v" "$f" 2>&1) || { echo "Bail out! $v: $(tail -1 <<<"$what")"; exit 1; }
	done
done
empty "$variant: none of the old paths is compiled" "$(defined "$variant")"
missing=$(comm -13 <(defined vanilla | sort) <(printf '%s\n' "${functions[@]}" | sort))
empty 'vanilla: each of them is found' "$missing"

for f in "$repo"/kernel/utrace/*.[ch]; do
	# linux/ptrace.h declares user_enable_single_step()
	empty "${f#"$repo"/} does not speak of ptrace" \
		"$(code "$f" | grep -ni ptrace | grep -v "#include <linux/ptrace.h>" || :)"
done
for f in "$repo"/kernel/ptrace-*.[ch]; do
	empty "${f#"$repo"/} includes nothing private of the layer" \
		"$(grep -nE '#include.*(utrace/|internal\.h|utrace_hooks\.h)' "$f" || :)"
done
tap_end
