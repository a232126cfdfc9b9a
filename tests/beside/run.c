// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run: a child with a tracer, and with or without an engine, runs to its stop
 * and then to its end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "beside/beside.h"

#define LIMIT		30	/* seconds */
#define SEIZE		0x4206
#define INTERRUPT	0x4207

struct bs_run bs_alone, bs_with;

bool bs_check(struct bs_run *run, bool good, const char *what)
{
	if (!good && !run->wrong[0])
		snprintf(run->wrong, sizeof(run->wrong), "%s (errno %d)", what,
			 errno);
	return good;
}

static void on_alarm(int sig)
{
}

/* waitpid() with a time limit */
static int wait_for(struct bs_run *run, pid_t pid)
{
	pid_t got;

	alarm(LIMIT * ut_slow);
	got = waitpid(pid, &run->status, __WALL);
	alarm(0);
	return bs_check(run, got == pid, "waitpid: nothing in time") ? 0 : -1;
}

/* Attach to the child.  The stops until then are not recorded. */
static int trace(struct bs_run *run)
{
	const struct bs_kind *kind = run->kind;
	long options = kind->options | PTRACE_O_TRACESYSGOOD;

	if (kind->start == BS_ATTACH) {
		run->kid = ut_shm->val[BS_KID];
		BS_CHECK(run, !ptrace(PTRACE_ATTACH, run->pid, 0, 0));
		return 0;
	}
	if (kind->start == BS_TRACEME) {
		ut_go(1);
		BS_CHECK(run, !ut_wait_at(2));
		return 0;
	}
	if (kind->start == BS_OLD) {
		if (!BS_CHECK(run, !ptrace(PTRACE_ATTACH, run->pid, 0, 0)) ||
		    wait_for(run, run->pid))
			return -1;
		BS_CHECK(run, run->status == (SIGSTOP << 8 | 0x7f));
		BS_CHECK(run, !ptrace(PTRACE_SETOPTIONS, run->pid, 0, options));
		return 0;
	}
	if (!BS_CHECK(run, !ptrace(SEIZE, run->pid, 0, options)) ||
	    !BS_CHECK(run, !ptrace(INTERRUPT, run->pid, 0, 0)) ||
	    wait_for(run, run->pid))
		return -1;
	BS_CHECK(run, run->status >> 8 == (SIGTRAP | PTRACE_EVENT_STOP << 8));
	return 0;
}

static void attach_engine(struct bs_run *run, enum bs_order order)
{
	bool born = run->kind->born;
	uint64_t events;
	int ops;

	if (run->order != order)
		return;
	events = run->action->events;
	if (run->kind->event.cb != UT_TRAP)
		events &= ~EV(TRAP);
	ops = events & EV(TRAP) ? UT_OPS_STOPPED : UT_OPS_A;
	run->h = ut_attach_ops(run->pid, ops, born ? EV(CLONE) : events);
	if (!BS_CHECK(run, run->h >= 0))
		return;
	ut_mute(run->h, born ? ~(1UL << UT_OPRES) : ~0UL);
	if (born)
		BS_CHECK(run, !ut_rule(run->h, UT_CLONE,
				       OPS(OP(FOLLOW, events))));
}

/*
 * ->born: continue the run with the new child.  FOLLOW has attached an engine
 * to it and copied the rules.
 */
static int change_to_kid(struct bs_run *run)
{
	pid_t parent = run->pid;
	struct ut_rec *rec;

	if (!BS_CHECK(run, run->kid))
		return -1;
	run->pid = run->kid;
	run->kid = parent;
	if (run->order == BS_ALONE)
		return 0;
	rec = ut_wait_op(run->h, UT_OP_FOLLOW);
	if (!BS_CHECK(run, rec && (int)rec->arg[1] >= 0))
		return -1;
	run->h = rec->arg[1];
	ut_mute(run->h, ~0UL);
	return 0;
}

/* ->born: detach the parent, which remained in its fork stop until now. */
static void end_parent(struct bs_run *run)
{
	int status;

	BS_CHECK(run, !ptrace(PTRACE_DETACH, run->kid, 0, 0));
	BS_CHECK(run, waitpid(run->kid, &status, 0) == run->kid &&
		 status == 7 << 8);
	ut_forget(run->kid);
}

