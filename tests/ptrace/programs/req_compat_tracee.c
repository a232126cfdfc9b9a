// SPDX-License-Identifier: GPL-2.0-only
/* A 64-bit tracer of a 32-bit tracee: registers, sets, calls; into it by exec and back */
#include "req_compat.h"

static void regset(pid_t pid, const char *name, long type, long len)
{
	struct iovec iov = { req_room, len };
	long ret = quiet_pt(PTRACE_GETREGSET, pid, type, (long)&iov);

	out("  regset %s %ld: %s, %zu", name, len, show_errno(ret),
	    iov.iov_len > 520 ? 9999 : iov.iov_len);
	ret = quiet_pt(PTRACE_SETREGSET, pid, type, (long)&iov);
	out("    set: %s", show_errno(ret));
}

static void show(pid_t pid)
{
	struct user_regs_struct r;

	show_siginfo(pid);
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&r);
	/* the result of getpid() is a raw pid */
	if (r.orig_rax != 20)
		show_syscall(pid);
	out("  call %ld ax %ld cs %#lx ss %#lx ds %#lx es %#lx r15 %ld",
	    (long)r.orig_rax,
	    (long)r.rax > 200 ? 999 : (long)r.rax, (long)r.cs, (long)r.ss,
	    (long)r.ds, (long)r.es, (long)r.r15);
}

static void both(void *arg)
{
	int fd = image_fd(true, image64, image64_end - image64);

	/* what the 32-bit program goes on with */
	dup2(fd, 100);
	image_start(NULL);
}

int main(void)
{
	pid_t pid;
	int i;

	req_options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC;
	pid = start32(PTRACE_O_TRACESYSGOOD);
	out("the new image");
	show(pid);
	regset(pid, "prstatus", NT_PRSTATUS, 1000);
	req_go(pid, PTRACE_CONT, 0);
	show(pid);
	req_at_stop(pid);
	regset(pid, "prstatus", NT_PRSTATUS, 1000);
	regset(pid, "prstatus", NT_PRSTATUS, 64);
	regset(pid, "fpreg", NT_PRFPREG, 1000);
	regset(pid, "xfpreg", NT_PRXFPREG, 1000);
	regset(pid, "xstate", NT_X86_XSTATE, 8192);
	regset(pid, "tls", NT_386_TLS, 1008);
	regset(pid, "ioperm", NT_386_IOPERM, 64);
	for (i = 0; i < 9; i++) {
		pt(PTRACE_SYSCALL, pid, 0, 0);
		if (show_wait(pid, 0) != pid || !WIFSTOPPED(last_status()))
			break;
		show(pid);
	}
	finish(pid);

	out("32, then 64");
	pid = spawn_traced("tracee", both, NULL);
	pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD |
	   PTRACE_O_TRACEEXEC);
	req_go(pid, PTRACE_CONT, 0);
	req_go(pid, PTRACE_CONT, 0);
	req_go(pid, PTRACE_CONT, 0);
	show(pid);
	/* entry, event, exit of a call whose table changed in between */
	for (i = 0; i < 8; i++) {
		pt(PTRACE_SYSCALL, pid, 0, 0);
		if (show_wait(pid, 0) != pid || !WIFSTOPPED(last_status()))
			break;
		show(pid);
	}
	finish(pid);
	return 0;
}
