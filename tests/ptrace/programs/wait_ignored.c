// SPDX-License-Identifier: GPL-2.0-only
/* The tracer ignores SIGCHLD, or says NOCLDWAIT, NOCLDSTOP: stops and zombies of its own child */
#include "wait.h"

static volatile int count;

static void on_sigchld(int sig)
{
	count++;
}

static void show_count(const char *what)
{
	settle();
	out("  %s: %d SIGCHLD", what, count);
	count = 0;
}

static void one(bool traced, bool last_moment)
{
	pid_t pid = spawn("child", pausing, NULL);

	rest(pid);
	if (traced)
		pt(PTRACE_SEIZE, pid, 0, 0);
	if (traced) {
		kill(pid, SIGUSR1);
		await_inactive(pid);
		show_wait(pid, 0);
		show_count("stop");
	}
	if (traced && last_moment) {
		pt(PTRACE_DETACH, pid, 0, 0);
		rest(pid);
	}
	kill(pid, SIGKILL);
	if (traced && !last_moment)
		await_zombie(pid);
	else
		await_state(pid, "-Z");
	settle();
	show_count("death");
	show_wait(pid, 0);
	show_wait(-1, WNOHANG);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*fn)(int arg);
		int flags;
	} ways[] = {
		{ "default", SIG_DFL, 0 },
		{ "a handler", on_sigchld, SA_RESTART },
		{ "ignored", SIG_IGN, 0 },
		{ "handler, NOCLDSTOP", on_sigchld, SA_RESTART | SA_NOCLDSTOP },
		{ "handler, NOCLDWAIT", on_sigchld, SA_RESTART | SA_NOCLDWAIT },
		{ "default, NOCLDWAIT", SIG_DFL, SA_NOCLDWAIT },
	};
	int i;

	for (i = 0; i < 6; i++) {
		sigchld_action(ways[i].fn, ways[i].flags);
		out("%s, not traced", ways[i].name);
		one(false, false);
		out("%s, traced", ways[i].name);
		one(true, false);
		out("%s, detached before the end", ways[i].name);
		one(true, true);
	}
	return 0;
}
