# SPDX-License-Identifier: GPL-2.0-only
# Shorter sequences than those of the input: each with every run of steps left
# out, and some with two runs left out.  The name says which: NAME/FROM-LENGTH.
function emit(tag, skip1, len1, skip2, len2,	i) {
	print "# seq " base "/" tag
	print setting
	for (i = 1; i <= n; i++)
		if (!(i >= skip1 && i < skip1 + len1) && !(i >= skip2 && i < skip2 + len2))
			print step[i]
}
function shorter(	from, len, second) {
	for (len = n - 1; len > 0; len--)
		for (from = 1; from + len - 1 <= n; from++)
			emit(from "-" len, from, len, 0, 0)
	for (from = 1; from < n; from++)
		for (second = from + 2; second <= n; second++)
			emit(from "+" second, from, 1, second, 1)
}
function finish() {
	if (name == "")
		return
	base = name
	sub(/\/.*/, "", base)
	shorter()
}
/^# seq / { finish(); name = $3; n = 0; next }
/^setting / { setting = $0; next }
NF { step[++n] = $0 }
END { finish() }
