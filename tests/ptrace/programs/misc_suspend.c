// SPDX-License-Identifier: GPL-2.0-only
/* The whole system is frozen over each kind of stop, and on the way to one */
#include "life.h"

/* As far as everybody is frozen, and back */
static void freeze(void)
{
	if (put("/sys/module/suspend/parameters/pm_test_delay", "0") &&
	    put("/sys/power/pm_test", "freezer"))
		put("/sys/power/state", "freeze");
	put("/sys/power/pm_test", "none");
}

static void look(pid_t pid, int kind)
{
	/* what is not in a stop wakes up from the freezer first */
	if (kind != AWAKE && kind != ASLEEP)
		show_proc(pid);
	if (kind != AWAKE && kind != ASLEEP && kind != LISTENING) {
		show_siginfo(pid);
		show_msg(pid);
	}
	show_wait(pid, __WALL | WNOHANG);
	take();
}

/* The wait for the stop comes before or after */
static void one(int kind, bool old, bool keep)
{
	pid_t pid = start_subject(kind);

	out("%s, %s%s", kind_names[kind], old ? "attached" : "seized",
	    keep ? ", not waited for" : "");
	drain();
	take_to_stop(pid, kind, PTRACE_O_TRACESYSGOOD, old, keep);
	freeze();
	look(pid, kind);
	if (kind == LISTENING) {
		kill(pid, SIGCONT);
		show_wait(pid, __WALL);
		freeze();
	}
	if (kind != AWAKE && kind != ASLEEP)
		pt(PTRACE_CONT, pid, 0, 0);
	show_fate(pid, kind);
	finish(pid);
	drain();
}

int main(void)
{
	int kind;

	hold_sigchld();
	for (kind = 0; kind < KINDS; kind++) {
		/* its children have pids for messages */
		if (kind == FORK || kind == CLONED || kind == VFORKED ||
		    kind == EXEC)
			continue;
		one(kind, false, false);
		/* who is attached cannot LISTEN */
		if (kind != LISTENING)
			one(kind, true, false);
		if (kind != AWAKE && kind != ASLEEP && kind != LISTENING)
			one(kind, false, true);
	}
	return 0;
}
