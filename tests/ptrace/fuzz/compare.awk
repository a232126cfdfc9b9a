# SPDX-License-Identifier: GPL-2.0-only
# awk -f compare.awk: "NAME differs" for the sequences of which a transcript of ours
# did not come out on vanilla, "NAME varies" where a kernel gave several.
# Files: -v theirs=LIST -v ours=LIST (separated by spaces).
function finish() {
	if (name == "")
		return
	names[name] = 1
	if (!((side, name, text) in seen)) {
		seen[side, name, text] = 1
		n[side, name]++
		texts[side, name, n[side, name]] = text
	}
}
function read_all(list, as,	files, i, count, line) {
	side = as
	count = split(list, files, " ")
	for (i = 1; i <= count; i++) {
		name = text = ""
		while ((getline line < files[i]) > 0) {
			if (line ~ /^# seq /) {
				finish()
				name = substr(line, 7)
				text = ""
			} else {
				text = text line "\n"
			}
		}
		finish()
		close(files[i])
	}
}
BEGIN {
	read_all(theirs, "theirs")
	read_all(ours, "ours")
	for (name in names) {
		strange = !n["ours", name]
		for (i = 1; i <= n["ours", name]; i++)
			if (!(("theirs", name, texts["ours", name, i]) in seen))
				strange = 1
		if (strange)
			print name, "differs"
		else if (n["ours", name] > 1 || n["theirs", name] > 1)
			print name, "varies"
	}
}
