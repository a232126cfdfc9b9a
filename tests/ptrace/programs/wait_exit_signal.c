// SPDX-License-Identifier: GPL-2.0-only
/* A tracee with another exit signal: what its parent and a stranger get, also after exec */
#include "wait.h"

static void hold_all(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Any of the three, with all that it says */
static void take_any(const char *what)
{
	struct timespec ts = { 0 };
	siginfo_t info;
	sigset_t set;
	int n = 0;

	settle();
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	while (sigtimedwait(&set, &info, &ts) > 0) {
		n++;
		out("%s: %s code %d of %s status %d", what,
		    signame(info.si_signo), info.si_code, who(info.si_pid),
		    info.si_status);
	}
	if (!n)
		out("%s: nothing", what);
}

static void child(void *arg)
{
	await(0);
	execl("/proc/self/exe", "wait_exit_signal", "again", NULL);
}

static void one(int sig, int how, bool exec)
{
	pid_t pid;

	out("exit signal %s, %s%s", signame(sig), how == 0 ? "not traced" :
	    how == 1 ? "seized" : "attached", exec ? ", exec" : "");
	forget_steps();
	pid = spawn_clone("child", exec ? child : pausing, NULL, sig);
	if (!exec)
		rest(pid);
	if (how == 2) {
		pt(PTRACE_ATTACH, pid, 0, 0);
		await_inactive(pid);
		take_any("attached");
		show_wait(pid, 0);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
	} else if (how) {
		pt(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXEC);
	}
	reach(0);
	if (how && exec) {
		await_inactive(pid);
		take_any("stop");
		show_wait(pid, 0);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
	} else if (!exec) {
		kill(pid, SIGKILL);
	}
	await_zombie(pid);
	take_any("death");
	show_wait(pid, WNOHANG);
	show_wait(pid, WNOHANG | __WCLONE);
	take_any("reaped");
}

int main(int argc, char **argv)
{
	static const int sigs[] = { SIGCHLD, SIGUSR1, SIGUSR2, 0 };
	int i, how;

	if (argc > 1)
		return 4;
	hold_all();
	for (how = 0; how < 3; how++) {
		for (i = 0; i < 4; i++) {
			one(sigs[i], how, false);
			one(sigs[i], how, true);
		}
	}
	return 0;
}
