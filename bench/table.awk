# SPDX-License-Identifier: GPL-2.0-only
# Print a table for each preemption model.  The input is model=NAME and two files for each
# model, vanilla's first, with lines of "<operation> <instructions>".  An operation has a
# line for each run.  Exit status 1 if a result is above its limit or is missing.

FNR == 1 {
	if (!(model in sides))
		models[++model_count] = model
	side = ++sides[model]
}
NF != 2 || $2 !~ /^[0-9.]+$/ { next }
{
	at = model SUBSEP side SUBSEP $1
	if (!($1 in known)) {
		known[$1] = 1
		order[++count] = $1
	}
	if (!(at in least) || $2 < least[at])
		least[at] = $2
	if (!(at in most) || $2 > most[at])
		most[at] = $2
}

# Return the minimum of the runs.  @side: 1 is vanilla, 2 is utrace; @m: the model
function value(m, side, name) {
	return least[m SUBSEP side SUBSEP name] + 0
}

function unstable(m, side, name,    at) {
	at = m SUBSEP side SUBSEP name
	return most[at] > least[at] * 1.001
}

function line(m, name,    v, u, ratio, limit, verdict) {
	v = value(m, 1, name)
	u = value(m, 2, name)
	if (name ~ /^engine-/ && u && !v) {
		alone(m, name, u)
		return
	}
	if (!v || !u) {
		print "bench: " name ": not measured on both kernels (" m " preemption)" >"/dev/stderr"
		bad = 1
		return
	}
	ratio = u / v
	limit = name ~ /^ptrace-/ ? 1.05 : 1.005
	if (name ~ /^systemtap-/)
		limit = 0.5
	if (name ~ /-(observed|unprobed)$/)
		limit = 1
	verdict = ratio > limit || costs(m, name, u) ? "above" : "within"
	if (verdict == "above")
		bad = 1
	if (unstable(m, 1, name) || unstable(m, 2, name))
		verdict = verdict " unstable"
	if (format == "json") {
		printf "%s\n  {\"preemption\": \"%s\", \"operation\": \"%s\", \"vanilla\": %.3f, \"utrace\": %.3f, \"ratio\": %.4f, \"limit\": %s, \"verdict\": \"%s\"}",
			lines++ ? "," : "[", m, name, v, u, ratio, limit, verdict
	} else if (format == "tsv") {
		printf "%s\t%.3f\t%.3f\t%.4f\t%s\t%s\t%s\n", name, v, u, ratio, limit, verdict, m
	} else {
		printf "%-30s %12.1f %12.1f %8.4f %6s  %s\n", name, v, u, ratio, limit, verdict
	}
}

# A task that no probe matches must cost the same with and without a session
function costs(m, name, u,    free) {
	free = value(m, 2, "getppid")
	return name == "systemtap-unprobed" && free && u > free * 1.005
}

# Print a line for an operation that only utrace has.  engine-bytes has a limit.
function alone(m, name, u,    limit, verdict) {
	limit = name == "engine-bytes" ? 512 : "-"
	verdict = limit == "-" ? "" : u > limit ? "above" : "within"
	if (verdict == "above")
		bad = 1
	if (unstable(m, 2, name))
		verdict = verdict " unstable"
	if (format == "json") {
		printf "%s\n  {\"preemption\": \"%s\", \"operation\": \"%s\", \"utrace\": %.3f, \"limit\": %s, \"verdict\": \"%s\"}",
			lines++ ? "," : "[", m, name, u, limit == "-" ? "null" : limit, verdict
	} else if (format == "tsv") {
		printf "%s\t-\t%.3f\t-\t%s\t%s\t%s\n", name, u, limit, verdict, m
	} else {
		printf "%-30s %12s %12.1f %8s %6s  %s\n", name, "-", u, "-", limit, verdict
	}
}

END {
	if (format == "tsv")
		print "operation\tvanilla\tutrace\tratio\tlimit\tverdict\tpreemption"
	for (k = 1; k <= model_count; k++) {
		if (format == "text")
			printf "%s%-30s %12s %12s %8s %6s\n", (k > 1 ? "\n" : ""),
				models[k] " preemption", "vanilla", "utrace", "ratio", "limit"
		for (i = 1; i <= count; i++)
			line(models[k], order[i])
	}
	if (format == "json")
		print lines ? "\n]" : "[]"
	exit bad || !count
}
