#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Static checks of the files in this repository.
set -euo pipefail

usage() {
	cat <<'END'
Usage: tests/checks/lint.sh [--all]

TAP: checkpatch --strict on the C files of the kernel and its modules (--all: also of
the test programs and benchmarks) and on the patches; sparse, W=1 and
kernel-doc on the kernel code; the public header compiles alone; shellcheck on
the scripts; an SPDX line in each file.
END
}
programs=()
case ${1:-} in
-h | --help) usage; exit 0 ;;
--all) programs=(tests bench) ;;
esac

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILDDIR:-$repo/build}
# shellcheck source=tests/checks/tap.sh
. "$repo/tests/checks/tap.sh"
cd "$repo"
"$repo/patches/tree.sh"
scripts=$build/src/vanilla/scripts
out=$build/lint
missing() {
	! command -v "$1" >/dev/null
}

# files DIRECTORY... -- FIND ARGUMENT...: print the files found, sorted
files() {
	local dirs=()
	while [ "$1" != -- ]; do
		[ ! -e "$1" ] || dirs+=("$1")
		shift
	done
	shift
	[ ${#dirs[@]} -eq 0 ] || find "${dirs[@]}" -type f "$@" | LC_ALL=C sort
}

echo 'TAP version 13'

# checkpatch.  On stderr it only warns of a Python module that its licence check
# does not find.
checkpatch() {
	# run it in build/: it creates a file in the current directory
	(cd "$build" && perl "$scripts/checkpatch.pl" --root="$build/src/vanilla" --strict --quiet --terse \
		--no-summary "$@" 2>/dev/null) || echo "exit status $?"
}

# The checks that are disabled for a file
ignored() {
	local ignore=FILE_PATH_CHANGES,EMBEDDED_FILENAME
	case $1 in
	include/trace/*) # written as these headers are everywhere in the kernel
		ignore+=,OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT ;;
	tests/modules/*) ;;
	tests/* | bench/* | samples/demo/*) # user space: no kernel types, macros and helpers there
		ignore+=,PREFER_KERNEL_TYPES,VOLATILE,ARRAY_SIZE,EMBEDDED_FUNCTION_NAME,ENOSYS
		ignore+=,AVOID_EXTERNS,PREFER_DEFINED_ATTRIBUTE_MACRO,STATIC_CONST_CHAR_ARRAY
		ignore+=,COMPLEX_MACRO,STRCPY,STRNCPY,SSCANF_TO_KSTRTO,CONSTANT_COMPARISON
		ignore+=,CAMELCASE,OPEN_ENDED_LINE,SPLIT_STRING,TYPO_SPELLING # Elf64_Ehdr, .useable
		ignore+=,MACRO_ARG_REUSE # lists of rows: OPS(op)
		case $1 in
		tests/model/*) # the kernel's operations by their names
			ignore+=,MEMORY_BARRIER,NEW_TYPEDEFS,FUNCTION_ARGUMENTS ;;
		esac ;;
	esac
	echo "$ignore"
}

# One process for all files of a kind, which takes a third of the time
mapfile -t sources < <(files include kernel samples tests/modules tests/fuzz systemtap "${programs[@]}" -- \
	-name '*.[ch]' | LC_ALL=C sort -u)
declare -A kind said
for f in "${sources[@]}"; do
	kind[$f]=$(ignored "$f")
done
for ignore in $(printf '%s\n' "${kind[@]}" | LC_ALL=C sort -u); do
	mapfile -t same < <(for f in "${sources[@]}"; do
		[ "${kind[$f]}" != "$ignore" ] || echo "$repo/$f"
	done)
	said[$ignore]=$(checkpatch --ignore "$ignore" -f "${same[@]}")
	empty "checkpatch looks at ${#same[@]} files of a kind" \
		"$(grep -v "^$repo/.*:[0-9]*: \|^exit status 1$" <<<"${said[$ignore]}" || :)"
done
for f in "${sources[@]}"; do
	empty "checkpatch $f" "$(grep "^$repo/$f:" <<<"${said[${kind[$f]}]}" || :)"
done
while read -r f; do
	# on standard input: checkpatch takes a file that git tracks for a source file
	empty "checkpatch $f" "$(checkpatch --ignore "$(ignored patches)" - <"$f")"
done < <(files patches -- -name '*.patch')

# Compiler and sparse, in a separate output directory: other flags would cause a
# rebuild of the kernel
mapfile -t objects < <(files kernel -- -name '*.c' | sed 's/c$/o/')
if [ ${#objects[@]} -gt 0 ]; then
	status=0
	what=$("$repo/configs/build.sh" lint prepare scripts/ 2>&1) || status=1
	report $status 'lint kernel is prepared' "$(tail -5 <<<"$what")"
	if missing sparse; then
		skip 'sparse and W=1' 'sparse is not installed'
	else
		for o in "${objects[@]}"; do
			rm -f "$out/$o"
		done
		status=0
		what=$(VERBOSE=1 "$repo/configs/build.sh" lint W=1 C=2 "${objects[@]}" 2>&1) || status=1
		report $status 'our kernel code compiles with W=1' "$(grep -E 'error|warning' <<<"$what" | head -30 || tail -5 <<<"$what")"
		for o in "${objects[@]}"; do
			# ignore warnings in the kernel's own headers
			empty "sparse and W=1 ${o%o}c" "$(grep -E "(^|/)${o%.o}\.c:[0-9].*(error|warning)" <<<"$what" || :)"
		done
		empty 'sparse and W=1, our headers' "$(grep -E '(utrace[^/]*|internal)\.h:[0-9].*(error|warning)' <<<"$what" | sort -u || :)"
	fi

	# A file that includes only the public header must compile
	rm -rf "$out/alone"
	mkdir -p "$out/alone"
	echo '# SPDX-License-Identifier: GPL-2.0-only' >"$out/alone/Kbuild"
	while read -r h; do
		c=alone_$(tr '/.' '__' <<<"${h#include/}").c
		printf '// SPDX-License-Identifier: GPL-2.0-only\n#include <%s>\n' "${h#include/}" >"$out/alone/$c"
		status=0
		what=$(make -s -C "$out" M="$out/alone" ARCH=x86_64 KBUILD_MODPOST_WARN=1 W=1 "${c%c}o" 2>&1 |
			grep -E '(error|warning):|\*\*\*' || :)
		if [ -n "$what" ] || [ ! -f "$out/alone/${c%c}o" ]; then
			status=1
		fi
		report $status "$h compiles alone" "$what"
	done < <(files include/linux -- -name '*.h')

	while read -r f; do
		what=$(perl "$scripts/kernel-doc" -none -Werror "$f" 2>&1 || echo "exit status $?")
		empty "kernel-doc $f" "$what"
	done < <(files include kernel -- -name '*.[ch]')
fi

# Each public symbol must be documented
if [ -f include/linux/utrace.h ]; then
	documented=$(files include kernel -- -name '*.[ch]' | xargs sed -n \
		's/^ \* \(struct \|enum \)\{0,1\}\([A-Za-z_0-9]*\)\((.*)\)\{0,1\} - .*/\2/p' | LC_ALL=C sort -u)
	exported=$(files kernel -- -name '*.c' | xargs -r sed -n 's/^EXPORT_SYMBOL_GPL(\([a-z_].*\));/\1/p' | LC_ALL=C sort -u)
	empty 'each exported symbol has kernel-doc' "$(LC_ALL=C comm -13 <(echo "$documented") <(echo "$exported"))"
fi

# Scripts
if missing shellcheck; then
	skip shellcheck 'shellcheck is not installed'
else
	while read -r f; do
		empty "shellcheck $f" "$(shellcheck -x -f gcc "$f" 2>&1 || :)"
	done < <(files .ci configs patches samples systemtap tests bench -- |
		xargs -d '\n' grep -lE '^#!.*[ /](ba)?sh|^# shellcheck shell=' -m1)
fi

# Licence
while read -r f; do
	head -3 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0' || echo "$f"
done < <(files Makefile README.md .gitignore .ci include kernel samples systemtap tests Documentation bench configs -- \
	! -name '*.tap' ! -name '*.expected' ! -name '*.txt.in' ! -name '*.patch') >"$build/.spdx" || :
empty 'each file has an SPDX line' "$(cat "$build/.spdx")"
rm -f "$build/.spdx"

tap_end
