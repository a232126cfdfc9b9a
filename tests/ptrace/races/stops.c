// SPDX-License-Identifier: GPL-2.0-only
/*
 * See stops.h.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

#include "image.h"
#include "stops.h"

#define THREAD	(CLONE_VM | CLONE_THREAD | CLONE_SIGHAND)

/* A moment that is not the same each time; whoever waits for the CPU gets it */
static void turn(void)
{
	shm->beats++;
	jitter();
	relax();
}

static int calls(long arg)
{
	for (;;) {
		sys(SYS_sched_yield, 0, 0, 0, 0, 0);
		turn();
	}
	return 0;
}

static void filter_getppid(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { sizeof(code) / sizeof(code[0]), code };
	long ret = sys(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, (long)&prog, 0, 0);

	if (ret)
		fail("seccomp: %ld", ret);
}

/* While nobody traces it the call is -ENOSYS */
static int filtered_calls(long arg)
{
	filter_getppid();
	for (;;) {
		long ret = sys(SYS_getppid, 0, 0, 0, 0, 0);

		if (ret <= 0 && ret != -ENOSYS)
			fail("getppid: %ld", ret);
		turn();
	}
	return 0;
}

static int raises(long sig)
{
	for (;;) {
		long pid = sys(SYS_getpid, 0, 0, 0, 0, 0);

		sys(SYS_kill, pid, sig, 0, 0, 0);
		turn();
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

/* None of its children may be left in a stop, or have gone without a reason */
static void child_ran(pid_t pid, long before, bool thread)
{
	int status = 0;
	long ret = thread ? pid : wait_for(pid, &status, 0);

	if (shm->killed_too)
		return;
	if (thread)
		AWAIT(shm->children > before);
	if (ret != pid || status || shm->children != before + 1)
		fail("the tracee's child: wait %ld, status %#x, %ld ran", ret,
		     status, shm->children - before);
}

static int forks(long flags)
{
	for (;;) {
		long before = shm->children, pid = fork_quick(flags);

		if (pid > 0)
			child_ran(pid, before, flags & CLONE_THREAD);
		else
			fail("clone: %ld", pid);
		turn();
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

int race_image(void)
{
	turn();
	exec_self();
	return 94;
}

static int does_exec(long arg)
{
	return race_image();
}

/* Not before it is seized */
static int does_exit(long turn)
{
	AWAIT(shm->turn >= turn);
	return 0;
}

#define GOOD	PTRACE_O_TRACESYSGOOD
#define EVENT(e) AT(SIGTRAP, PTRACE_EVENT_##e)
#define PTRACE_EVENT_VFORKDONE	PTRACE_EVENT_VFORK_DONE

#define FORKS(name, body, event)					\
	{ name, body, PTRACE_O_TRACE##event, PTRACE_CONT, EVENT(event), 1, \
	  .forks = true, .cost = 1 }

const struct stop_kind stop_kinds[] = {
	{ "signal", raises_usr1, 0, PTRACE_CONT, SIGUSR1, 1, .cost = 1 },
	{ "syscall entry", calls, GOOD, PTRACE_SYSCALL, SIGTRAP | 0x80, 1,
	  .cost = 1 },
	{ "syscall exit", calls, GOOD, PTRACE_SYSCALL, SIGTRAP | 0x80, 2,
	  .cost = 1 },
	{ "step", calls, 0, PTRACE_SINGLESTEP, SIGTRAP, 1, .cost = 1 },
	{ "seccomp", filtered_calls, PTRACE_O_TRACESECCOMP, PTRACE_CONT,
	  EVENT(SECCOMP), 1, .cost = 1 },
	{ "EVENT_STOP", calls, 0, PTRACE_CONT, EVENT(STOP), 1, .cost = 1 },
	{ "group stop", raises_stop, 0, PTRACE_CONT,
	  AT(SIGSTOP, PTRACE_EVENT_STOP), 1, .stops_itself = true, .cost = 1 },
	{ "listening", raises_stop, 0, PTRACE_CONT,
	  AT(SIGSTOP, PTRACE_EVENT_STOP), 1, .listen = true,
	  .stops_itself = true, .cost = 1 },
	{ "attached", raises_stop, 0, PTRACE_CONT, SIGSTOP, 1, .attach = true,
	  .stops_itself = true, .cost = 1 },
	/* its signal stop comes first, and then this one, which looks the same */
	{ "attached, group stop", raises_stop, 0, PTRACE_CONT, SIGSTOP, 2,
	  .attach = true, .stops_itself = true, .cost = 1 },
	FORKS("fork", does_fork, FORK),
	FORKS("vfork", does_vfork, VFORK),
	FORKS("vfork done", does_vfork, VFORKDONE),
	FORKS("clone", does_clone, CLONE),
	{ "exec", does_exec, PTRACE_O_TRACEEXEC, PTRACE_CONT, EVENT(EXEC), 1,
	  .cost = 3 },
	{ "exit", does_exit, PTRACE_O_TRACEEXIT, PTRACE_CONT, EVENT(EXIT), 1,
	  .ends = true, .cost = 1 },
};

const int stop_kinds_nr = sizeof(stop_kinds) / sizeof(stop_kinds[0]);

/* A signal stop's signal is delivered, a trap's is not */
static long signal_of(int at)
{
	return at > 255 || (at & 0x7f) == SIGTRAP ? 0 : at;
}

void take_hold(const struct stop_kind *kind, pid_t pid, long options)
{
	long ret = pt(kind->attach ? PTRACE_ATTACH : PTRACE_SEIZE, pid, 0,
		      (void *)options);

	if (ret)
		fail("%s: %ld", kind->attach ? "ATTACH" : "SEIZE", ret);
}

int reach_stop(const struct stop_kind *kind, pid_t pid, bool kill_others)
{
	int status = 0, left = kind->nth;
	long ret;

	/* what exits may be through before it would trap */
	if (!kind->ends && !kind->attach)
		pt(PTRACE_INTERRUPT, pid, 0, NULL);
	for (;;) {
		ret = wait_for(kill_others ? -1 : pid, &status, 0);
		if (ret < 0)
			return -1;
		if (ret != pid) {
			if (WIFSTOPPED(status))
				sys(SYS_kill, ret, SIGKILL, 0, 0, 0);
			continue;
		}
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
