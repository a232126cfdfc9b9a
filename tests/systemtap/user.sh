#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# User-space probes: functions, statements, marks, stacks, steps.
# shellcheck disable=SC2317,SC2154 # functions are called through ok; from lib.sh
set -u
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

for kind in '' 32; do
	ok "functions$kind: entry, return, statement, mark" says "functions$kind" "$target$kind functions 1000" <<'END'
entry 1000 499500
return 1000 1003000
statement 1000 1003000
mark 1000 499500
four
END
done

ok 'who called' session stack "$target functions 3"
ok 'has nothing to complain about' silent stack 0
ok 'by name, innermost first' is names "$(head -n 5 "$tmp/stack.out" | xargs)" 'inner inner middle outer main'
ok 'with offsets' is 'the brief stack' "$(sed -n '6,9s/+0x.*//p' "$tmp/stack.out" | xargs)" 'inner middle outer main'

ok 'each instruction' says steps "$built/steps" < <("$built/stepper" "$built/steps")
ok 'each block, as the machine has it' says blocks "$built/steps" < <("$built/stepper" blocks "$built/steps")
ok 'nothing is left' clean
finish
