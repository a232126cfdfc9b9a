// SPDX-License-Identifier: GPL-2.0-only
/* Sequences as text: one line for the setting, one for each step. */
#include "../rig.h"
#include "fuzz.h"

enum { OUTER, INNER };

#define OP_ROW(name, where, kind) { #name, where, kind },
static const struct {
	const char *name;
	int where;
	char kind;
} ops[] = { OPS(OP_ROW) };

static const char *const targets[] = {
	"T", "P", "A", "B", "c1", "c2", "c3", "c4", "any", "group",
};

static const char *const seconds[] = { "none", "thread", "process" };

void setting_text(const struct setting *set, char *buf, size_t size)
{
	snprintf(buf, size, "setting parent=%s second=%s sigcont=%s",
		 set->parent_traces ? "T" : "P", seconds[set->second],
		 set->cont_handler ? "handler" : "default");
}

void step_text(const struct step *step, char *buf, size_t size)
{
	int n = snprintf(buf, size, "%s %s", targets[step->actor], ops[step->op].name);

	if (step->target != AT_NONE)
		n += snprintf(buf + n, size - n, " %s", targets[step->target]);
	switch (ops[step->op].kind) {
	case 's':
		snprintf(buf + n, size - n, " %s", signame(step->arg));
		break;
	case 'x':
		snprintf(buf + n, size - n, " %#lx", step->arg);
		break;
	case 'd':
		snprintf(buf + n, size - n, " %ld", step->arg);
		break;
	}
}

void print_sequence(const struct sequence *seq)
{
	char line[96];
	int i;

	printf("# seq %s\n", seq->name);
	setting_text(&seq->setting, line, sizeof(line));
	puts(line);
	for (i = 0; i < seq->n; i++) {
		step_text(&seq->steps[i], line, sizeof(line));
		puts(line);
	}
}

static int find(const char *word, const char *const *list, int n)
{
	while (n-- > 0)
		if (!strcmp(word, list[n]))
			return n;
	return -1;
}

static int find_op(const char *word)
{
	int i;

	for (i = 0; i < N_OPS; i++)
		if (!strcmp(word, ops[i].name))
			return i;
	return -1;
}

static bool parse_arg(char kind, const char *word, long *arg)
{
	char *end;
	int sig;

	if (kind == 's' && !strncmp(word, "SIG", 3)) {
		for (sig = 1; sig < 256; sig++) {
			if (!strcmp(word, signame(sig))) {
				*arg = sig;
				return true;
			}
		}
		return false;
	}
	*arg = strtol(word, &end, 0);
	return end != word && !*end;
}

static bool parse_setting(char *line, struct setting *set)
{
	char parent[8], second[16], cont[16];
	int n;

	if (sscanf(line, "setting parent=%7s second=%15s sigcont=%15s", parent, second,
		   cont) != 3)
		return false;
	n = find(second, seconds, SECONDS);
	*set = (struct setting){ *parent == 'T', n, !strcmp(cont, "handler") };
	return n >= 0;
}

static bool parse_step(char *line, struct step *step)
{
	char *word[4] = {};
	int n = 0, used = 2;
	bool outer;

	for (char *w = strtok(line, " \t\n"); w && n < 4; w = strtok(NULL, " \t\n"))
		word[n++] = w;
	if (n < 2)
		return false;
	*step = (struct step){ .actor = find(word[0], targets, ROLES), .op = find_op(word[1]),
			       .target = AT_NONE };
	if (step->actor < 0 || step->op < 0)
		return false;
	outer = step->actor < ROLE_A;
	if (ops[step->op].where != (outer ? OUTER : INNER))
		return false;
	if (outer && step->op != OP_end) {
		step->target = n > 2 ? find(word[2], targets, AT_GROUP + 1) : -1;
		if (step->target < 0)
			return false;
		used++;
	}
	if (ops[step->op].kind)
		return n > used && parse_arg(ops[step->op].kind, word[used], &step->arg);
	return n == used;
}

static void take_name(const char *header, struct sequence *seq)
{
	if (sscanf(header, "# seq %47s", seq->name) != 1)
		strcpy(seq->name, "-");
}

int read_sequence(void *file, struct sequence *seq)
{
	static char next[128];	/* a header that ended the sequence before */
	char line[128], copy[128];
	bool begun = *next;

	memset(seq, 0, sizeof(*seq));
	strcpy(seq->name, "-");
	if (begun)
		take_name(next, seq);
	*next = 0;
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "# seq ", 6)) {
			if (begun) {
				strcpy(next, line);
				return 1;
			}
			begun = true;
			take_name(line, seq);
			continue;
		}
		if (*line == '#' || *line == '\n')
			continue;
		begun = true;
		strcpy(copy, line);
		if (!strncmp(line, "setting ", 8) ? parse_setting(line, &seq->setting) :
		    seq->n < MAX_STEPS && parse_step(line, &seq->steps[seq->n++]))
			continue;
		fprintf(stderr, "fuzz: sequence %s: this is no step: %s", seq->name, copy);
		return -1;
	}
	return begun;
}
