/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracer of seed 001's example, by the API that was merged */
#ifndef JOB_OBSERVE_H
#define JOB_OBSERVE_H

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

static void await_reports(int n)
{
	while (shm->val[0] < n)
		sched_yield();
}

#endif
