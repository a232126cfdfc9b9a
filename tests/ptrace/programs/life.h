/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs about lifetimes share: a subject that is brought into any stop */
#ifndef LIFE_H
#define LIFE_H

#include "sec.h"
#include "wait.h"

enum kind { AWAKE, ASLEEP, SIGNAL, ENTRY, LEAVE, STEP, TRAP, GROUP, LISTENING,
	    FORK, EXEC, EXITING, CLONED, VFORKED, FILTERED, KINDS };

static const UNUSED char *const kind_names[] = {
	"awake", "asleep", "signal stop", "syscall entry", "syscall exit",
	"a step", "trap", "group-stop", "listening", "fork event", "exec event",
	"exit event", "clone event", "vfork done", "seccomp stop",
};

/* Signals that its handlers saw, what its system call returned, a sign of life */
#define got_usr1	shm->val[1]
#define got_usr2	shm->val[2]
#define got_call	shm->val[3]
#define ticks		shm->val[4]
#define got_group	shm->val[5]

/* What EXEC runs; it sleeps there */
static __attribute__((constructor)) void life_again(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "again"))
		pausing(NULL);
}

static UNUSED __attribute__((noreturn)) void exec_self(void)
{
	execl("/proc/self/exe", "life", "again", NULL);
	_exit(95);
}

static enum kind subject_kind;

static void subject_usr1(int sig)
{
	got_usr1++;
}

static void subject_usr2(int sig)
{
	pid_t pid;

	got_usr2++;
	switch (subject_kind) {
	case ENTRY:
	case LEAVE:
		got_call = syscall(SYS_getppid) == getppid() ? 1 : -1;
		break;
	case FORK:
		pid = raw_clone(SIGCHLD);
		if (!pid)
			_exit(3);
		got_call = pid;
		break;
	case CLONED:
		pid = raw_clone(0);
		if (!pid)
			_exit(3);
		got_call = pid;
		break;
	case VFORKED:
		pid = raw_clone(CLONE_VFORK | SIGCHLD);
		if (!pid)
			_exit(3);
		got_call = pid;
		break;
	case FILTERED:
		got_call = syscall(SYS_getpgrp) > 0;
		break;
	case EXEC:
		exec_self();
	case EXITING:
		_exit(7);
	default:
		break;
	}
}

static UNUSED void subject(void *arg)
{
	struct sigaction usr1 = { 0 };

	subject_kind = *(int *)arg;
	signal(SIGCHLD, SIG_IGN);
	/* one signal more while the handler runs is not the same one */
	usr1.sa_handler = subject_usr1;
	usr1.sa_flags = SA_NODEFER | SA_RESTART;
	sigaction(SIGUSR1, &usr1, NULL);
	signal(SIGUSR2, subject_usr2);
	if (subject_kind == FILTERED)
		FILTER({ SYS_getpgrp, SECCOMP_RET_TRACE | 9 });
	while (subject_kind == AWAKE) {
		/* nothing that is pending survives this */
		syscall(SYS_getuid);
		ticks++;
	}
	pausing(NULL);
}

static UNUSED void forget_subject(void)
{
	int i;

	for (i = 0; i < 8; i++)
		shm->val[i] = 0;
}

/* It waits for what comes: asleep in pause() or, as AWAKE, in its loop */
static UNUSED void await_subject(pid_t pid, int kind)
{
	long last = ticks;

	if (kind != AWAKE) {
		rest(pid);
		return;
	}
	while (ticks < last + 3)
		usleep(200);
}

static UNUSED pid_t start_subject(int kind)
{
	pid_t pid;

	forget_subject();
	pid = spawn("subject", subject, &kind);
	await_subject(pid, kind);
	return pid;
}

static UNUSED long kind_options(int kind)
{
	return kind == FORK ? PTRACE_O_TRACEFORK :
	       kind == EXEC ? PTRACE_O_TRACEEXEC :
	       kind == EXITING ? PTRACE_O_TRACEEXIT :
	       kind == CLONED ? PTRACE_O_TRACECLONE :
	       kind == VFORKED ? PTRACE_O_TRACEVFORKDONE :
	       kind == FILTERED ? PTRACE_O_TRACESECCOMP : 0;
}

