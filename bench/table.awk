# SPDX-License-Identifier: GPL-2.0-only
# Two files of "<operation> <instructions>" lines, vanilla's first, each
# operation once a run: the table.  Exit status 1 if a ratio is above its limit.

NF != 2 || $2 !~ /^[0-9.]+$/ { next }
FNR == 1 { file++ }
{
	at = file SUBSEP $1
	if (!($1 in known)) {
		known[$1] = 1
		order[++count] = $1
	}
	if (!(at in least) || $2 < least[at])
		least[at] = $2
	if (!(at in most) || $2 > most[at])
		most[at] = $2
}

function unstable(at) {
	return most[at] > least[at] * 1.001
}

function line(name,    v, u, ratio, limit, verdict) {
	v = file_value(1, name)
	u = file_value(2, name)
	if (name ~ /^engine-/ && u && !v) {
		alone(name, u)
		return
	}
	if (!v || !u) {
		print "bench: " name ": not measured on both kernels" >"/dev/stderr"
		bad = 1
		return
	}
	ratio = u / v
	limit = name ~ /^ptrace-/ ? 1.05 : 1.005
	if (name ~ /^systemtap-/)
		limit = 0.5
	if (name ~ /-(observed|unprobed)$/)
		limit = 1
	verdict = ratio > limit || costs(name, u) ? "above" : "within"
	if (verdict == "above")
		bad = 1
	if (unstable(1 SUBSEP name) || unstable(2 SUBSEP name))
		verdict = verdict " unstable"
	if (format == "json") {
		printf "%s\n  {\"operation\": \"%s\", \"vanilla\": %.3f, \"utrace\": %.3f, \"ratio\": %.4f, \"limit\": %s, \"verdict\": \"%s\"}",
			lines++ ? "," : "[", name, v, u, ratio, limit, verdict
	} else if (format == "tsv") {
		printf "%s\t%.3f\t%.3f\t%.4f\t%s\t%s\n", name, v, u, ratio, limit, verdict
	} else {
		printf "%-30s %12.1f %12.1f %8.4f %6s  %s\n", name, v, u, ratio, limit, verdict
	}
}

# A task that no probe matches is to cost what it costs without a session
function costs(name, u,    free) {
	free = file_value(2, "getppid")
	return name == "systemtap-unprobed" && free && u > free * 1.005
}

# What only our kernel has; a limit for some
function alone(name, u,    limit, verdict) {
	limit = name == "engine-bytes" ? 512 : "-"
	verdict = limit == "-" ? "" : u > limit ? "above" : "within"
	if (verdict == "above")
		bad = 1
	if (unstable(2 SUBSEP name))
		verdict = verdict " unstable"
	if (format == "json") {
		printf "%s\n  {\"operation\": \"%s\", \"utrace\": %.3f, \"limit\": %s, \"verdict\": \"%s\"}",
			lines++ ? "," : "[", name, u, limit == "-" ? "null" : limit, verdict
	} else if (format == "tsv") {
		printf "%s\t-\t%.3f\t-\t%s\t%s\n", name, u, limit, verdict
	} else {
		printf "%-30s %12s %12.1f %8s %6s  %s\n", name, "-", u, "-", limit, verdict
	}
}

function file_value(file, name) {
	return least[file SUBSEP name] + 0
}

END {
	if (format == "tsv")
		print "operation\tvanilla\tutrace\tratio\tlimit\tverdict"
	else if (format == "text")
		printf "%-30s %12s %12s %8s %6s\n", "operation", "vanilla", "utrace", "ratio", "limit"
	for (i = 1; i <= count; i++)
		line(order[i])
	if (format == "json")
		print lines ? "\n]" : "[]"
	exit bad || !count
}
