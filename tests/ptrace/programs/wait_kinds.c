// SPDX-License-Identifier: GPL-2.0-only
/* si_code and si_status of waitid() for each kind of stop, and SIGCHLD's for the same */
#include "wait.h"

static void child(void *arg)
{
	pid_t pid;

	setpgid(0, 0);
	raise(SIGUSR1);
	raise(SIGTTIN);
	pid = raw_clone(SIGCHLD);
	if (!pid)
		_exit(0);
	pid = raw_clone(SIGUSR2);
	if (!pid)
		_exit(0);
	pid = raw_clone(SIGUSR2 | CLONE_VFORK);
	if (!pid)
		_exit(0);
	execl("/proc/self/exe", "wait_kinds", "again", NULL);
}

/* SIGCHLD says the same with less; the status, -1 at the end */
static int see(pid_t pid)
{
	siginfo_t info;

	await_state(pid, "tZ");
	if (state_of(pid) == 't')
		await_inactive(pid);
	take();
	if (waitid(P_PID, pid, &info, WSTOPPED | WEXITED | __WALL))
		return -1;
	show_info(&info);
	out("  uid %d signo %s status %#x", info.si_uid,
	    signame(info.si_signo), info.si_status);
	return info.si_code == CLD_TRAPPED ? info.si_status : -1;
}

int main(int argc, char **argv)
{
	pid_t pid, new;
	int status, event;

	if (argc > 1)
		return 9;
	hold_sigchld();
	pid = spawn_seized("tracee", child, NULL, PTRACE_O_TRACESYSGOOD |
			   PTRACE_O_TRACEEXIT | PTRACE_O_TRACEEXEC |
			   PTRACE_O_TRACEFORK | PTRACE_O_TRACECLONE |
			   PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE);
	see(pid);
	pt(PTRACE_SYSCALL, pid, 0, 0);
	see(pid);
	pt(PTRACE_SYSCALL, pid, 0, 0);
	see(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	while ((status = see(pid)) >= 0) {
		event = status >> 8;
		if (event > 0 && event <= PTRACE_EVENT_CLONE) {
			/* the new one, of which SIGCHLD tells nothing here */
			new = msg_of(pid);
			name(new, "child of %d", event);
			quiet_stop(new);
			quiet_pt(PTRACE_DETACH, new, 0, 0);
			await_zombie(new);
			drain();
		} else if (status == (PTRACE_EVENT_STOP << 8 | SIGTTIN)) {
			kill(pid, SIGCONT);
		}
		pt(PTRACE_CONT, pid, 0, status == SIGTTIN ? status : 0);
	}
	return 0;
}
