// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a seed to a sequence.  Steps that make no sense are worth having, but if
 * most were, nothing would happen: what comes next depends on what came last.
 */
#include "../rig.h"
#include "fuzz.h"

static uint64_t state;

static uint32_t random_32(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z >> 32;
}

static int below(int n)
{
	return random_32() % n;
}

static bool chance(int percent)
{
	return below(100) < percent;
}

#define PICK(array) (array)[below(sizeof(array) / sizeof(*(array)))]

static int some_signal(void)
{
	static const int sigs[] = {
		SIGUSR1, SIGUSR1, SIGUSR1, SIGUSR2, SIGUSR2, 34, SIGINT, SIGWINCH, SIGSTOP,
		SIGSTOP, SIGSTOP, SIGTSTP, SIGTTIN, SIGCONT, SIGCONT, SIGCONT, SIGTRAP,
		SIGCHLD, SIGTERM, SIGKILL, SIGSEGV,
	};

	return PICK(sigs);
}

/* What a resumed task is given: mostly nothing */
static int resume_signal(void)
{
	return chance(55) ? 0 : chance(3) ? 200 : some_signal();
}

static long some_options(void)
{
	long options = random_32() & 0x7f;	/* TRACESYSGOOD and the events */

	if (chance(30))
		options |= PTRACE_O_EXITKILL;
	if (chance(40))
		options &= ~PTRACE_O_TRACEEXIT;
	return chance(4) ? options | 0x10000 : options;
}

/* The tracee is the target of most, what it forked and B of some */
static int some_target(const struct sequence *seq)
{
	if (chance(70))
		return ROLE_A;
	if (seq->setting.second && chance(60))
		return ROLE_B;
	return chance(90) ? AT_FIRST + below(2) : below(AT_LAST + 1);
}

static long wait_options(bool id)
{
	long options = chance(95) ? WNOHANG : 0;

	options |= chance(70) ? __WALL : chance(10) ? __WCLONE : 0;
	if (chance(30))
		options |= WUNTRACED;
	if (chance(30))
		options |= WCONTINUED;
	if (chance(8))
		options |= __WNOTHREAD;
	if (id)
		options |= chance(90) ? WEXITED : 0;
	if (id && chance(25))
		options |= WNOWAIT;
	return options;
}

static struct step wait_step(const struct sequence *seq, int actor)
{
	struct step step = { actor, chance(75) ? OP_wait : OP_waitid };

	step.target = chance(60) ? AT_ANY : chance(10) ? AT_GROUP : some_target(seq);
	step.arg = wait_options(step.op == OP_waitid);
	return step;
}

static struct step resume_step(const struct sequence *seq, int actor)
{
	static const int resumes[] = {
		OP_cont, OP_cont, OP_cont, OP_cont, OP_syscall, OP_syscall, OP_syscall,
		OP_step, OP_step, OP_listen, OP_listen, OP_sysemu, OP_sysemu_step,
		OP_block_step, OP_detach, OP_pt_kill,
	};
	struct step step = { actor, PICK(resumes), some_target(seq) };

	if (step.op != OP_listen && step.op != OP_pt_kill)
		step.arg = resume_signal();
	return step;
}

static struct step hold_step(const struct sequence *seq, int actor)
{
	struct step step = { actor, chance(35) ? OP_attach : OP_seize, some_target(seq) };

	if (step.op == OP_seize)
		step.arg = some_options();
	return step;
}

/* What a tracer asks while its tracee stands */
static struct step ask_step(const struct sequence *seq, int actor)
{
	static const int asks[] = {
		OP_options, OP_options, OP_event_msg, OP_event_msg, OP_get_info, OP_get_info,
		OP_set_info, OP_call_info, OP_call_info, OP_peek_user, OP_poke_call,
		OP_get_mask, OP_set_mask, OP_peek_info,
	};
	struct step step = { actor, PICK(asks), some_target(seq) };

	switch (step.op) {
	case OP_options:
		step.arg = some_options();
		break;
	case OP_set_info:
	case OP_set_mask:
		step.arg = some_signal();
		break;
	case OP_peek_user:
		step.arg = below(3);
		break;
	case OP_poke_call:
	case OP_peek_info:
		step.arg = below(2);
	}
	return step;
}