/* ->sleeps: PTRACE_INTERRUPT until the stop, later SIGUSR1 to end pause(). */
static void push(struct bs_run *run)
{
	const struct bs_kind *kind = run->kind;

	if (!kind->sleeps || run->pushed)
		return;
	BS_CHECK(run, !ut_wait_syscall(run->pid, __NR_pause));
	if (!run->there) {
		BS_CHECK(run, !ptrace(INTERRUPT, run->pid, 0, 0));
		return;
	}
	kill(run->pid, SIGUSR1);
	run->pushed = true;
}

/* Unless ->born, record the first stop of an auto-attached child and detach. */
static void free_kid(struct bs_run *run)
{
	int status = run->status;

	if (run->kind->born || !run->kid || status >> 16 < PTRACE_EVENT_FORK ||
	    status >> 16 > PTRACE_EVENT_CLONE || wait_for(run, run->kid))
		return;
	bs_record(run, run->kid, run->status);
	BS_CHECK(run, !ptrace(PTRACE_DETACH, run->kid, 0, 0));
	run->status = status;
}

/* Wait for the next stop or the end, and record it. */
static int next_stop(struct bs_run *run)
{
	if (wait_for(run, run->pid))
		return -1;
	if (run->there && run->action && run->action->traps &&
	    bs_is_step_trap(run->pid, run->status)) {
		run->traps++;
		return 0;
	}
	bs_record(run, run->pid, run->status);
	free_kid(run);
	return 0;
}

static int go_on(struct bs_run *run, int request)
{
	return BS_CHECK(run, !ptrace(request, run->pid, 0,
				     bs_signal_of(run->pid, run->status)));
}

static int go_to_stop(struct bs_run *run)
{
	const struct bs_kind *kind = run->kind;
	unsigned int i;

	run->status = 0;
	if ((kind->start == BS_ATTACH || kind->start == BS_TRACEME) &&
	    next_stop(run))
		return -1;
	for (i = 0; i < 4 && kind->lead[i]; i++) {
		if (!go_on(run, kind->lead[i]))
			return -1;
		if (kind->lead[i] == BS_LISTEN)
			kill(run->pid, SIGCONT);
		push(run);
		if (next_stop(run) || !BS_CHECK(run, WIFSTOPPED(run->status)))
			return -1;
	}
	if (kind->born && (change_to_kid(run) || next_stop(run)))
		return -1;
	run->there = true;
	if (kind->listens)
		BS_CHECK(run, !ptrace(BS_LISTEN, run->pid, 0, 0));
	return run->wrong[0] ? -1 : 0;
}

static void do_action(struct bs_run *run, void (*what)(struct bs_run *run))
{
	if (what)
		what(run);
}

static int go_to_end(struct bs_run *run)
{
	int request = run->kind->tail ?: PTRACE_CONT, traps;

	if (run->kind->listens && !run->left) {
		kill(run->pid, SIGCONT);
		if (next_stop(run))
			return -1;
	}
	while (WIFSTOPPED(run->status)) {
		if (!run->left && !go_on(run, request))
			return -1;
		if (run->action && !run->resumed)
			do_action(run, run->action->resumed);
		run->resumed = true;
		if (run->wrong[0])
			return -1;
		if (!WIFSTOPPED(run->status))
			break;		/* ->resumed has killed it */
		if (!run->left)
			push(run);
		traps = run->traps;
		if (next_stop(run))
			return -1;
		if (run->traps == traps)
			request = PTRACE_CONT;
	}
	return 0;
}

int bs_run(struct bs_run *run, const struct bs_kind *kind,
	   const struct bs_action *action, enum bs_order order)
{
	memset(run, 0, sizeof(*run));
	memset((void *)ut_shm, 0, sizeof(*ut_shm));
	/* no SA_RESTART: the alarm must interrupt waitpid() */
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = on_alarm }, NULL);
	run->kind = kind;
	run->action = action;
	run->order = order;
	run->h = -1;
	run->pid = ut_child(kind->child);
	if (!BS_CHECK(run, !ut_wait_at(1)))
		return -1;
	attach_engine(run, BS_BEFORE);
	if (trace(run))
		return -1;
	attach_engine(run, BS_AFTER);
	if (action)
		do_action(run, action->prepare);
	ut_go(2);
	if (go_to_stop(run))
		return -1;
	if (action)
		do_action(run, action->stopped);
	if (run->wrong[0])
		return -1;
	if (WIFSTOPPED(run->status) && go_to_end(run))
		return -1;
	if (kind->born)
		end_parent(run);
	else
		ut_forget(run->pid);
	if (action)
		do_action(run, action->ended);
	bs_record_end(run);
	return run->wrong[0] ? -1 : 0;
}

