// SPDX-License-Identifier: GPL-2.0-only
/* The oom killer takes a traced task: running, asleep, in each kind of stop; with TRACEEXIT */
#include "life.h"

#define ROOM	(8 << 20)

/* The one that is taken first, as it says itself; it has memory to give back */
static void victim(void *arg)
{
	char *room = malloc(ROOM);

	memset(room, 1, ROOM);
	if (put("/proc/self/oom_score_adj", "1000"))
		subject(arg);
}

/* There is memory enough: the key that asks for it says otherwise */
static bool short_of_memory(void)
{
	return put("/proc/sysrq-trigger", "f");
}

static void end(pid_t pid, int kind)
{
	if (!short_of_memory())
		return;
	/* a wait that sees a stop before it is told takes the status out of SIGCHLD */
	await_sigchld();
	show_wait(pid, __WALL);
	while (WIFSTOPPED(last_status())) {
		show_siginfo(pid);
		show_msg(pid);
		show_proc(pid);
		/* where in its loop it was is chance, getppid() is a number */
		if (kind != AWAKE && kind != LEAVE)
			show_regs(pid);
		pt(PTRACE_CONT, pid, 0, 0);
		show_wait(pid, __WALL);
	}
	show_wait(pid, __WALL | WNOHANG);
	take();
}

static void one(int kind, long options, bool old)
{
	pid_t pid;

	out("%s, %s, options %#lx", kind_names[kind], old ? "attached" :
	    "seized", options);
	forget_subject();
	pid = spawn("subject", victim, &kind);
	await_subject(pid, kind);
	take_to_stop(pid, kind, options, old, false);
	drain();
	end(pid, kind);
}

/* Not the tracer's child: whose the zombie is, and which SIGCHLD there are */
static void of_stranger(long options)
{
	int kind = ASLEEP;
	pid_t parent, pid;

	out("the child of another, options %#lx", options);
	forget_subject();
	parent = start_parent(NULL, victim, &kind, 0);
	pid = shm->pid[0];
	rest(pid);
	pt(PTRACE_SEIZE, pid, 0, options);
	drain();
	end(pid, kind);
	ask(ASK_WAIT, pid, 0);
	ask(ASK_TAKE, 0, 0);
	end_parent(parent);
	drain();
}

int main(void)
{
	static const int kinds[] = {
		AWAKE, ASLEEP, SIGNAL, ENTRY, LEAVE, STEP, TRAP, GROUP, EXEC,
	};
	int i;

	hold_sigchld();
	for (i = 0; i < 4 * sizeof(kinds) / sizeof(kinds[0]); i++)
		one(kinds[i / 4], i & 1 ? PTRACE_O_TRACEEXIT : 0, i & 2);
	one(LISTENING, 0, false);
	one(LISTENING, PTRACE_O_TRACEEXIT, false);
	of_stranger(0);
	of_stranger(PTRACE_O_TRACEEXIT);
	return 0;
}
