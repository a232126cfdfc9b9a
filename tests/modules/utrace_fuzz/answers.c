// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a callback does and returns: chosen by a random number, @roll, among
 * what the engine's profile allows.
 *
 * Only UF_LETHAL and UF_WRONG can change the result of the traced program.
 * tests/fuzz/model.h defines these results.
 */
#include <linux/delay.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include <asm/syscall.h>

#include "fuzz.h"

/* Signals that do not change the program's result: the handlers do nothing. */
static bool uf_disturbs(int sig)
{
	return sig == SIGUSR2 || sig == SIGURG || sig == SIGWINCH;
}

/* Each allowed row of the table has a probability of 1/16. */
static u32 uf_resume(struct uf_engine *ue, u64 roll)
{
	static const struct {
		u32 allowed, action;
	} choice[] = {
		{ UF_STOP, UTRACE_STOP },
		{ UF_STOP, UTRACE_STOP },
		{ UF_AGAIN, UTRACE_INTERRUPT },
		{ UF_AGAIN, UTRACE_REPORT },
		{ UF_STEP, UTRACE_SINGLESTEP },
		{ UF_STEP, UTRACE_SINGLESTEP },
		{ UF_STEP, UTRACE_BLOCKSTEP },
	};
	u32 k = roll & 15;

	if (k < ARRAY_SIZE(choice) && (ue->profile & choice[k].allowed))
		return choice[k].action;
	if (k == 15 && (ue->profile & UF_DETACH_SELF) && !(roll & 0x30) &&
	    (ue->profile & (UF_STEP | UF_LEAVE)) != UF_STEP)
		return UTRACE_DETACH;
	return UTRACE_RESUME;
}

/* Get the process's disposition of @sig; returns false if that is SIG_DFL. */
static bool uf_own_ka(int sig, struct k_sigaction *ka)
{
	spin_lock_irq(&current->sighand->siglock);
	*ka = current->sighand->action[sig - 1];
	spin_unlock_irq(&current->sighand->siglock);
	return ka->sa.sa_handler != SIG_DFL;
}

/* report_signal was called without a signal: inject SIGUSR2. */
static u32 uf_inject(struct uf_engine *ue, const struct uf_event *ev, u32 pass)
{
	if (!(ue->profile & UF_SIGNALS) || ev->info->si_signo ||
	    !ev->return_ka || utrace_signal_action(pass) != UTRACE_SIGNAL_REPORT ||
	    !uf_own_ka(SIGUSR2, ev->return_ka))
		return pass;
	ev->info->si_signo = SIGUSR2;
	ev->info->si_code = SI_QUEUE;
	return UTRACE_SIGNAL_DELIVER;
}

/* Replace the signal by another disturbing one, and ignore that. */
static u32 uf_swap(const struct uf_event *ev)
{
	static const int others[] = { SIGURG, SIGWINCH };

	ev->info->si_signo = others[ev->info->si_signo == SIGURG];
	return UTRACE_SIGNAL_IGN;
}

static u32 uf_signal_answer(struct uf_engine *ue, const struct uf_event *ev,
			    u64 roll, u32 *resume)
{
	u32 pass = ev->action & (UTRACE_SIGNAL_MASK | UTRACE_SIGNAL_HOLD);

	if (!ev->orig_ka)
		return roll & 7 ? pass : uf_inject(ue, ev, pass);
	if (!uf_disturbs(ev->info->si_signo))
		return pass;
	if (ue->profile & UF_LOOP)
		return UTRACE_SIGNAL_IGN | UTRACE_SIGNAL_HOLD;
	if ((ue->profile & UF_LETHAL) && !(roll & 15))
		return roll & 16 ? UTRACE_SIGNAL_TERM : UTRACE_SIGNAL_CORE;
	if ((ue->profile & UF_HOLD) && !(roll & 3)) {
		/* IGN with HOLD and no stop: dequeued again at once */
		if (*resume == UTRACE_STOP)
			return UTRACE_SIGNAL_IGN | UTRACE_SIGNAL_HOLD;
		return pass | UTRACE_SIGNAL_HOLD;
	}
	if (!(ue->profile & UF_SIGNALS))
		return pass;
	switch (roll & 7) {
	case 0:
		return UTRACE_SIGNAL_IGN;
	case 1:
		return UTRACE_SIGNAL_STOP;
	case 2:
		return UTRACE_SIGNAL_TSTP;
	case 3:
		return uf_swap(ev);
	}
	return pass;
}

static bool uf_compat(void)
{
	return in_ia32_syscall();
}

