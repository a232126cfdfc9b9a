// SPDX-License-Identifier: GPL-2.0-only
/*
 * See stops.h.
 */
#include "stops.h"

#define THREAD	(CLONE_VM | CLONE_THREAD | CLONE_SIGHAND)

static int calls(long arg)
{
	for (;;) {
		sys(SYS_getppid, 0, 0, 0, 0, 0);
		shm->beats++;
	}
	return 0;
}

static int raises(long sig)
{
	for (;;) {
		long pid = sys(SYS_getpid, 0, 0, 0, 0, 0);

		sys(SYS_kill, pid, sig, 0, 0, 0);
		shm->beats++;
	}
	return 0;
}

static int raises_usr1(long arg)
{
	return raises(SIGUSR1);
}

static int raises_stop(long arg)
{
	return raises(SIGSTOP);
}

/* A turn is over when the new one has run: none may be left in a stop */
static int forks(long flags)
{
	for (;;) {
		long before = shm->children, pid = fork_quick(flags);
		int status;

		AWAIT(shm->children > before);
		if (pid > 0 && !(flags & CLONE_THREAD))
			wait_for(pid, &status, 0);
		shm->beats++;
	}
	return 0;
}

static int does_fork(long arg)
{
	return forks(SIGCHLD);
}

static int does_vfork(long arg)
{
	return forks(CLONE_VFORK | SIGCHLD);
}

static int does_clone(long arg)
{
	return forks(THREAD);
}

int exec_loop(void)
{
	shm->beats++;
	exec_self();
	return 94;
}

static int does_exec(long arg)
{
	return exec_loop();
}

/* Not before it is seized */
static int does_exit(long turn)
{
	AWAIT(shm->turn >= turn);
	return 0;
}

#define GOOD	PTRACE_O_TRACESYSGOOD
#define EVENT(e) AT(SIGTRAP, PTRACE_EVENT_##e)

const struct stop_kind stop_kinds[] = {
	{ "signal", raises_usr1, 0, PTRACE_CONT, SIGUSR1, 1 },
	{ "syscall entry", calls, GOOD, PTRACE_SYSCALL, SIGTRAP | 0x80, 1 },
	{ "syscall exit", calls, GOOD, PTRACE_SYSCALL, SIGTRAP | 0x80, 2 },
	{ "step", calls, 0, PTRACE_SINGLESTEP, SIGTRAP, 1 },
	{ "EVENT_STOP", calls, 0, PTRACE_CONT, EVENT(STOP), 1 },
	{ "group stop", raises_stop, 0, PTRACE_CONT,
	  AT(SIGSTOP, PTRACE_EVENT_STOP), 1, false, true },
	{ "listening", raises_stop, 0, PTRACE_CONT,
	  AT(SIGSTOP, PTRACE_EVENT_STOP), 1, true, true },
	{ "fork", does_fork, PTRACE_O_TRACEFORK, PTRACE_CONT, EVENT(FORK), 1 },
	{ "vfork", does_vfork, PTRACE_O_TRACEVFORK, PTRACE_CONT,
	  EVENT(VFORK), 1 },
	{ "vfork done", does_vfork, PTRACE_O_TRACEVFORKDONE, PTRACE_CONT,
	  EVENT(VFORK_DONE), 1 },
	{ "clone", does_clone, PTRACE_O_TRACECLONE, PTRACE_CONT,
	  EVENT(CLONE), 1 },
	{ "exec", does_exec, PTRACE_O_TRACEEXEC, PTRACE_CONT, EVENT(EXEC), 1 },
	{ "exit", does_exit, PTRACE_O_TRACEEXIT, PTRACE_CONT, EVENT(EXIT), 1,
	  false, false, true },
};

const int stop_kinds_nr = sizeof(stop_kinds) / sizeof(stop_kinds[0]);

/* A signal stop's signal is delivered, a trap's is not */
static long signal_of(int at)
{
	return at > 255 || (at & 0x7f) == SIGTRAP ? 0 : at;
}

int reach_stop(const struct stop_kind *kind, pid_t pid)
{
	int status = 0, left = kind->nth;
	long ret;

	/* what exits may be through before it would trap */
	if (!kind->ends)
		pt(PTRACE_INTERRUPT, pid, 0, NULL);
	for (;;) {
		ret = wait_for(pid, &status, 0);
		if (ret != pid)
			return -1;
		if (!WIFSTOPPED(status))
			return status;
		if (status >> 8 == kind->want && !--left)
			break;
		pt(kind->restart, pid, 0, (void *)signal_of(status >> 8));
	}
	if (kind->listen)
		pt(PTRACE_LISTEN, pid, 0, NULL);
	return status;
}
