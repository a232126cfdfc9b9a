// SPDX-License-Identifier: GPL-2.0-only
/* A tracer keeps track of a group's stops with SEIZE and LISTEN while others stop it */
#include "job_observe.h"

int main(void)
{
	pid_t pid = spawn("tracee", pausing_in_group, NULL), observer;
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
