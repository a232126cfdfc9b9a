// SPDX-License-Identifier: GPL-2.0-only
/* Generate sequences from seeds. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

static uint64_t state;

static uint64_t roll(void)
{
	state += 0x9e3779b97f4a7c15ULL;
	return mix(state);
}

static unsigned int below(unsigned int n)
{
	return (roll() >> 20) % n;
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

static void make_program(struct sequence *seq, struct program *p)
{
	p->seed = roll();
	p->bits = one_in(3) ? 32 : 64;
	p->threads = 1 + below(MAX_THREADS);
	p->filter = one_in(4);
	p->init = (shows(FAULT_init_signal) || shows(FAULT_init_step)) && one_in(3);
	if (p->init)
		p->threads = 1;
}

static uint64_t make_profile(struct sequence *seq)
{
	static const unsigned int parts[] = {
		UF_STOP, UF_STOP, UF_STEP, UF_AGAIN, UF_AGAIN, UF_DETACH_SELF, UF_HOLD,
		UF_SIGNALS, UF_CALLS, UF_REGS, UF_EXIT, UF_FOLLOW, UF_FOLLOW, UF_MEDDLE, UF_SLOW,
	};
	uint64_t profile = 0;
	int n = below(6);

	if (one_in(8))
		return UF_NO_SIGNAL;
	while (n--)
		profile |= parts[below(sizeof(parts) / sizeof(parts[0]))];
	if (seq->lethal && one_in(2))
		profile |= UF_LETHAL;
	if (seq->wrong && !one_in(3))
		profile |= UF_WRONG;
	if (shows(FAULT_left_trap))
		profile |= UF_LEAVE;
	if (shows(FAULT_hold_loop) && one_in(6))
		profile |= UF_LOOP;
	return profile;
}

static uint64_t make_mask(void)
{
	uint64_t mask = roll() & EVENTS_MASK;

	switch (below(4)) {
	case 0:
		mask &= roll();
		break;
	case 1:
		mask |= roll() & EVENTS_MASK;
		break;
	case 2:
		mask = EVENTS_MASK;
		break;
	}
	if (!shows(FAULT_seccomp_watch))
		mask &= ~(1ULL << _UTRACE_EVENT_SECCOMP);
	return mask;
}

/* RESUME is frequent because it ends what the others request. */
static int make_action(void)
{
	static const int actions[] = {
		UTRACE_STOP, UTRACE_STOP, UTRACE_INTERRUPT, UTRACE_REPORT, UTRACE_SINGLESTEP,
		UTRACE_BLOCKSTEP, UTRACE_RESUME, UTRACE_RESUME, UTRACE_RESUME,
	};

	return actions[below(sizeof(actions) / sizeof(actions[0]))];
}

static void make_control_op(struct sequence *seq, struct op *op)
{
	static const int kinds[] = {
		OP_attach, OP_attach, OP_attach, OP_attach, OP_attach, OP_detach, OP_detach,
		OP_control, OP_control, OP_control, OP_control, OP_control, OP_events,
		OP_events, OP_barrier, OP_examine, OP_examine, OP_pause, OP_pause,
	};

	op->kind = kinds[below(sizeof(kinds) / sizeof(kinds[0]))];
	op->slot = below(UF_SLOTS);
	switch (op->kind) {
	case OP_attach:
		op->a = make_mask();
		op->b = make_profile(seq);
		/* the SIGTRAP of a step clears SIGNAL_UNKILLABLE of an init */
		if (seq->program[op->target].init && !shows(FAULT_init_step))
			op->b &= ~(uint64_t)UF_STEP;
		break;
	case OP_control:
		op->a = make_action();
		break;
	case OP_events:
		op->a = make_mask();
		break;
	case OP_pause:
		op->a = below(4000);
		break;
	}
}

static int make_signal(void)
{
	static const int signals[] = {
		SIGUSR2, SIGUSR2, SIGUSR2, SIGURG, SIGWINCH, SIGSTOP, SIGTSTP, SIGTTIN,
		SIGCONT, SIGCONT, SIGCONT,
	};

	return signals[below(sizeof(signals) / sizeof(signals[0]))];
}

static void make_disturbance(struct sequence *seq, struct op *op)
{
	static const int kinds[] = {
		OP_kill, OP_kill, OP_kill, OP_kill, OP_kill, OP_tgkill, OP_tgkill, OP_freeze,
		OP_thaw, OP_thaw, OP_probe, OP_unprobe, OP_rest, OP_rest, OP_rest, OP_finish,
		OP_sigkill,
	};

	op->kind = kinds[below(sizeof(kinds) / sizeof(kinds[0]))];
	if ((op->kind == OP_finish || op->kind == OP_sigkill) && !one_in(3))
		op->kind = OP_kill;
	switch (op->kind) {
	case OP_kill:
	case OP_tgkill:
		op->a = make_signal();
		op->b = one_in(2);	/* to the process group */
		break;
	case OP_probe:
		op->slot = shows(FAULT_probe_step) && one_in(2);
		break;
	case OP_rest:
		op->a = below(5000);
		break;
	}
}

