// SPDX-License-Identifier: GPL-2.0-only
/* SECCOMP_GET_FILTER and SECCOMP_GET_METADATA: programs, counts, errors */
#include "sec.h"

static void child(void *arg)
{
	const struct rule a[] = { { 3999, SECCOMP_RET_ERRNO | 1 } };
	const struct rule b[] = { { 3998, SECCOMP_RET_ERRNO | 2 },
				  { 3997, SECCOMP_RET_TRACE | 3 } };

	raise(SIGUSR1);
	filter_flags(a, 1, 0);
	filter_flags(b, 2, SECCOMP_FILTER_FLAG_LOG);
	raise(SIGUSR2);
}

static void strict(void *arg)
{
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	for (;;)
		;
}

static void show(pid_t pid)
{
	struct sock_filter code[64];
	struct seccomp_metadata meta;
	long n, i;

	for (n = 0; n < 3; n++) {
		out("filter %ld: %s", n, show_errno(
		    quiet_pt(PTRACE_SECCOMP_GET_FILTER, pid, n, 0)));
		i = quiet_pt(PTRACE_SECCOMP_GET_FILTER, pid, n, (long)code);
		while (i-- > 0)
			out("  %#x %u %u %#x", code[i].code, code[i].jt,
			    code[i].jf, code[i].k);
		meta.filter_off = n;
		meta.flags = 99;
		out("metadata %ld: %s", n, show_errno(
		    quiet_pt(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(meta),
			     (long)&meta)));
		out("  flags %lld", (long long)meta.flags);
	}
	out("small: %s", show_errno(
	    quiet_pt(PTRACE_SECCOMP_GET_METADATA, pid, 4, (long)&meta)));
	meta.filter_off = 0;
	out("half: %s", show_errno(
	    quiet_pt(PTRACE_SECCOMP_GET_METADATA, pid, 8, (long)&meta)));
	out("large: %s", show_errno(
	    quiet_pt(PTRACE_SECCOMP_GET_METADATA, pid, 99, (long)&meta)));
	out("bad address: %s %s", show_errno(
	    quiet_pt(PTRACE_SECCOMP_GET_FILTER, pid, 0, 8)), show_errno(
	    quiet_pt(PTRACE_SECCOMP_GET_METADATA, pid, 16, 8)));
}

static void user(void *arg)
{
	pid_t pid;

	if (setresuid(1, 1, 1))
		out("setresuid: %s", show_errno(-1));
	pid = spawn_traced("inner", child, NULL);
	out("as a user: %s", show_errno(
	    quiet_pt(PTRACE_SECCOMP_GET_FILTER, pid, 0, 0)));
	finish(pid);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	go_on(pid, PTRACE_CONT, 0);
	show(pid);
	go_on(pid, PTRACE_CONT, 0);
	show(pid);
	finish(pid);
	pid = spawn("strict", strict, NULL);
	out("not traced: %s", show_errno(
	    quiet_pt(PTRACE_SECCOMP_GET_FILTER, pid, 0, 0)));
	finish(pid);
	pid = spawn("user", user, NULL);
	show_wait(pid, 0);
	return 0;
}
