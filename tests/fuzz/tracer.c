// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ptracer, a separate process.  It delivers all signals to the tracee, so
 * that the program's result is unchanged.  It may leave a tracee stopped until
 * a later operation or the end of the phase.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

#define MAX_TRACEES 64

static struct tracee {
	pid_t pid;
	bool stopped, seized;
	int status;
} tracees[MAX_TRACEES];

static uint64_t dice;

static bool one_in(unsigned int n)
{
	dice = mix(dice);
	return !(dice % n);
}

static struct tracee *find(pid_t pid, bool add)
{
	struct tracee *t, *unused = NULL;

	for (t = tracees; t < tracees + MAX_TRACEES; t++) {
		if (t->pid == pid)
			return t;
		if (!t->pid && !unused)
			unused = t;
	}
	if (!add || !unused)
		return NULL;
	memset(unused, 0, sizeof(*unused));
	unused->pid = pid;
	return unused;
}

static int event_of(const struct tracee *t)
{
	return t->status >> 16;
}

/* Returns the signal to deliver after a signal-delivery-stop, otherwise 0. */
static long signal_of(const struct tracee *t)
{
	int sig = WSTOPSIG(t->status);

	if (event_of(t) || sig == SIGTRAP || sig == (SIGTRAP | 0x80))
		return 0;
	/* drop SIGSTOP unless seized: it may be that of PTRACE_ATTACH */
	return sig == SIGSTOP && !t->seized ? 0 : sig;
}

static long request(struct tracee *t, int request, long data)
{
	long ret = ptrace(request, t->pid, 0, data);

	if (ret && errno == ESRCH && kill(t->pid, 0) && errno == ESRCH)
		t->pid = 0;
	return ret;
}

static void go(struct tracee *t, int how)
{
	if (!t->pid || !t->stopped)
		return;
	/* clear before the request: the tracee may stop again at once */
	t->stopped = false;
	if (request(t, how, signal_of(t)) && t->pid)
		t->stopped = true;
}

static bool group_stop(const struct tracee *t)
{
	return t->seized && event_of(t) == PTRACE_EVENT_STOP && WSTOPSIG(t->status) != SIGTRAP;
}

static void serve(struct tracee *t)
{
	bool ends = event_of(t) == PTRACE_EVENT_EXIT;

	if (shared->calm || ends) {
		go(t, PTRACE_CONT);
		return;
	}
	if (one_in(4))
		return;
	if (group_stop(t) && one_in(2)) {
		if (!request(t, PTRACE_LISTEN, 0))
			t->stopped = false;
	} else {
		go(t, one_in(3) ? PTRACE_SYSCALL :
		      seq->tracer_steps && one_in(5) ? PTRACE_SINGLESTEP : PTRACE_CONT);
	}
}

/* Reap all pending wait statuses.  Only this function calls waitpid(). */
static void pump(void)
{
	struct tracee *t;
	int status;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, __WALL | WNOHANG);
		if (pid <= 0)
			break;
		t = find(pid, WIFSTOPPED(status));
		if (!t)
			continue;
		if (!WIFSTOPPED(status)) {
			t->pid = 0;
			continue;
		}
		/* a new child may be auto-attached, seized as its parent is */
		t->status = status;
		if (event_of(t) == PTRACE_EVENT_STOP)
			t->seized = true;
		t->stopped = true;
		serve(t);
	}
	if (!shared->calm)
		return;
	for (t = tracees; t < tracees + MAX_TRACEES; t++)
		go(t, PTRACE_CONT);
}

static void pump_for(long us)
{
	long step;

	for (; us > 0; us -= step) {
		step = us < 300 ? us : 300;
		pump();
		sleep_us(step);
	}
	pump();
}

/* Wait for @t to stop, for a limited time.  Returns whether it has. */
static bool stop(struct tracee *t, bool interrupt)
{
	int n;

	if (interrupt && t->pid && !t->stopped && t->seized)
		request(t, PTRACE_INTERRUPT, 0);
	for (n = 0; n < 40 && t->pid && !t->stopped; n++)
		pump_for(300);
	return t->pid && t->stopped;
}