static void make_tracer_op(struct sequence *seq, struct op *op)
{
	static const int kinds[] = {
		OP_seize, OP_seize, OP_seize, OP_pt_attach, OP_interrupt, OP_interrupt, OP_listen,
		OP_cont, OP_cont, OP_syscall, OP_syscall, OP_step, OP_pt_detach, OP_pt_detach,
		OP_end, OP_look, OP_look, OP_look, OP_forge,
	};

	op->kind = kinds[below(sizeof(kinds) / sizeof(kinds[0]))];
	/*
	 * On any kernel, if a tracer detaches while the SIGTRAP of a step is
	 * pending, that signal kills the program.  So does the SIGTRAP of an
	 * execve after PTRACE_ATTACH.
	 */
	if (seq->tracer_steps && (op->kind == OP_end || op->kind == OP_pt_detach))
		op->kind = OP_cont;
	if (!seq->tracer_steps && op->kind == OP_step)
		op->kind = OP_interrupt;
	if (!seq->tracer_steps && op->kind == OP_pt_attach)
		op->kind = OP_seize;
	if (op->kind == OP_forge && !shows(FAULT_forged_stop))
		op->kind = OP_look;
	if (op->kind == OP_look)
		op->a = below(4000);
	if (op->kind == OP_seize)
		op->a = roll() & 0x7f;	/* no TRACESECCOMP, EXITKILL */
	if (op->kind == OP_step)
		op->b = one_in(2);
	op->seed = roll();
}

static void make_op(struct sequence *seq, int phase, struct op *op)
{
	memset(op, 0, sizeof(*op));
	op->phase = phase;
	op->target = below(seq->programs);
	op->thread = below(seq->program[op->target].threads);
	op->seed = roll();
	op->actor = below(9);
	switch (op->actor) {
	case 0 ... 4:
		op->actor %= 3;
		make_control_op(seq, op);
		break;
	case 5 ... 6:
		op->actor = DISTURB;
		make_disturbance(seq, op);
		break;
	default:
		op->actor = TRACER;
		make_tracer_op(seq, op);
		break;
	}
}

/*
 * If any attach has UF_CALLS or UF_EXIT, the result of each program may be
 * changed: engines follow children, and slots are shared by the programs.
 */
static void mark_answered(struct sequence *seq)
{
	bool answered = false;
	int i;

	for (i = 0; i < seq->n; i++)
		if (seq->ops[i].kind == OP_attach && (seq->ops[i].b & (UF_CALLS | UF_EXIT)))
			answered = true;
	for (i = 0; i < seq->programs; i++)
		seq->program[i].answered = answered;
}

void generate(uint64_t seed, struct sequence *seq)
{
	bool no_tracer, one_cpu;
	int i, phase, n;

	memset(seq, 0, sizeof(*seq));
	state = mix(seed);
	seq->seed = seed;
	seq->wrong = opt.wrong;
	seq->lethal = one_in(10);
	seq->programs = 1 + below(MAX_TARGETS);
	one_cpu = one_in(4);
	no_tracer = one_in(3);
	for (i = 0; i < seq->programs; i++) {
		make_program(seq, &seq->program[i]);
		seq->program[i].one_cpu = one_cpu;
	}
	seq->phases = 1 + below(3);
	seq->ending = below(ENDINGS);
	seq->tracer_steps = one_in(2);
	for (phase = 1; phase <= seq->phases; phase++) {
		n = 8 + below(MAX_OPS / 3 - 8);
		while (n-- > 0) {
			make_op(seq, phase, &seq->ops[seq->n]);
			if (seq->ops[seq->n].actor == TRACER && no_tracer)
				continue;
			seq->n++;
		}
	}
	mark_answered(seq);
}

void op_text(const struct op *op, char *buf, size_t size)
{
	static const char *const names[] = {
#define OP_NAME(name, actor) #name,
		OPS(OP_NAME)
	};
	static const char *const actors[] = { "C0", "C1", "C2", "disturb", "tracer" };

	snprintf(buf, size, "%d %-7s %-9s program %d.%d slot %d a %#llx b %#llx seed %#llx",
		 op->phase, actors[op->actor], names[op->kind], op->target, op->thread,
		 op->slot, (unsigned long long)op->a, (unsigned long long)op->b,
		 (unsigned long long)op->seed);
}

void print_sequence(const struct sequence *seq, int ops)
{
	static const char *const endings[] = { "finish, attached", "finish, detached", "killed" };
	const struct program *p;
	char text[160];
	int i;

	printf("# seed %llu: %d phases, ending: %s%s%s\n",
	       (unsigned long long)seq->seed, seq->phases, endings[seq->ending],
	       seq->lethal ? ", lethal" : "", seq->wrong ? ", wrong" : "");
	for (i = 0; i < seq->programs; i++) {
		p = &seq->program[i];
		printf("# program %d: %d bits, %d threads%s%s%s%s\n", i, p->bits, p->threads,
		       p->one_cpu ? ", one cpu" : "", p->filter ? ", filter" : "",
		       p->init ? ", init" : "", p->answered ? ", answered" : "");
	}
	for (i = 0; i < seq->n && (ops < 0 || i < ops); i++) {
		op_text(&seq->ops[i], text, sizeof(text));
		printf("#  %3d: %s\n", i, text);
	}
}
