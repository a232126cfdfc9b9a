// SPDX-License-Identifier: GPL-2.0-only
/* The example of seed 001, on SEIZE and LISTEN: what it prints is in job_seed.expect */
#include "job.h"

/* val[0] counts its reports */
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

/* The next one comes when the tracer is through with the one before */
static void mother(pid_t pid, int sig, int reports)
{
	out("mother: %s", signame(sig));
	kill(pid, sig);
	while (shm->val[0] < reports)
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
		mother(pid, SIGSTOP, 4 * i + 2);
		mother(pid, SIGCONT, 4 * i + 4);
		await_syscall(pid, SYS_pause);
	}
	finish(observer);
	finish(pid);
	return 0;
}
