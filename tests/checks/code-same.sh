#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# With CONFIG_UTRACE=n the compiled code must be the same as vanilla's.
set -euo pipefail

usage() {
	cat <<'END'
Usage: tests/checks/code-same.sh [OBJECT...]

TAP: compares the disassembly of each object of $BUILDDIR/off in kernel/ fs/ mm/
security/ arch/x86/ (or of each OBJECT) with that of $BUILDDIR/vanilla and prints
the functions that differ.  Build both first.  For off the objects suffice:
tests/check.sh kernel-off builds those with hooks, which hooked.sh prints,
tests/check.sh --stress kernel-off-all builds all in these directories.
END
}

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${BUILDDIR:-$repo/build}

# Print the disassembly as lines "function<TAB>instruction or relocation", without
# addresses (the target of a jump is <function+offset>), and without the numbers
# that gcc appends to local symbols of the same name.
code() {
	objdump -dr --no-show-raw-insn -w "$1" | awk '
		/^Disassembly of section / { section = $4; next }
		/^[0-9a-f]+ <.*>:$/ { fn = section " " $2; next }
		/^ *[0-9a-f]+:\t/ {
			sub(/^ *[0-9a-f]+:\t/, "")
			# "call 12 <f+0x12>  <reloc>": drop the address, the target is in <>
			$0 = gensub_target($0)
			gsub(/[ \t]+/, " ")
			print fn "\t" $0
		}
		function gensub_target(s) {
			if (match(s, /[0-9a-f]+ </))
				s = substr(s, 1, RSTART - 1) substr(s, RSTART + RLENGTH - 1)
			# relocation: "\t1c: R_X86_64_PLT32\tf-0x4" on the same line (-w)
			gsub(/\t[0-9a-f]+: R_/, " R_", s)
			return s
		}' | sed -E 's/([A-Za-z_])\.[0-9]+([^0-9a-zA-Z]|$)/\1.N\2/g'
}

# compare A B: print the functions that differ in two objects, or nothing
compare() {
	local a b
	a=$(code "$1"; echo end)
	b=$(code "$2"; echo end)
	[ "$a" != "$b" ] || return 0
	diff <(echo "$a") <(echo "$b") | sed -n 's/^[<>] \([^\t]*\)\t.*/\1/p' | sort -u | tr '\n' ' ' || :
	diff <(echo "$a") <(echo "$b") | sed -n '/^[<>]/{s/\t/  /;p}' | head -6 | sed 's/^/\n  /' | tr -d '\n' | sed 's/  [<>]/\n&/g' || :
}

case ${1:-} in
-h | --help) usage; exit 0 ;;
--compare) # one object, for xargs below
	what=$(compare "$build/vanilla/$2" "$build/off/$2")
	[ -z "$what" ] || printf '%s: %s\n' "$2" "$what"
	exit 0
	;;
esac
# shellcheck source=tests/checks/tap.sh
. "$repo/tests/checks/tap.sh"

dirs=(kernel fs mm security arch/x86)
objects() {
	(cd "$1" && find "${dirs[@]}" -name '*.o' ! -name '*.mod.o' ! -name '.*' \
		! -path 'arch/x86/boot/*' ! -path 'arch/x86/tools/*' ! -path 'arch/x86/realmode/*' \
		! -path 'arch/x86/purgatory/*' | LC_ALL=C sort)
}

echo 'TAP version 13'

# Does the comparison detect a changed instruction?
tmp=$build/.code-same
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp"
printf 'int g(int);\nint h(int x) { return x + 7; }\nint f(int x) { return g(x) + %d; }\n' 1 >"$tmp/a.c"
sed 's/+ 1;/+ 2;/' "$tmp/a.c" >"$tmp/b.c"
sed 's/return g/\n\n\nreturn g/' "$tmp/a.c" >"$tmp/c.c"
sed 's/g(/k(/g' "$tmp/a.c" >"$tmp/d.c"
for f in a b c d; do
	gcc -O2 -g -c "$tmp/$f.c" -o "$tmp/$f.o"
done
seen=$(compare "$tmp/a.o" "$tmp/b.o")
report "$(grep -q '<f>' <<<"$seen" && ! grep -q '<h>' <<<"$seen" && echo 0 || echo 1)" \
	'the comparison finds a changed instruction' "$seen"
report "$(grep -q '<f>' <<<"$(compare "$tmp/a.o" "$tmp/d.o")" && echo 0 || echo 1)" \
	'the comparison finds a call of another function'
empty 'the comparison ignores line numbers' "$(compare "$tmp/a.o" "$tmp/c.o")"

for variant in vanilla off; do
	if [ ! -d "$build/$variant/kernel" ]; then
		report 1 "$build/$variant is there" 'not built: tests/check.sh kernel-vanilla kernel-off'
		tap_end
	fi
done
if [ $# -gt 0 ]; then
	list=$(printf '%s\n' "$@")
else
	list=$(objects "$build/off")
	empty 'vanilla has each object' \
		"$(LC_ALL=C comm -23 <(echo "$list") <(objects "$build/vanilla"))"
	list=$(LC_ALL=C comm -12 <(echo "$list") <(objects "$build/vanilla"))
fi
export BUILDDIR=$build
differs=$(xargs -P "$(nproc)" -n 1 "$0" --compare <<<"$list")
count=$(wc -l <<<"$list")
report "$([ "$count" -ge $(($# > 0 ? $# : 100)) ] && echo 0 || echo 1)" "$count objects compared"
for dir in "${dirs[@]}"; do
	empty "$dir: the code is vanilla's" "$(awk -v d="$dir/" '/^[a-z].*\.o: / { p = index($0, d) == 1 } p' <<<"$differs")"
done
tap_end