static struct step signal_step(const struct sequence *seq)
{
	struct step step = { chance(50) ? ROLE_P : ROLE_T, chance(70) ? OP_kill : OP_tgkill };

	step.target = some_target(seq);
	/* the actors that are no tracees only wait for their end */
	if (step.target < ROLE_A)
		step.target = ROLE_A;
	if (step.op == OP_kill && chance(8))
		step.target = AT_GROUP;
	step.arg = some_signal();
	return step;
}

static struct step inner_one(const struct sequence *seq)
{
	static const int inner[] = {
		OP_getpid, OP_getpid, OP_raise, OP_raise, OP_block, OP_block, OP_unblock,
		OP_fork, OP_fork, OP_fork, OP_vfork, OP_thread, OP_thread, OP_exec, OP_exit,
		OP_exit_group, OP_pause, OP_nap, OP_int3, OP_stop, OP_stop, OP_traceme,
		OP_segv, OP_reap,
	};
	struct step step = { seq->setting.second && chance(35) ? ROLE_B : ROLE_A, PICK(inner),
			     AT_NONE };

	switch (step.op) {
	case OP_raise:
	case OP_block:
	case OP_unblock:
		step.arg = some_signal();
		break;
	case OP_fork:
		step.arg = below(16);
		break;
	case OP_vfork:
	case OP_thread:
		step.arg = below(2);
		break;
	case OP_exit:
	case OP_exit_group:
		step.arg = below(4);
	}
	return step;
}

static struct step next_step(const struct sequence *seq, const struct step *last)
{
	const int other = chance(8) ? ROLE_P : ROLE_T;

	if (last && last->op == OP_wait && chance(60))
		return chance(35) ? ask_step(seq, other) : resume_step(seq, other);
	if (last && last->actor == ROLE_T && last->op == OP_attach && chance(80))
		return wait_step(seq, ROLE_T);
	if (last && last->op == OP_seize && chance(30))
		return (struct step){ last->actor, OP_interrupt, last->target };
	if (last && last->op != OP_wait && chance(35))
		return wait_step(seq, other);
	switch (below(10)) {
	case 0:
		return hold_step(seq, other);
	case 1:
	case 2:
		return chance(93) ? resume_step(seq, other) :
		       (struct step){ ROLE_T, OP_end, AT_NONE, 3 };
	case 3:
		return (struct step){ other, OP_interrupt, some_target(seq) };
	case 4:
		return ask_step(seq, other);
	case 5:
		return wait_step(seq, chance(50) ? ROLE_P : ROLE_T);
	case 6:
	case 7:
		return signal_step(seq);
	}
	return chance(97) ? inner_one(seq) : (struct step){ ROLE_P, OP_end, AT_NONE, 2 };
}

/*
 * Known to differ, and meant: a step armed when the tracer ends without DETACH
 * leaves no trap behind (step_tracer_exit.differs).
 */
static bool is_step(const struct step *step)
{
	return step->op == OP_step || step->op == OP_block_step || step->op == OP_sysemu_step;
}

static bool unwanted(const struct sequence *seq, const struct step *step)
{
	int i;

	for (i = 0; i < seq->n; i++) {
		if (is_step(&seq->steps[i]) && step->op == OP_end)
			return true;
		if (seq->steps[i].op == OP_end && is_step(step))
			return true;
	}
	return false;
}

void generate(uint64_t seed, struct sequence *seq)
{
	struct step step;
	int length;

	state = seed * 0x2545f4914f6cdd1d + 1;
	memset(seq, 0, sizeof(*seq));
	snprintf(seq->name, sizeof(seq->name), "%llu", (unsigned long long)seed);
	seq->setting = (struct setting){ chance(40), below(SECONDS), chance(30) };
	length = 6 + below(13);
	if (chance(60))
		seq->steps[seq->n++] = hold_step(seq, ROLE_T);
	else if (seq->setting.parent_traces && chance(50))
		seq->steps[seq->n++] = (struct step){ ROLE_A, OP_traceme, AT_NONE };
	while (seq->n < length) {
		step = next_step(seq, seq->n ? &seq->steps[seq->n - 1] : NULL);
		if (!unwanted(seq, &step))
			seq->steps[seq->n++] = step;
	}
}
