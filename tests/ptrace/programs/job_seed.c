// SPDX-License-Identifier: GPL-2.0-only
/* The example of seed 001, on SEIZE and LISTEN: what it prints is in job_seed.expect */
#include "job_observe.h"

/* The next one comes when the tracer is through with the one before */
static void mother(pid_t pid, int sig, int reports)
{
	out("mother: %s", signame(sig));
	kill(pid, sig);
	await_reports(reports);
}

int main(void)
{
	pid_t pid = spawn("tracee", pausing_in_group, NULL), observer;
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
