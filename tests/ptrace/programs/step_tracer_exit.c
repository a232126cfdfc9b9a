// SPDX-License-Identifier: GPL-2.0-only
/* The tracer ends after a step without DETACH: the trap flag stays and kills */
#include "step.h"

void body(void *arg);
LABEL(first); LABEL(second);

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(second) "nop\n"
	"nop\nret\n");

static const struct label table[] = { SYM(first), SYM(second), { NULL } };

static void child(void *arg)
{
	shm->pid[0] = getpid();
	reach(0);
	await(1);
	body(arg);
	_exit(21);
}

static void inner(void *arg)
{
	pid_t pid = shm->pid[0];

	pt(PTRACE_SEIZE, pid, 0, 0);
	reach(1);
	show_wait(pid, 0);
	go(pid, PTRACE_SINGLESTEP, 0);
}

int main(void)
{
	pid_t pid, tracer;

	labels = table;
	pid = spawn("tracee", child, NULL);
	await(0);
	tracer = spawn("the other", inner, NULL);
	show_wait(tracer, 0);
	show_wait(pid, 0);
	return 0;
}