void bs_check_stopped(struct bs_run *run)
{
	struct user_regs_struct regs;

	if (run->kind->listens)
		return;		/* after PTRACE_LISTEN requests fail */
	BS_CHECK(run, !ptrace(PTRACE_GETREGS, run->pid, 0, &regs));
	BS_CHECK(run, ut_state(run->pid) == 't');
}

static bool says_esrch(struct bs_run *run, int request)
{
	struct user_regs_struct regs;

	errno = 0;
	return ptrace(request, run->pid, 0, request == PTRACE_GETREGS ?
		      (void *)&regs : NULL) == -1 && errno == ESRCH;
}

void bs_check_held(struct bs_run *run)
{
	int status;

	BS_CHECK(run, !ut_wait_examine(run->h));
	BS_CHECK(run, waitpid(run->pid, &status, WNOHANG | __WALL) == 0);
	BS_CHECK(run, says_esrch(run, PTRACE_GETREGS));
	BS_CHECK(run, says_esrch(run, PTRACE_CONT));
	BS_CHECK(run, says_esrch(run, PTRACE_DETACH));
	BS_CHECK(run, ut_state(run->pid) == 't');
}

void bs_rule_add(struct bs_run *run, const struct ut_rule *what)
{
	struct ut_rule rule = run->kind->event;

	rule.handle = run->h;
	rule.set = what->set;
	rule.answer = what->answer;
	memcpy(rule.ops, what->ops, sizeof(rule.ops));
	BS_CHECK(run, ut_rule_add(&rule) == 0);
}

void bs_leave(struct bs_run *run)
{
	BS_CHECK(run, !ptrace(PTRACE_DETACH, run->pid, 0,
			      bs_signal_of(run->pid, run->status)));
	run->left = true;
}

void bs_kill(struct bs_run *run)
{
	kill(run->pid, SIGKILL);
	while (!wait_for(run, run->pid) && WIFSTOPPED(run->status))
		bs_check(run, false, "a stop after SIGKILL");
}

/* Print the first line that differs, and the stop that it belongs to. */
static void tell_difference(const char *alone, const char *with)
{
	const char *a = alone, *b = with, *stop = alone;

	while (*a && *a == *b) {
		if (*a == '\n' && a[1] != ' ')
			stop = a + 1;
		a++;
		b++;
	}
	while (a > alone && a[-1] != '\n') {
		a--;
		b--;
	}
	fprintf(stderr, "# at %.*s\n# without the engine: %.*s\n# with the engine:    %.*s\n",
		(int)strcspn(stop, "\n"), stop, (int)strcspn(a, "\n"), a,
		(int)strcspn(b, "\n"), b);
}

static bool all_right(struct bs_run *run, const char *which)
{
	if (!run->wrong[0])
		return true;
	fprintf(stderr, "# %s, %s: %s; it is in state %c; the tracer saw:\n",
		run->kind->name, which, run->wrong, ut_state(run->pid) ?: '-');
	fprintf(stderr, "%s\n", run->text);
	return false;
}

int bs_same(const struct bs_kind *kind, const struct bs_action *alone,
	    const struct bs_action *action)
{
	static const char *const names[] = {
		[BS_ALONE] = "without an engine",
		[BS_BEFORE] = "engine before the tracer",
		[BS_AFTER] = "tracer before the engine",
	};
	enum bs_order order;
	int ret = 0;

	/* bs_run() is called from one place: the children's stacks are equal */
	for (order = BS_ALONE; order <= BS_AFTER; order++) {
		struct bs_run *run = order ? &bs_with : &bs_alone;

		bs_run(run, kind, order ? action : alone, order);
		if (!all_right(run, names[order]))
			return -1;
		if (!order || !strcmp(bs_alone.text, bs_with.text))
			continue;
		fprintf(stderr, "# %s, %s: the tracer sees a difference\n",
			kind->name, names[order]);
		tell_difference(bs_alone.text, bs_with.text);
		ret = -1;
	}
	return ret;
}
