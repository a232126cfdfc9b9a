// SPDX-License-Identifier: GPL-2.0-only
/* Several things wrong at once: which error it is; a failed call leaves the stop */
#include "req.h"

static void child(void *arg)
{
	for (;;)
		raise(SIGUSR1);
}

#define TRY(what, request, pid, addr, data) \
	out(what ": %s", show_errno(quiet_pt(request, pid, addr, data)))

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);
	struct iovec iov = { (void *)8, 3 };

	TRY("bad signal, nobody", PTRACE_CONT, 0x3fffffff, 0, 999);
	TRY("bad request, nobody", 999, 0x3fffffff, 0, 0);
	TRY("bad options, nobody", PTRACE_SEIZE, 0x3fffffff, 1, -1);
	TRY("bad options, a kernel thread", PTRACE_SEIZE, 2, 1, -1);
	TRY("bad options, a tracee", PTRACE_SEIZE, pid, 0, -1);
	TRY("bad request, not ours", 999, 1, 0, 0);
	TRY("bad address and offset", PTRACE_PEEKUSR, pid, 3, 8);
	TRY("bad address twice", PTRACE_PEEKDATA, pid, 8, 8);
	TRY("bad mask size and address", PTRACE_GETSIGMASK, pid, 3, 8);
	TRY("bad set and iovec", PTRACE_GETREGSET, pid, 999, 8);
	TRY("bad set and base", PTRACE_GETREGSET, pid, 999, (long)&iov);
	TRY("bad length and base", PTRACE_GETREGSET, pid, NT_PRSTATUS,
	    (long)&iov);
	out("  length %zu", iov.iov_len);
	iov.iov_len = 8192;
	TRY("bad base", PTRACE_GETREGSET, pid, NT_PRSTATUS, (long)&iov);
	/* it is not told how much there would be */
	out("  length %zu", iov.iov_len);
	iov.iov_len = 0;
	TRY("bad base, nothing", PTRACE_GETREGSET, pid, NT_PRSTATUS,
	    (long)&iov);
	TRY("no mask", PTRACE_GETSIGMASK, pid, 0, 0);
	TRY("no call info, size 0", PTRACE_GET_SYSCALL_INFO, pid, 0, 8);
	TRY("no rseq, size 0", PTRACE_GET_RSEQ_CONFIGURATION, pid, 0, 8);
	TRY("metadata, small and bad", PTRACE_SECCOMP_GET_METADATA, pid, 3, 8);
	show_proc(pid);
	show_wait(pid, WNOHANG);
	req_go(pid, PTRACE_CONT, 0);

	pt(PTRACE_CONT, pid, 0, 0);
	await_state(pid, "t");
	/* not waited for, and yet at its stop */
	TRY("bad signal", PTRACE_CONT, pid, 0, 999);
	TRY("bad request", 999, pid, 0, 0);
	show_wait(pid, WNOHANG);
	pt(PTRACE_CONT, pid, 0, SIGUSR1);
	show_wait(pid, 0);
	TRY("bad signal, dead", PTRACE_CONT, pid, 0, 999);
	return 0;
}
