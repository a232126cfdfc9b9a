// SPDX-License-Identifier: GPL-2.0-only
/* vfork: VFORK and VFORK_DONE, their messages, the parent; an end by exit, exec and SIGKILL */
#include "life.h"

enum { EXIT, DOES_EXEC, CHILD_KILLED, PARENT_KILLED, DETACHED, HOWS };

static const char *const hows[] = {
	"exit", "exec", "the child is killed", "the parent is killed",
	"the parent is detached",
};

static void child(void *arg)
{
	int how = *(int *)arg;
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	pid = raw_clone(CLONE_VFORK | SIGCHLD);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (how == DOES_EXEC)
			exec_self();
		if (how == EXIT)
			_exit(3);
		pausing(NULL);
	}
	pausing(NULL);
}

static void one(int how, long options)
{
	pid_t pid = spawn_seized("tracee", child, &how, options), new = 0;

	if (options & PTRACE_O_TRACEVFORK) {
		show_wait(pid, 0);
		new = msg_of(pid);
		name(new, "new");
		show_wait(new, 0);
		show_siginfo(new);
		if (how == DETACHED)
			pt(PTRACE_DETACH, pid, 0, 0);
		else
			pt(PTRACE_CONT, pid, 0, 0);
		await_state(pid, "D");
		show_proc(pid);
		show_wait(pid, WNOHANG);
		pt(PTRACE_INTERRUPT, pid, 0, 0);
		await_state(pid, "D");
		if (how == PARENT_KILLED) {
			kill(pid, SIGKILL);
			show_wait(pid, 0);
			show_proc(new);
			kill(new, SIGKILL);
			show_wait(new, 0);
			show_wait(new, WNOHANG);
			return;
		}
		if (how == CHILD_KILLED)
			kill(new, SIGKILL);
		else
			pt(PTRACE_CONT, new, 0, 0);
		if (how == DETACHED) {
			rest(new);
			kill(new, SIGKILL);
		}
		if (how == DOES_EXEC)
			rest(new);
		else
			await_zombie(new);
	}
	if (how != DETACHED) {
		if (options & PTRACE_O_TRACEVFORKDONE) {
			show_wait(pid, 0);
			out("  message is %s", msg_of(pid) == new ?
			    "the new one" : "another");
			pt(PTRACE_CONT, pid, 0, 0);
		}
		/* the INTERRUPT, if no other stop stood for it */
		if (new && !(options & PTRACE_O_TRACEVFORKDONE)) {
			show_wait(pid, 0);
			show_siginfo(pid);
			pt(PTRACE_CONT, pid, 0, 0);
		}
	}
	rest(pid);
	show_proc(pid);
	if (new) {
		kill(new, SIGKILL);
		show_wait(new, 0);
	}
	kill(pid, SIGKILL);
	show_wait(pid, 0);
}

int main(void)
{
	static const long options[] = {
		0, PTRACE_O_TRACEVFORK, PTRACE_O_TRACEVFORKDONE,
		PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE,
	};
	int how, o;

	for (how = 0; how < HOWS; how++) {
		for (o = 0; o < 4; o++) {
			/* these need the new one's pid */
			if (how >= CHILD_KILLED &&
			    !(options[o] & PTRACE_O_TRACEVFORK))
				continue;
			out("%s, options %#lx", hows[how], options[o]);
			one(how, options[o]);
		}
	}
	return 0;
}
