// SPDX-License-Identifier: GPL-2.0-only
/* DETACH with a signal and attach again at once: the signal comes once, no stop tells of it */
#include "life.h"

static void quiet_detach(pid_t pid, int sig)
{
	if (quiet_pt(PTRACE_DETACH, pid, 0, sig))
		out("DETACH %s", show_errno(-1));
}

/* One after the other, so many times; seize or not by turns */
static void same(pid_t pid, int rounds, int sig)
{
	int i, status, odd = 0;

	for (i = 0; i < rounds; i++) {
		bool old = i & 1;

		if (quiet_pt(old ? PTRACE_ATTACH : PTRACE_SEIZE, pid, 0, 0))
			out("attach %s", show_errno(-1));
		if (!old)
			quiet_pt(PTRACE_INTERRUPT, pid, 0, 0);
		status = quiet_stop(pid);
		if (old ? status != (SIGSTOP << 8 | 0x7f) :
		    event_of(status) != PTRACE_EVENT_STOP)
			odd++;
		/*
		 * A signal is for a signal stop, elsewhere it is one more to
		 * be taken: there it would stop the next time.
		 */
		quiet_detach(pid, old ? sig : 0);
	}
	out("%d rounds, %d odd stops", rounds, odd);
}

static void other(void *arg)
{
	pid_t pid = shm->pid[0];

	await(1);
	while (quiet_pt(PTRACE_ATTACH, pid, 0, 0))
		;
	show_wait(pid, 0);
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	rest(pid);
	out("USR1 %ld", got_usr1);
	kill(pid, SIGUSR1);
	show_wait(pid, 0);
	pt(PTRACE_DETACH, pid, 0, SIGUSR1);
	rest(pid);
	out("USR1 %ld", got_usr1);
}

int main(void)
{
	pid_t pid = start_subject(ASLEEP), tracer;
	int i;

	same(pid, 200, 0);
	show_fate(pid, ASLEEP);
	same(pid, 200, SIGUSR1);
	show_fate(pid, ASLEEP);
	forget_subject();
	for (i = 0; i < 50; i++) {
		/* a signal's own stop, and back at once */
		quiet_pt(PTRACE_SEIZE, pid, 0, 0);
		kill(pid, SIGUSR1);
		if (quiet_stop(pid) >> 8 != SIGUSR1)
			out("round %d: status", i);
		quiet_detach(pid, SIGUSR1);
		quiet_pt(PTRACE_SEIZE, pid, 0, 0);
		quiet_pt(PTRACE_INTERRUPT, pid, 0, 0);
		if (event_of(quiet_stop(pid)) != PTRACE_EVENT_STOP)
			out("round %d: no trap", i);
		quiet_detach(pid, 0);
		rest(pid);
	}
	show_fate(pid, ASLEEP);
	forget_subject();
	shm->pid[0] = pid;
	tracer = spawn("other", other, NULL);
	pt(PTRACE_SEIZE, pid, 0, 0);
	kill(pid, SIGUSR1);
	show_wait(pid, 0);
	pt(PTRACE_DETACH, pid, 0, SIGUSR1);
	reach(1);
	show_wait(tracer, 0);
	finish(pid);
	return 0;
}
