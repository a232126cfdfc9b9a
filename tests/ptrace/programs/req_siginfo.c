// SPDX-License-Identifier: GPL-2.0-only
/* SETSIGINFO of odd contents: codes unknown, bytes behind the fields, other signals */
#include "req.h"

static void child(void *arg)
{
	for (;;)
		raise(SIGUSR1);
}

static void try(pid_t pid, const char *what, int sig, int code, int tail,
		int where)
{
	unsigned char buf[128], now[128];
	siginfo_t *info = (void *)buf;
	long ret;
	int i;

	memset(buf, 0, sizeof(buf));
	info->si_signo = sig;
	info->si_errno = 9;
	info->si_code = code;
	info->si_pid = 4;
	buf[where] = tail;
	ret = quiet_pt(PTRACE_SETSIGINFO, pid, 0, (long)buf);
	out("%s: %s", what, show_errno(ret));
	memset(now, 0xaa, sizeof(now));
	ret = quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)now);
	info = (void *)now;
	for (i = 127; i >= 0 && !now[i]; i--)
		;
	out("  get %s: %d %d %d, last byte set %d", show_errno(ret),
	    info->si_signo, info->si_errno, info->si_code, i);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	req_go(pid, PTRACE_CONT, 0);
	try(pid, "plain", SIGUSR1, SI_TKILL, 0, 127);
	try(pid, "last byte", SIGUSR1, SI_TKILL, 1, 127);
	try(pid, "byte 47", SIGUSR1, SI_TKILL, 1, 47);
	try(pid, "byte 48", SIGUSR1, SI_TKILL, 1, 48);
	try(pid, "code 99", SIGUSR1, 99, 0, 127);
	try(pid, "code 99, last byte", SIGUSR1, 99, 1, 127);
	try(pid, "code 0x10000, last byte", SIGUSR1, 0x10000, 1, 127);
	try(pid, "SI_QUEUE", SIGUSR1, SI_QUEUE, 3, 24);
	try(pid, "code -99", SIGUSR1, -99, 1, 60);
	try(pid, "another signal", SIGUSR2, SI_USER, 0, 127);
	try(pid, "signal 0", 0, SI_USER, 0, 127);
	try(pid, "signal 99", 99, SI_USER, 0, 127);
	try(pid, "signal -1", -1, SI_USER, 0, 127);
	try(pid, "SEGV_BNDERR", SIGSEGV, 3, 1, 39);
	try(pid, "SIGTRAP exec event", SIGTRAP, 4 << 8 | SIGTRAP, 0, 127);
	try(pid, "SIGTRAP syscall", SIGTRAP, SIGTRAP | 0x80, 0, 127);
	/* which is believed here */
	show_syscall(pid);
	try(pid, "SIGTRAP seccomp", SIGTRAP, 7 << 8 | SIGTRAP, 0, 127);
	show_syscall(pid);
	req_go(pid, PTRACE_CONT, 0);
	show_siginfo(pid);
	finish(pid);
	return 0;
}
