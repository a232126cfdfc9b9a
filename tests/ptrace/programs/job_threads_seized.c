// SPDX-License-Identifier: GPL-2.0-only
/* Group stop of three threads, two of them seized, one listening, and SIGCONT */
#include "job.h"

int main(void)
{
	int threads = 2;
	pid_t pid = spawn("first", pausing_threads, &threads), one, two;

	await_threads(pid, 2);
	one = shm->pid[1];
	two = shm->pid[2];
	pt(PTRACE_SEIZE, one, 0, 0);
	pt(PTRACE_SEIZE, two, 0, 0);

	/* the first takes the signal */
	kill(pid, SIGSTOP);
	show_stop(one);
	show_stop(two);
	show_wait(pid, WUNTRACED);
	show_proc(pid);
	show_proc(one);
	pt(PTRACE_LISTEN, one, 0, 0);
	kill(pid, SIGCONT);
	show_stop(one);
	nothing(two);
	show_wait(pid, WCONTINUED);
	await_syscall(pid, SYS_pause);
	show_proc(pid);
	/* what it missed comes when it listens */
	pt(PTRACE_LISTEN, two, 0, 0);
	show_stop(two);
	run(one, 0);
	run(two, 0);
	nothing(one);
	nothing(two);

	/* a thread that is in another stop takes part later */
	send(pid, one, SIGUSR1);
	show_stop(one);
	kill(pid, SIGTSTP);
	show_stop(two);
	await_state(pid, "T");
	show_wait(pid, WUNTRACED | WNOHANG);
	go(one, PTRACE_CONT, 0);
	show_wait(pid, WUNTRACED);
	/* one of a stopped group that runs */
	run(two, 0);
	show_proc(two);
	show_proc(pid);
	pt(PTRACE_DETACH, one, 0, 0);
	await_state(one, "T");
	pt(PTRACE_INTERRUPT, two, 0, 0);
	show_stop(two);
	pt(PTRACE_DETACH, two, 0, 0);
	await_state(two, "T");
	show_proc(two);
	show_wait(pid, WUNTRACED | WNOHANG);
	finish(pid);
	return 0;
}
