// SPDX-License-Identifier: GPL-2.0-only
/* A signal's disposition is changed by another thread while the signal is in a stop */
#include <pthread.h>

#include "sig.h"

static int the_sig;
static bool was_handled;

static void *second(void *arg)
{
	await(1);
	if (was_handled)
		signal(the_sig, SIG_IGN);
	else
		handle(the_sig, tell, 0);
	reach(2);
	for (;;)
		pause();
	return NULL;
}

static void child(void *arg)
{
	pthread_t thread;

	if (was_handled)
		handle(the_sig, tell, 0);
	else
		signal(the_sig, the_sig == SIGUSR1 ? SIG_IGN : SIG_DFL);
	pthread_create(&thread, NULL, second, NULL);
	send_self(the_sig);
	out("alive");
	syscall(SYS_exit_group, 7);
}

static void one(int sig, bool handled, int back)
{
	pid_t pid;

	the_sig = sig;
	was_handled = handled;
	shm->step[1] = 0;
	shm->step[2] = 0;
	out("%s is %s, then %s", signame(sig), handled ? "handled" : "ignored",
	    handled ? "ignored" : "handled");
	pid = spawn_seized("tracee", child, NULL, 0);
	show_wait(pid, 0);
	show_siginfo(pid);
	reach(1);
	await(2);
	pt(PTRACE_CONT, pid, 0, back);
	show_wait(pid, 0);
	finish(pid);
}

int main(void)
{
	static const int sigs[] = { SIGUSR1, SIGCHLD, SIGWINCH, SIGURG };
	int i;

	for (i = 0; i < 8; i++) {
		one(sigs[i % 4], i / 4, sigs[i % 4]);
		one(sigs[i % 4], i / 4, 0);
		one(sigs[i % 4], i / 4, SIGUSR2);
	}
	return 0;
}
