// SPDX-License-Identifier: GPL-2.0-only
/* Steps of the tracees. */
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "../rig.h"
#include "fuzz.h"

static char stacks[8][16384] __attribute__((aligned(16)));

static void on_signal(int sig, siginfo_t *info, void *context)
{
	note("%s handles %s code %d from %s",
	     name_of(raw(SYS_gettid, 0, 0, 0, 0, 0, 0)), signame(sig), info->si_code,
	     name_of(info->si_pid));
}

static void handle(int sig, int flags)
{
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | flags };

	sigaction(sig, &sa, NULL);
}

/* A new image takes up what its predecessors left: it is A if they were threads */
static int succeed(int role)
{
	int i;

	if (SHARED->setting.second == SECOND_THREAD)
		role = ROLE_A;
	for (i = ROLE_A; i < ROLES; i++) {
		if (i != role && SHARED->setting.second != SECOND_THREAD)
			continue;
		if (SHARED->slots[i].posted == SHARED->slots[i].done)
			continue;
		strcpy(SHARED->slots[i].result, "a new image");
		SHARED->slots[i].done = SHARED->slots[i].posted;
	}
	return role;
}

void inner_start(int role, bool fresh)
{
	if (!fresh)
		role = succeed(role);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGINT, SIG_IGN);
	handle(SIGUSR1, SA_RESTART);
	handle(SIGUSR2, 0);
	handle(34, SA_RESTART);
	handle(SIGSYS, 0);
	if (SHARED->setting.cont_handler)
		handle(SIGCONT, SA_RESTART);
	act(role);
}

static void sleep_for_ever(void)
{
	for (;;)
		raw(SYS_pause, 0, 0, 0, 0, 0, 0);
}

static int child(void *lives)
{
	if (lives)
		sleep_for_ever();
	raw(SYS_exit, 5, 0, 0, 0, 0, 0);
	return 0;
}

static int second_thread(void *unused)
{
	act(ROLE_B);
}

static long do_clone(int (*fn)(void *arg), long flags, bool lives)
{
	static volatile unsigned int used;
	unsigned int i = __sync_fetch_and_add(&used, 1) % 8;

	return clone(fn, stacks[i] + sizeof(stacks[i]), flags, (void *)(long)lives);
}

#define THREAD_FLAGS \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

/* The bits: it lives on, CLONE_PTRACE, CLONE_UNTRACED, no signal at its end */
static long do_fork(long bits)
{
	long flags = bits & 8 ? 0 : SIGCHLD;
	long ret;

	if (bits & 2)
		flags |= CLONE_PTRACE;
	if (bits & 4)
		flags |= CLONE_UNTRACED;
	ret = raw(SYS_clone, flags, 0, 0, 0, 0, 0);
	if (!ret)
		child((void *)(bits & 1));
	return ret;
}

static long do_mask(int how, int sig)
{
	unsigned long mask = 1UL << (sig - 1);

	return raw(SYS_rt_sigprocmask, how, (long)&mask, 0, 8, 0, 0);
}

/* What is to become of getpid(), by which raise and stop begin, too */
static long do_filter(int kind)
{
	static const unsigned int actions[] = {
		SECCOMP_RET_TRACE | 3, SECCOMP_RET_TRAP | 4, SECCOMP_RET_ERRNO | 5,
		SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS,
	};
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, actions[kind % 5]),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { sizeof(code) / sizeof(*code), code };

	return raw(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, (long)&prog, 0, 0, 0);
}

static long do_exec(int role)
{
	char *argv[] = { "fuzz", "--image", role == ROLE_A ? "A" : "B", NULL };
	char *envp[] = { NULL };

	return raw(SYS_execve, (long)"/proc/self/exe", (long)argv, (long)envp, 0, 0, 0);
}

static long do_fault(int op)
{
	if (op == OP_int3)
		asm volatile("int3");
	else
		asm volatile("movl $1, 0" ::: "memory");
	return 0;
}

static long do_signal(int op, int sig)
{
	const long pid = raw(SYS_getpid, 0, 0, 0, 0, 0, 0);

	if (op == OP_stop)
		return raw(SYS_kill, pid, SIGSTOP, 0, 0, 0, 0);
	return raw(SYS_tgkill, pid, raw(SYS_gettid, 0, 0, 0, 0, 0, 0), sig, 0, 0, 0);
}

static long carry_out(int role, const struct step *step)
{
	struct timespec hour = { 3600 };

	switch (step->op) {
	case OP_getpid:
		return raw(SYS_getpid, 0, 0, 0, 0, 0, 0);
	case OP_raise:
	case OP_stop:
		return do_signal(step->op, step->arg);
	case OP_block:
		return do_mask(SIG_BLOCK, step->arg);
	case OP_unblock:
		return do_mask(SIG_UNBLOCK, step->arg);
	case OP_fork:
		return do_fork(step->arg);
	case OP_vfork:
		return do_clone(child, CLONE_VM | CLONE_VFORK | SIGCHLD, step->arg);
	case OP_thread:
		return do_clone(child, THREAD_FLAGS, step->arg);
	case OP_exec:
		return do_exec(role);
	case OP_exit:
		return raw(SYS_exit, step->arg, 0, 0, 0, 0, 0);
	case OP_exit_group:
		return raw(SYS_exit_group, step->arg, 0, 0, 0, 0, 0);
	case OP_pause:
		return raw(SYS_pause, 0, 0, 0, 0, 0, 0);
	case OP_nap:
		return raw(SYS_nanosleep, (long)&hour, 0, 0, 0, 0, 0);
	case OP_int3:
	case OP_segv:
		return do_fault(step->op);
	case OP_traceme:
		return raw(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0, 0, 0);
	case OP_filter:
		return do_filter(step->arg);
	case OP_reap:
		return raw(SYS_wait4, -1, 0, WNOHANG, 0, 0, 0);
	case N_OPS:
		return do_clone(second_thread, THREAD_FLAGS, true);
	}
	return -ENOSYS;
}

void inner_step(int role, const struct step *step, char *result, size_t size)
{
	long ret = carry_out(role, step);

	if (ret >= SHARED->base && ret < SHARED->base + 100)
		snprintf(result, size, "%s", name_of(ret));
	else
		snprintf(result, size, "%s", ret_text(ret));
}
