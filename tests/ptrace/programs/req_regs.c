// SPDX-License-Identifier: GPL-2.0-only
/* SETREGS and SETREGSET: the tracee goes on with them; those set before an error stay */
#include "req.h"

#ifdef __x86_64__
#define IP	rip
#define DI	r12
#define FIRST	r15
#define CS	cs
#define BAD	0x10
#else
#define IP	eip
#define DI	edi
#define FIRST	ebx
#undef CS
#define CS	xcs
#define BAD	0x10
#endif

static void target(void)
{
	_exit(55);
}

static void child(void *arg)
{
	for (;;)
		raise(SIGUSR1);
}

static void differences(pid_t pid, const struct user_regs_struct *old)
{
	struct user_regs_struct now;
	int i, n = 0;

	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&now);
	for (i = 0; i < sizeof(now) / sizeof(long); i++) {
		long a = ((const long *)old)[i], b = ((const long *)&now)[i];

		if (a != b)
			out("  register %d is %s", i, b == 77 ? "77" :
			    "something else"), n++;
	}
	if (!n)
		out("  no difference");
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);
	struct user_regs_struct old, new;
	char *edge = req_edge();
	struct iovec iov;
	long ret;

	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&old);
	iov = (struct iovec){ &new, sizeof(new) };
	ret = quiet_pt(PTRACE_GETREGSET, pid, NT_PRSTATUS, (long)&iov);
	out("regset %s, %zu of %zu, %s", show_errno(ret), iov.iov_len,
	    sizeof(new), memcmp(&old, &new, sizeof(old)) ? "differs" : "same");

	new.FIRST = 77;
	new.CS = BAD;
	out("bad selector: %s", show_errno(quiet_pt(PTRACE_SETREGS, pid, 0,
						    (long)&new)));
	differences(pid, &old);
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&old);
	differences(pid, &old);
	ret = quiet_pt(PTRACE_SETREGSET, pid, NT_PRSTATUS, (long)&iov);
	out("bad selector by regset: %s", show_errno(ret));
	differences(pid, &old);
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&old);

	/* the first two are there, the rest is not */
	new.CS = old.CS;
	edge -= 2 * sizeof(long);
	memcpy(edge, &new, 2 * sizeof(long));
	out("short: %s", show_errno(quiet_pt(PTRACE_SETREGS, pid, 0,
					     (long)edge)));
	differences(pid, &old);
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&old);
	iov = (struct iovec){ edge, sizeof(new) };
	out("short by regset: %s",
	    show_errno(quiet_pt(PTRACE_SETREGSET, pid, NT_PRSTATUS,
				(long)&iov)));
	differences(pid, &old);
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&old);
	memset(edge, 0, 2 * sizeof(long));
	out("short get: %s", show_errno(quiet_pt(PTRACE_GETREGS, pid, 0,
						 (long)edge)));
	out("  %s", memcmp(edge, &old, 2 * sizeof(long)) ? "not filled" :
	    "filled");

	/* one register by regset */
	iov = (struct iovec){ &new, sizeof(long) };
	out("one: %s", show_errno(quiet_pt(PTRACE_SETREGSET, pid, NT_PRSTATUS,
					   (long)&iov)));
	differences(pid, &old);
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&old);

	req_go(pid, PTRACE_CONT, 0);
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&old);
	old.IP = (long)target;
	out("set: %s", show_errno(quiet_pt(PTRACE_SETREGS, pid, 0,
					   (long)&old)));
	differences(pid, &old);
	req_go(pid, PTRACE_CONT, 0);
	return 0;
}
