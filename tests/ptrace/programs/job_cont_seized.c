// SPDX-License-Identifier: GPL-2.0-only
/* SIGCONT to a seized tracee: in the group-stop, gone on from it, and never stopped */
#include "job.h"

static pid_t pid;

/* The trap that tells, and the signal */
static void continued(void)
{
	show_stop(pid);
	show_proc(pid);
	go(pid, PTRACE_CONT, 0);
	run(pid, SIGCONT);
	show_wait(pid, WCONTINUED | WNOHANG);
	show_wait(pid, WCONTINUED | WNOHANG);
}

int main(void)
{
	pid = seized_pausing();
	out("never stopped");
	kill(pid, SIGCONT);
	continued();
	out("in the group-stop");
	stop_it(pid, SIGTTIN);
	kill(pid, SIGCONT);
	nothing(pid);
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	continued();
	out("gone on");
	stop_it(pid, SIGSTOP);
	run(pid, 0);
	show_proc(pid);
	kill(pid, SIGCONT);
	continued();
	out("in the stop of SIGUSR1");
	stop_it(pid, SIGSTOP);
	run(pid, 0);
	kill(pid, SIGUSR1);
	show_stop(pid);
	kill(pid, SIGCONT);
	nothing(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	continued();
	finish(pid);
	return 0;
}
