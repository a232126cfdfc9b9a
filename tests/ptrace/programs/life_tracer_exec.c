// SPDX-License-Identifier: GPL-2.0-only
/* The tracer execs, by its first thread or another: who stays traced, and goes on as before */
#include "wait.h"

/* After exec nothing is shared any more: argv has the tracees' pids */
static int again(char **argv)
{
	pid_t a = atoi(argv[2]), b = atoi(argv[3]);

	name(a, "tracee a");
	name(b, "tracee b");
	name(getpid(), "tracer");
	name(getppid(), "first");
	/* one may just have been let go */
	await_state(a, "St");
	await_state(b, "St");
	show_proc(a);
	show_proc(b);
	show_wait(a, WNOHANG);
	if (!pt(PTRACE_INTERRUPT, b, 0, 0))
		show_wait(b, 0);
	else
		show_wait(b, WNOHANG);
	show_siginfo(a);
	/* TRACESYSGOOD is still set */
	if (!pt(PTRACE_SYSCALL, a, 0, 0)) {
		show_wait(a, 0);
		show_syscall(a);
	}
	return 5;
}

static void exec_tracer(void)
{
	char a[16], b[16];

	snprintf(a, sizeof(a), "%d", shm->pid[1]);
	snprintf(b, sizeof(b), "%d", shm->pid[2]);
	execl("/proc/self/exe", "life", "tracer", a, b, NULL);
	_exit(95);
}

static void seize(pid_t pid)
{
	pt(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD);
}

static int how;

static void *second(void *arg)
{
	name(gettid_(), "second");
	seize(shm->pid[2]);
	reach(3);
	if (how == 2)
		exec_tracer();
	pausing(NULL);
	return NULL;
}

static void tracer(void *arg)
{
	pthread_t thread;

	seize(shm->pid[1]);
	kill(shm->pid[1], SIGUSR1);
	show_wait(shm->pid[1], 0);
	if (how == 0)
		seize(shm->pid[2]);
	else
		pthread_create(&thread, NULL, second, NULL);
	if (how)
		await(3);
	if (how < 2)
		exec_tracer();
	pausing(NULL);
}

int main(int argc, char **argv)
{
	static const char *const hows[] = {
		"the only thread", "the first of two threads", "the second one",
	};
	pid_t a, b, pid;

	if (argc > 1)
		return again(argv);
	name(getpid(), "first");
	for (how = 0; how < 3; how++) {
		out("%s execs", hows[how]);
		forget_steps();
		a = spawn("tracee a", pausing, NULL);
		b = spawn("tracee b", pausing, NULL);
		rest(a);
		rest(b);
		shm->pid[1] = a;
		shm->pid[2] = b;
		pid = spawn("other", tracer, NULL);
		show_wait(pid, 0);
		/* both are free now */
		pt(PTRACE_SEIZE, a, 0, 0);
		pt(PTRACE_SEIZE, b, 0, 0);
		finish(a);
		finish(b);
	}
	return 0;
}
