/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs about signals, job control and restarts share */
#ifndef SIG_H
#define SIG_H

#include <fcntl.h>

#include "../rig.h"

#define UNUSED __attribute__((unused))

/*
 * What a tracee says goes to a log, which the tracer prints when it waited for
 * the tracee's next stop or its end: so it has one place in the transcript, after
 * the request that let the tracee run.
 */
static int log_fd;
static pid_t log_owner;

__attribute__((constructor)) static void log_init(void)
{
	log_fd = memfd_create("log", MFD_CLOEXEC);
	log_owner = getpid();
}

static UNUSED void log_print(void)
{
	static off_t seen;
	char buf[1024];
	ssize_t n;

	if (getpid() != log_owner)
		return;
	while ((n = pread(log_fd, buf, sizeof(buf), seen)) > 0) {
		seen += n;
		if (write(STDOUT_FILENO, buf, n) != n)
			_exit(99);
	}
}

struct logged {
	void (*fn)(void *arg);
	void *arg;
};

static UNUSED void log_child(void *arg)
{
	const struct logged *logged = arg;

	dup2(log_fd, STDOUT_FILENO);
	logged->fn(logged->arg);
}

static UNUSED pid_t traced_logged(const char *child, void (*fn)(void *),
				  void *arg)
{
	struct logged logged = { fn, arg };

	return spawn_traced(child, log_child, &logged);
}

static UNUSED pid_t seized_logged(const char *child, void (*fn)(void *),
				  void *arg, long options)
{
	struct logged logged = { fn, arg };

	return spawn_seized(child, log_child, &logged, options);
}

#define spawn_traced traced_logged
#define spawn_seized seized_logged

static void log_late(int sig)
{
	out("TIME-OUT: wait");
	_exit(98);
}

static UNUSED pid_t wait_logged(pid_t pid, int options)
{
	siginfo_t info;

	if (!(options & WNOHANG)) {
		signal(SIGALRM, log_late);
		alarm(20);
		waitid(P_PID, pid, &info, WEXITED | WSTOPPED | WNOWAIT |
		       (options & (WCONTINUED | __WALL)));
		alarm(0);
	}
	log_print();
	return show_wait(pid, options);
}

#define show_wait wait_logged

static UNUSED void finish_logged(pid_t pid)
{
	finish(pid);
	log_print();
}

#define finish finish_logged

/* Not the call that a stop or a wake-up interrupts: asleep again, and in it */
static UNUSED void await_asleep(pid_t pid, long nr)
{
	await_state(pid, "S");
	await_syscall(pid, nr);
	log_print();
}

#define await_syscall await_asleep

/* A handler that tells what it got */
static UNUSED void tell(int sig, siginfo_t *info, void *context)
{
	out("handler of %s", signame(sig));
	show_info(info);
}

static UNUSED void handle(int sig, void (*fn)(int, siginfo_t *, void *),
			  int flags)
{
	struct sigaction sa = { .sa_flags = flags | SA_SIGINFO };

	sa.sa_sigaction = fn;
	sigaction(sig, &sa, NULL);
}

static UNUSED void mask(int how, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(how, &set, NULL);
}

/* To one thread, without what raise() does around it */
static UNUSED int send(pid_t tgid, pid_t tid, int sig)
{
	return syscall(SYS_tgkill, tgid, tid, sig);
}

static UNUSED int send_self(int sig)
{
	return send(getpid(), syscall(SYS_gettid), sig);
}

/* With a value, to the group or to one thread */
static UNUSED int queue(pid_t pid, int sig, int value)
{
	union sigval v = { .sival_int = value };

	return sigqueue(pid, sig, v);
}

static UNUSED int queue_thread(pid_t tgid, pid_t tid, int sig, int value)
{
	siginfo_t info = { 0 };

	info.si_signo = sig;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_value.sival_int = value;
	return syscall(SYS_rt_tgsigqueueinfo, tgid, tid, sig, &info);
}

/* The mask as PTRACE_GETSIGMASK has it */
static UNUSED void show_mask(pid_t pid)
{
	uint64_t set = 0;
	long ret = quiet_pt(PTRACE_GETSIGMASK, pid, 8, (long)&set);

	out("  mask %s %#llx", show_errno(ret), (unsigned long long)set);
}

/* Resume and wait; prints both and the siginfo of a stop.  True if stopped. */
static UNUSED bool go(pid_t pid, int request, int sig)
{
	if (pt(request, pid, 0, sig) || show_wait(pid, __WALL) != pid ||
	    !WIFSTOPPED(last_status()))
		return false;
	show_siginfo(pid);
	return true;
}

#endif
