// SPDX-License-Identifier: GPL-2.0-only
/* A tracer keeps track of a group's stops with SEIZE and LISTEN while others stop it */
#include "job.h"

/* Seed 001's example, by the API that was merged; val[0] counts its reports */
static void observe(void *arg)
{
	pid_t pid = *(pid_t *)arg;
	bool stopped, before = false;
	siginfo_t info;

	quiet_pt(PTRACE_SEIZE, pid, 0, 0);
	reach(0);
	while (!waitid(P_PID, pid, &info, WSTOPPED)) {
		quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info);
		if (info.si_code >> 8 != PTRACE_EVENT_STOP) {
			out("tracer: SIG %d", info.si_signo);
			quiet_pt(PTRACE_CONT, pid, 0, info.si_signo);
			shm->val[0]++;
			continue;
		}
		stopped = info.si_signo != SIGTRAP;
		if (stopped != before)
			out("tracer: stopped=%d signo=%d", stopped,
			    info.si_signo);
		before = stopped;
		quiet_pt(stopped ? PTRACE_LISTEN : PTRACE_CONT, pid, 0, 0);
		shm->val[0]++;
	}
}

static void await_reports(int n)
{
	while (shm->val[0] < n)
		sched_yield();
}

int main(void)
{
	pid_t pid = spawn("tracee", pausing, NULL), observer;
	int i;

	await_syscall(pid, SYS_pause);
	observer = spawn("observer", observe, &pid);
	await(0);
	for (i = 0; i < 3; i++) {
		out("mother: SIGSTOP");
		kill(pid, SIGSTOP);
		await_reports(4 * i + 2);
		show_wait(pid, WUNTRACED);
		out("mother: SIGCONT");
		kill(pid, SIGCONT);
		await_reports(4 * i + 4);
		show_wait(pid, WCONTINUED);
		await_syscall(pid, SYS_pause);
	}
	finish(observer);
	finish(pid);
	return 0;
}
