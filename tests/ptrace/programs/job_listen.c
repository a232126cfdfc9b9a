// SPDX-License-Identifier: GPL-2.0-only
/* LISTEN: nothing to wait for, requests fail; SIGCONT, INTERRUPT, SIGKILL end it */
#include "job.h"

static void listen_to(pid_t pid)
{
	pt(PTRACE_LISTEN, pid, 0, 0);
	nothing(pid);
	show_proc(pid);
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	pt(PTRACE_DETACH, pid, 0, 0);
	pt(PTRACE_LISTEN, pid, 0, 0);
	pt(PTRACE_SETOPTIONS, pid, 0, 0);
}

int main(void)
{
	pid_t pid = seized_pausing();

	stop_it(pid, SIGSTOP);
	listen_to(pid);
	out("SIGCONT");
	kill(pid, SIGCONT);
	show_stop(pid);
	show_proc(pid);
	go(pid, PTRACE_CONT, 0);
	run(pid, SIGCONT);

	stop_it(pid, SIGTSTP);
	listen_to(pid);
	out("INTERRUPT");
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_stop(pid);
	listen_to(pid);
	out("INTERRUPT, and CONT");
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_stop(pid);
	run(pid, 0);
	out("INTERRUPT when running in a stopped group");
	pt(PTRACE_INTERRUPT, pid, 0, 0);
	show_stop(pid);
	listen_to(pid);
	out("a signal does not end it");
	kill(pid, SIGUSR1);
	nothing(pid);
	out("SIGCONT");
	kill(pid, SIGCONT);
	show_stop(pid);
	go(pid, PTRACE_CONT, 0);
	go(pid, PTRACE_CONT, 0);
	run(pid, SIGCONT);

	out("SIGKILL");
	stop_it(pid, SIGSTOP);
	listen_to(pid);
	kill(pid, SIGKILL);
	show_wait(pid, 0);
	return 0;
}