/* Returns whether @nr can be skipped with the known result @result. */
static bool uf_known_result(int nr, long *result)
{
	if (nr == UF_MAGIC_NR) {
		*result = UF_MAGIC_RESULT;
		return true;
	}
	if (nr != (uf_compat() ? 64 : 110))	/* getppid */
		return false;
	rcu_read_lock();
	*result = task_tgid_vnr(rcu_dereference(current->real_parent));
	rcu_read_unlock();
	return true;
}

static u32 uf_entry_answer(struct uf_engine *ue, const struct uf_event *ev,
			   u64 roll)
{
	u32 pass = utrace_syscall_action(ev->action);
	long result;

	if (!(ue->profile & UF_CALLS) || (roll & 1) ||
	    !uf_known_result(syscall_get_nr(current, ev->regs), &result))
		return pass;
	syscall_set_return_value(current, ev->regs, 0, result);
	return UTRACE_SYSCALL_ABORT;
}

/* nr < 0 after sigreturn: rcx and r11 are then the interrupted program's. */
static void uf_change_exit(struct uf_engine *ue, const struct uf_event *ev,
			   u64 roll)
{
	int nr = syscall_get_nr(current, ev->regs);

	if ((ue->profile & UF_CALLS) && nr == UF_MAGIC_NR && (roll & 1))
		syscall_set_return_value(current, ev->regs, 0,
					 UF_MAGIC_RESULT);
	if (!(ue->profile & UF_REGS) || nr < 0 || uf_compat() || (roll & 2))
		return;
	ev->regs->cx = roll;
	ev->regs->r11 = ~roll;
}

static void uf_change_code(struct uf_engine *ue, long *code, u64 roll)
{
	if ((ue->profile & UF_EXIT) && (roll & 1) && *code &&
	    !(*code & 0xff) && (*code >> 8) < UF_EXIT_BIT)
		*code |= UF_EXIT_BIT << 8;
}

static u32 uf_result_of(struct uf_engine *ue, const struct uf_event *ev,
			u64 roll, u32 *resume)
{
	switch (ev->event) {
	case UTRACE_EVENT(SIGNAL):
		return uf_signal_answer(ue, ev, roll, resume);
	case UTRACE_EVENT(SYSCALL_ENTRY):
		return uf_entry_answer(ue, ev, roll);
	case UTRACE_EVENT(SECCOMP):
		return utrace_syscall_action(ev->action);
	case UTRACE_EVENT(SYSCALL_EXIT):
		uf_change_exit(ue, ev, roll);
		break;
	case UTRACE_EVENT(EXIT):
		uf_change_code(ue, ev->code, roll);
		break;
	case UTRACE_EVENT(CLONE):
		if (ue->profile & UF_FOLLOW)
			uf_attach(ue->ctx, ev->child, ue->profile, roll,
				  READ_ONCE(ev->engine->flags), -1);
		break;
	}
	return 0;
}

/* Call utrace from a callback, for this engine or another one. */
static void uf_meddle(struct uf_engine *ue, u64 roll)
{
	static const u32 actions[] = {
		UTRACE_REPORT, UTRACE_INTERRUPT, UTRACE_RESUME, UTRACE_STOP,
	};
	struct uf_engine *other = uf_in_slot(ue->ctx, (roll >> 8) % UF_SLOTS);
	u32 action = actions[(roll >> 16) & 3];

	switch (roll & 7) {
	case 0:
		uf_events(ue, roll >> 20);
		break;
	case 1:
		if (action != UTRACE_STOP || (ue->profile & UF_STOP))
			uf_control(ue, action);
		break;
	case 2:
		uf_attach(ue->ctx, current, ue->profile & ~UF_MEDDLE, roll,
			  roll >> 20, -1);
		break;
	case 3:
		if (other && other != ue)
			uf_control(other, UTRACE_DETACH);
		break;
	case 4:
		if (other)
			uf_events(other, roll >> 20);
		break;
	default:
		if (other && (action != UTRACE_STOP ||
			      (other->profile & UF_STOP)))
			uf_control(other, action);
		break;
	}
	if (other)
		uf_engine_put(other);
}

u32 uf_answer(struct uf_engine *ue, const struct uf_event *ev, u64 roll)
{
	u32 resume = uf_resume(ue, roll >> 8);
	u32 result;

	if ((ue->profile & UF_SLOW) && !(roll & 0xf0))
		usleep_range(20, 20 + ((roll >> 40) & 0x1ff));
	if ((ue->profile & UF_WRONG) && !(roll & 0x700))
		return roll >> 32;
	result = uf_result_of(ue, ev, roll >> 16, &resume);
	if ((ue->profile & UF_MEDDLE) && !(roll & 15))
		uf_meddle(ue, roll >> 32);
	return result | resume;
}
