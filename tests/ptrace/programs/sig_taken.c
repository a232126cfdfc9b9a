// SPDX-License-Identifier: GPL-2.0-only
/* sigtimedwait, signalfd and sigpending of a tracee: blocked signals make no stop */
#include <sys/signalfd.h>

#include "sig.h"

static void child(void *arg)
{
	struct signalfd_siginfo from;
	siginfo_t info = { 0 };
	struct timespec none = { 0 };
	sigset_t set;
	int fd, ret;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, 40);
	sigprocmask(SIG_BLOCK, &set, NULL);
	handle(SIGUSR1, tell, 0);
	fd = signalfd(-1, &set, 0);
	reach(0);
	ret = sigwaitinfo(&set, &info);
	out("sigwaitinfo %s", signame(ret));
	show_info(&info);
	ret = read(fd, &from, sizeof(from));
	out("signalfd %d: %s from %s value %d", ret, signame(from.ssi_signo),
	    who(from.ssi_pid), from.ssi_int);
	send_self(SIGUSR1);
	send_self(SIGUSR2);
	sigpending(&set);
	out("pending: SIGUSR1 %d SIGUSR2 %d", sigismember(&set, SIGUSR1),
	    sigismember(&set, SIGUSR2));
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	ret = sigtimedwait(&set, &info, &none);
	out("sigtimedwait %s", signame(ret));
	ret = sigtimedwait(&set, &info, &none);
	out("sigtimedwait %d %s", ret, ret < 0 ? strerrorname_np(errno) : "");
}

int main(void)
{
	pid_t pid = spawn_seized("tracee", child, NULL, 0);

	await(0);
	await_syscall(pid, SYS_rt_sigtimedwait);
	queue(pid, 40, 3);
	await_syscall(pid, SYS_read);
	queue(pid, 40, 4);
	show_wait(pid, 0);
	show_siginfo(pid);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	return 0;
}
