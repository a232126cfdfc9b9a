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

static int pick(const int *array, size_t size)
{
	return array[below(size / sizeof(*array))];
}

static int some_signal(void)
{
	static const int sigs[] = {
		SIGUSR1, SIGUSR1, SIGUSR1, SIGUSR2, SIGUSR2, 34, SIGINT, SIGWINCH, SIGSTOP,
		SIGSTOP, SIGSTOP, SIGTSTP, SIGTTIN, SIGCONT, SIGCONT, SIGCONT, SIGTRAP,
		SIGCHLD, SIGTERM, SIGKILL, SIGSEGV,
	};

	return pick(sigs, sizeof(sigs));
}

/* What a resumed task is given: mostly nothing */
static int resume_signal(void)
{
	return chance(55) ? 0 : chance(3) ? 200 : some_signal();
}

static long some_options(void)
{
	long options = random_32() & 0xff;	/* TRACESYSGOOD and the events */

	if (chance(30))
		options |= PTRACE_O_EXITKILL;
	if (chance(40))
		options &= ~PTRACE_O_TRACEEXIT;
	if (chance(6))
		options |= PTRACE_O_SUSPEND_SECCOMP;
	return chance(4) ? options | 0x10000 : options;
}

/* The tracee is the target of most, what it forked and B of some */
static int some_target(const struct sequence *seq)
{
	if (chance(82))
		return ROLE_A;
	if (seq->setting.second && chance(70))
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
	struct step step = { actor, pick(resumes, sizeof(resumes)), some_target(seq) };

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
		OP_poke_call, OP_poke_result, OP_poke_result, OP_get_mask, OP_set_mask,
		OP_peek_info,
	};
	struct step step = { actor, pick(asks, sizeof(asks)), some_target(seq) };

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
	case OP_poke_result:
		step.arg = below(6);
		break;
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
		OP_segv, OP_reap, OP_filter, OP_filter,
	};
	const int actor = seq->setting.second && chance(35) ? ROLE_B : ROLE_A;
	struct step step = { actor, pick(inner, sizeof(inner)), AT_NONE };

	switch (step.op) {
	case OP_raise:
	case OP_block:
	case OP_unblock:
		step.arg = some_signal();
		break;
	case OP_fork:
		step.arg = below(16);
		break;
	case OP_filter:
		step.arg = chance(60) ? 0 : below(5);
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

/* A guess, as the kernel is not asked: has A a tracer, does it stand? */
struct guess {
	bool traced, stands;
};

static void guess(struct guess *guess, const struct step *step)
{
	switch (step->op) {
	case OP_traceme:
	case OP_seize:
		guess->traced = true;
		break;
	case OP_attach:
		guess->traced = true;
		guess->stands = true;
		break;
	case OP_interrupt:
	case OP_kill:
	case OP_tgkill:
	case OP_raise:
	case OP_stop:
	case OP_int3:
	case OP_segv:
		guess->stands = guess->traced;
		break;
	case OP_cont:
	case OP_listen:
	case OP_detach:
		guess->stands = false;
		break;
	}
}

/* Nobody traces A: take hold of it, or see how it fares without */
static struct step free_step(const struct sequence *seq)
{
	if (chance(45))
		return hold_step(seq, ROLE_T);
	return chance(50) ? signal_step(seq) : inner_one(seq);
}

/* It runs, or sleeps: what may make it stop */
static struct step running_step(const struct sequence *seq)
{
	if (chance(25))
		return (struct step){ ROLE_T, OP_interrupt, some_target(seq) };
	return chance(30) ? signal_step(seq) : inner_one(seq);
}

static struct step stopped_step(const struct sequence *seq)
{
	if (chance(50))
		return resume_step(seq, ROLE_T);
	if (chance(40))
		return ask_step(seq, ROLE_T);
	return chance(50) ? signal_step(seq) : inner_one(seq);
}

static struct step odd_step(const struct sequence *seq)
{
	const int actor = chance(50) ? ROLE_P : ROLE_T;

	switch (below(9)) {
	case 0:
		return hold_step(seq, actor);
	case 1:
		return resume_step(seq, actor);
	case 2:
		return (struct step){ actor, OP_interrupt, some_target(seq) };
	case 3:
		return ask_step(seq, actor);
	case 4:
		return (struct step){ actor, OP_end, AT_NONE, 3 };
	}
	return wait_step(seq, actor);
}

static struct step next_step(const struct sequence *seq, const struct guess *guess)
{
	const struct step *last = seq->n ? &seq->steps[seq->n - 1] : NULL;

	if (chance(12))
		return odd_step(seq);
	if (last && last->op != OP_wait && last->op != OP_waitid && chance(guess->stands ? 35 : 12))
		return wait_step(seq, ROLE_T);
	if (!guess->traced)
		return free_step(seq);
	return guess->stands ? stopped_step(seq) : running_step(seq);
}

void generate(uint64_t seed, struct sequence *seq)
{
	struct guess now = {};
	struct step step;
	int length;

	state = seed * 0x2545f4914f6cdd1d + 1;
	memset(seq, 0, sizeof(*seq));
	snprintf(seq->name, sizeof(seq->name), "%llu", (unsigned long long)seed);
	seq->setting = (struct setting){ chance(40), below(SECONDS), chance(30) };
	length = 6 + below(13);
	if (seq->setting.parent_traces && chance(30)) {
		seq->steps[seq->n++] = (struct step){ ROLE_A, OP_traceme, AT_NONE };
		now.traced = true;
	}
	while (seq->n < length) {
		step = next_step(seq, &now);
		guess(&now, &step);
		seq->steps[seq->n++] = step;
	}
}