/*
 * Is a thread of @process traced?  A second attach could deadlock:
 * PTRACE_ATTACH waits for the execve of another thread, and that execve waits
 * until the tracer reaps the traced thread.
 */
static bool traces(pid_t process)
{
	struct tracee *t;
	char path[64];

	for (t = tracees; t < tracees + MAX_TRACEES; t++) {
		snprintf(path, sizeof(path), "/proc/%d/task/%d", process, t->pid);
		if (t->pid && !access(path, F_OK))
			return true;
	}
	return false;
}

static void begin(const struct op *op, bool seize)
{
	pid_t pid = task_of(op);
	struct tracee *t;
	long ret;

	if (pid <= 0 || traces(program_pid[op->target]))
		return;
	t = find(pid, true);
	if (!t)
		return;
	if (seize)
		ret = ptrace(PTRACE_SEIZE, pid, 0, op->a);
	else
		ret = ptrace(PTRACE_ATTACH, pid, 0, 0);
	if (!ret)
		t->seized = seize;
	else if (errno == ESRCH)
		t->pid = 0;
	else if (!t->status && !t->seized)
		t->pid = 0;
}

/*
 * Exit, which detaches all tracees at once.  On any kernel a signal that a
 * tracee has reported is then lost: deliver these first.
 */
static void end(void)
{
	struct tracee *t;

	pump();
	for (t = tracees; t < tracees + MAX_TRACEES; t++)
		if (t->stopped && signal_of(t))
			go(t, PTRACE_CONT);
	_exit(0);
}

/* The kernel must not take a forged siginfo for a group stop. */
static void forge(struct tracee *t)
{
	siginfo_t info = { .si_signo = SIGSTOP, .si_code = SIGSTOP | PTRACE_EVENT_STOP << 8 };

	if (!t->stopped || ptrace(PTRACE_SETSIGINFO, t->pid, 0, &info))
		return;
	if (!request(t, PTRACE_LISTEN, 0))
		t->stopped = false;
}

static void do_op(const struct op *op)
{
	struct tracee *t = NULL;
	pid_t pid = task_of(op);

	dice = op->seed;
	pump();
	if (op->kind == OP_seize || op->kind == OP_pt_attach) {
		begin(op, op->kind == OP_seize);
		return;
	}
	if (op->kind == OP_look)
		pump_for(op->a);
	else if (op->kind == OP_end)
		end();
	if (pid > 0)
		t = find(pid, false);
	if (!t)
		return;
	switch (op->kind) {
	case OP_interrupt:
		request(t, PTRACE_INTERRUPT, 0);
		break;
	case OP_listen:
		if (t->stopped && !request(t, PTRACE_LISTEN, 0))
			t->stopped = false;
		break;
	case OP_cont:
		go(t, PTRACE_CONT);
		break;
	case OP_syscall:
		go(t, PTRACE_SYSCALL);
		break;
	case OP_step:
		if (stop(t, true))
			go(t, op->b ? PTRACE_SINGLEBLOCK : PTRACE_SINGLESTEP);
		break;
	case OP_pt_detach:
		if (stop(t, true) && !request(t, PTRACE_DETACH, signal_of(t)))
			t->pid = 0;
		break;
	case OP_forge:
		forge(t);
		break;
	}
}

/* Run the operations from shared->tracer_next on; OP_end exits. */
void trace(void)
{
	int phase, i = shared->tracer_next;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (phase = shared->at[TRACER] + 1; phase <= seq->phases; phase++) {
		while (shared->phase < phase && !shared->failed)
			pump_for(300);
		for (; i < seq->n && seq->ops[i].phase == phase; i++) {
			shared->tracer_next = i + 1;
			if (seq->ops[i].actor == TRACER && in_prefix(&seq->ops[i]) &&
			    !shared->failed)
				do_op(&seq->ops[i]);
		}
		shared->at[TRACER] = phase;
	}
	for (;;)
		pump_for(1000);
}