/* Into a file of the kernel's; the transcript tells if that fails */
static UNUSED bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == strlen(text);

	if (!ok)
		out("%s: %s", path, show_errno(-1));
	if (fd >= 0)
		close(fd);
	return ok;
}

/* From where the subject waits to the stop; keep leaves the last one to be waited for */
static UNUSED void go_to_stop(pid_t pid, int kind, bool old, bool keep)
{
	siginfo_t info;

	switch (kind) {
	case AWAKE:
	case ASLEEP:
		return;
	case SIGNAL:
		kill(pid, SIGUSR1);
		break;
	case TRAP:
		if (old)
			kill(pid, SIGSTOP);
		else
			quiet_pt(PTRACE_INTERRUPT, pid, 0, 0);
		break;
	case GROUP:
	case LISTENING:
		kill(pid, SIGSTOP);
		quiet_stop(pid);
		quiet_pt(PTRACE_CONT, pid, 0, SIGSTOP);
		if (kind == GROUP)
			break;
		quiet_stop(pid);
		quiet_pt(PTRACE_LISTEN, pid, 0, 0);
		return;
	default:
		kill(pid, SIGUSR2);
		quiet_stop(pid);
		quiet_pt(kind == ENTRY || kind == LEAVE ? PTRACE_SYSCALL :
			 kind == STEP ? PTRACE_SINGLESTEP : PTRACE_CONT,
			 pid, 0, SIGUSR2);
		if (kind == LEAVE) {
			quiet_stop(pid);
			quiet_pt(PTRACE_SYSCALL, pid, 0, 0);
		}
	}
	if (keep) {
		waitid(P_PID, pid, &info, WSTOPPED | WEXITED | WNOWAIT);
		await_inactive(pid);
	} else {
		quiet_stop(pid);
	}
}

/* Attach, one way or the other, and go to the stop */
static UNUSED void take_to_stop(pid_t pid, int kind, long options, bool old,
				bool keep)
{
	options |= kind_options(kind);
	if (old) {
		if (quiet_pt(PTRACE_ATTACH, pid, 0, 0))
			out("ATTACH: %s", show_errno(-1));
		quiet_stop(pid);
		quiet_pt(PTRACE_SETOPTIONS, pid, 0, options);
		quiet_pt(PTRACE_CONT, pid, 0, 0);
		await_subject(pid, kind);
	} else if (quiet_pt(PTRACE_SEIZE, pid, 0, options)) {
		out("SEIZE: %s", show_errno(-1));
	}
	go_to_stop(pid, kind, old, keep);
}

/* Where it comes to rest after whatever was done to it, in a letter */
static UNUSED char final_state(pid_t pid, int kind)
{
	char path[48], buf[64];
	long last = ticks;
	int fd, n, i;
	char state;

	for (i = 0; i < 100000; i++) {
		state = state_of(pid);
		if (strchr("tTZ-", state))
			break;
		if (kind == AWAKE && ticks >= last + 3) {
			state = 'R';
			break;
		}
		snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
		fd = open(path, O_RDONLY);
		n = fd < 0 ? 0 : read(fd, buf, sizeof(buf) - 1);
		if (fd >= 0)
			close(fd);
		if (n > 0 && atol(buf) == SYS_pause && *buf != 'r' &&
		    state_of(pid) == 'S') {
			state = 'S';
			break;
		}
		usleep(200);
	}
	settle();
	return state;
}

/* What became of it; of a zombie the status, which is left */
static UNUSED void show_fate(pid_t pid, int kind)
{
	char state = final_state(pid, kind);

	if (state == '-')
		out("  %s is gone", who(pid));
	else
		out("  %s is %c, USR1 %ld, USR2 %ld, call %s", who(pid), state,
		    got_usr1, got_usr2,
		    got_call > 1 ? "positive" : show_errno(got_call));
}

/* What became of the fork event's child; it is killed */
static UNUSED void show_child(pid_t pid, int kind)
{
	pid_t child = got_call;

	if ((kind != FORK && kind != CLONED) || child <= 1)
		return;
	name(child, "child");
	/* a clone without an exit signal stays a zombie */
	await_state(child, kind == CLONED ? "tTZ-" : "tT-");
	show_proc(child);
	kill(child, SIGKILL);
}

/* The end: its child by the fork event goes, too */
static UNUSED void drop_child(pid_t pid)
{
	if (pid > 0)
		finish(pid);
}

#endif
