// SPDX-License-Identifier: GPL-2.0-only
/* clone() flags and exit signals against options: which event, who is traced, its first stop */
#include "life.h"

#define WAY(text, flags) { text, (flags) }
static const struct {
	const char *name;
	long flags;
} ways[] = {
	WAY("SIGCHLD", SIGCHLD), WAY("SIGUSR1", SIGUSR1), WAY("0", 0),
	WAY("VFORK|SIGCHLD", CLONE_VFORK | SIGCHLD),
	WAY("VFORK|SIGUSR1", CLONE_VFORK | SIGUSR1),
	WAY("UNTRACED|SIGCHLD", CLONE_UNTRACED | SIGCHLD),
	WAY("UNTRACED|VFORK", CLONE_UNTRACED | CLONE_VFORK | SIGCHLD),
	WAY("PTRACE|SIGCHLD", CLONE_PTRACE | SIGCHLD),
	WAY("PTRACE|UNTRACED", CLONE_PTRACE | CLONE_UNTRACED | SIGCHLD),
	WAY("PARENT|SIGCHLD", CLONE_PARENT | SIGCHLD),
	WAY("PARENT|SIGUSR1", CLONE_PARENT | SIGUSR1),
	WAY("PARENT|PTRACE", CLONE_PARENT | CLONE_PTRACE | SIGCHLD),
};

static void child(void *arg)
{
	pid_t pid;

	signal(SIGCHLD, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	await(1);
	pid = raw_clone(ways[*(int *)arg].flags);
	if (!pid) {
		shm->val[1] = getpid();
		/* the tracer looks first; a vfork has to end by itself */
		reach(2);
		await(3);
		_exit(6);
	}
	shm->val[0] = pid;
	reach(4);
	pausing(NULL);
}

static void one(int way, long options, bool old)
{
	pid_t pid, new = 0;

	forget_steps();
	shm->val[0] = 0;
	shm->val[1] = 0;
	pid = spawn("tracee", child, &way);
	if (old) {
		quiet_pt(PTRACE_ATTACH, pid, 0, 0);
		quiet_stop(pid);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, options);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
	} else {
		quiet_pt(PTRACE_SEIZE, pid, 0, options);
	}
	reach(1);
	/*
	 * The event comes first, if there is one; else the new one stops or
	 * gets through to step 2.
	 */
	while (!new && !shm->step[2]) {
		int status, ret = waitpid(pid, &status, __WALL | WNOHANG);

		if (ret == pid) {
			out("event %d", event_of(status));
			new = msg_of(pid);
			name(new, "new");
			quiet_stop(new);
			out("new: first stop");
			quiet_pt(PTRACE_CONT, pid, 0, 0);
		} else if ((ways[way].flags & CLONE_PTRACE) && shm->val[0]) {
			out("no event");
			new = shm->val[0];
			name(new, "new");
			quiet_stop(new);
		} else {
			usleep(200);
		}
	}
	if (new) {
		show_siginfo(new);
		show_proc(new);
		pt(PTRACE_CONT, new, 0, 0);
		await(2);
	} else {
		out("not traced");
		new = shm->val[1];
		name(new, "new");
		pt(PTRACE_INTERRUPT, new, 0, 0);
	}
	reach(3);
	/* its end, for whoever waits for it, and the signal that tells of it */
	await_state(new, "Z-");
	settle();
	show_wait(new, __WALL | WNOHANG);
	if ((ways[way].flags & (0xff | CLONE_PARENT)) == SIGUSR1) {
		show_wait(pid, 0);
		pt(PTRACE_CONT, pid, 0, 0);
	}
	await(4);
	rest(pid);
	kill(pid, SIGKILL);
	show_wait(pid, 0);
	show_wait(-1, __WALL | WNOHANG);
}

int main(void)
{
	static const long options[] = {
		0, PTRACE_O_TRACEFORK, PTRACE_O_TRACEVFORK, PTRACE_O_TRACECLONE,
		PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE,
	};
	int i, o;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		for (o = 0; o < 5; o++) {
			out("%s, options %#lx", ways[i].name, options[o]);
			one(i, options[o], o & 1);
		}
	}
	return 0;
}
