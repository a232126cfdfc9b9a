// SPDX-License-Identifier: GPL-2.0-only
/* The tracer is killed: in a wait, stopped itself, traced itself; with EXITKILL or without */
#include "life.h"

enum { IN_WAIT, STOPPED, TRACED, HOWS };

static const char *const hows[] = { "in a wait", "stopped", "traced" };

static int how, kind;
static long options;

static void tracer(void *arg)
{
	take_to_stop(shm->pid[0], kind, options, false, false);
	reach(1);
	if (how == IN_WAIT)
		waitpid(shm->pid[0], NULL, 0);
	pausing(NULL);
}

int main(void)
{
	static const int kinds[] = { ASLEEP, SIGNAL, LEAVE, GROUP };
	pid_t pid, other;
	int i;

	name(getpid(), "parent");
	for (i = 0; i < 4 * HOWS * 2; i++) {
		kind = kinds[i % 4];
		how = i / 4 % HOWS;
		options = i < 4 * HOWS ? 0 : PTRACE_O_EXITKILL;
		out("tracer %s, tracee %s%s", hows[how], kind_names[kind],
		    options ? ", EXITKILL" : "");
		forget_steps();
		pid = start_subject(kind);
		shm->pid[0] = pid;
		other = spawn("other", tracer, NULL);
		await(1);
		await_state(other, "S");
		if (how == STOPPED) {
			kill(other, SIGSTOP);
			show_wait(other, WUNTRACED);
		} else if (how == TRACED) {
			quiet_pt(PTRACE_SEIZE, other, 0, PTRACE_O_TRACEEXIT);
			/* of those who trace each other one gives way */
			pt(PTRACE_SEIZE, pid, 0, 0);
		}
		kill(other, SIGKILL);
		if (how == TRACED) {
			show_wait(other, 0);
			show_proc(pid);
			pt(PTRACE_CONT, other, 0, 0);
		}
		show_wait(other, 0);
		show_fate(pid, kind);
		show_wait(pid, WNOHANG | WUNTRACED | WCONTINUED);
		finish(pid);
	}
	return 0;
}
