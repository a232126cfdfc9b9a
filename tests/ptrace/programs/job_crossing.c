// SPDX-License-Identifier: GPL-2.0-only
/* SIGCONT and SIGSTOP cross: both pending, in the signal's stop, in a trap */
#include "job.h"

static pid_t pid;

/* Stops until it sleeps again, the signals injected */
static void drain(int stops)
{
	while (stops--)
		go(pid, PTRACE_CONT, event_of(last_status()) ? 0 :
		   WSTOPSIG(last_status()));
	run(pid, event_of(last_status()) ? 0 : WSTOPSIG(last_status()));
	show_proc(pid);
	nothing(pid);
}

static void one(bool seized, int first, int second, int stops)
{
	out("%s: %s then %s in the stop of SIGUSR1", seized ? "seized" : "old",
	    signame(first), signame(second));
	kill(pid, SIGUSR1);
	show_stop(pid);
	kill(pid, first);
	kill(pid, second);
	pt(PTRACE_CONT, pid, 0, 0);
	show_stop(pid);
	drain(stops);
}

static void in_the_stop(bool seized)
{
	out("SIGCONT in the stop of SIGSTOP");
	kill(pid, SIGSTOP);
	show_stop(pid);
	kill(pid, SIGCONT);
	drain(seized ? 2 : 1);
	out("SIGCONT, SIGTSTP in the stop of SIGSTOP");
	kill(pid, SIGSTOP);
	show_stop(pid);
	kill(pid, SIGCONT);
	kill(pid, SIGTSTP);
	drain(seized ? 3 : 2);
	out("SIGSTOP in the stop of SIGCONT");
	kill(pid, SIGCONT);
	show_stop(pid);
	if (seized)
		go(pid, PTRACE_CONT, 0);
	kill(pid, SIGSTOP);
	drain(2);
}

int main(void)
{
	int seized;

	for (seized = 0; seized < 2; seized++) {
		if (seized) {
			pid = seized_pausing();
		} else {
			pid = spawn_traced("tracee", pausing_in_group, NULL);
			run(pid, 0);
		}
		one(seized, SIGSTOP, SIGCONT, seized);
		/* SIGSTOP, and its group-stop */
		one(seized, SIGCONT, SIGSTOP, 1 + seized);
		in_the_stop(seized);
		finish(pid);
	}
	return 0;
}
