// SPDX-License-Identifier: GPL-2.0-only
/* GETFPREGS and SETFPREGS: the tracee has what was set; bad control words, sizes */
#include "req.h"

static void child(void *arg)
{
	double x[2] = { 1.5, 2.5 };
	unsigned short cw = 0x27f, seen = 0;

	asm volatile("fninit; fldcw %0; fldl %1; movups %2, %%xmm5\n"
		     "int3\n"
		     "movups %%xmm5, %2; fstpl %1; fnstcw %3"
		     : "+m"(cw), "+m"(x[0]), "+m"(x), "+m"(seen) : :
		     "st", "xmm5");
	shm->val[0] = x[0] * 2;
	shm->val[1] = x[1] * 2;
	shm->val[2] = seen;
}

int main(void)
{
	struct user_fpregs_struct fp, old;
	struct iovec iov;
	pid_t pid = spawn_traced("tracee", child, NULL);
	static char large[4096];
	double x[2];
	long ret;

	req_go(pid, PTRACE_CONT, 0);
	ret = quiet_pt(PTRACE_GETFPREGS, pid, 0, (long)&fp);
	out("get %s", show_errno(ret));
	old = fp;
#ifdef __x86_64__
	memcpy(x, (char *)fp.xmm_space + 5 * 16, 16);
	out("control %#x, status %#x, tag %#x, mxcsr %#x, mask %#x, xmm5 %g %g",
	    fp.cwd, fp.swd, fp.ftw, fp.mxcsr, fp.mxcr_mask, x[0], x[1]);
	fp.mxcsr = 0xffffffff;
	out("bad mxcsr: %s", show_errno(quiet_pt(PTRACE_SETFPREGS, pid, 0,
						 (long)&fp)));
	fp = old;
	fp.cwd = 0x37f;
	x[0] = 7.5;
	x[1] = 8.5;
	memcpy((char *)fp.xmm_space + 5 * 16, x, 16);
#else
	x[0] = 0;
	out("control %#lx, status %#lx, tag %#lx", fp.cwd & 0xffff,
	    fp.swd & 0xffff, fp.twd & 0xffff);
	fp.cwd = (fp.cwd & 0xffff0000) | 0x37f;
#endif
	out("set: %s", show_errno(quiet_pt(PTRACE_SETFPREGS, pid, 0,
					   (long)&fp)));
	memset(&old, 0, sizeof(old));
	iov = (struct iovec){ &old, sizeof(old) };
	ret = quiet_pt(PTRACE_GETREGSET, pid, NT_PRFPREG, (long)&iov);
	out("regset %s, %s", show_errno(ret), memcmp(&fp, &old, sizeof(fp)) ?
	    "differs" : "same");
	/* part of it can be read, not written */
	iov.iov_len = 32;
	ret = quiet_pt(PTRACE_GETREGSET, pid, NT_PRFPREG, (long)&iov);
	out("part: %s, %zu", show_errno(ret), iov.iov_len);
	ret = quiet_pt(PTRACE_SETREGSET, pid, NT_PRFPREG, (long)&iov);
	out("set part: %s, %zu", show_errno(ret), iov.iov_len);
	iov = (struct iovec){ large, sizeof(large) };
	ret = quiet_pt(PTRACE_GETREGSET, pid, NT_PRFPREG, (long)&iov);
	out("large: %s, %zu", show_errno(ret), iov.iov_len);
	iov = (struct iovec){ large, sizeof(large) };
	ret = quiet_pt(PTRACE_GETREGSET, pid, NT_X86_XSTATE, (long)&iov);
	out("xstate: %s", show_errno(ret));
	ret = quiet_pt(PTRACE_SETREGSET, pid, NT_X86_XSTATE, (long)&iov);
	out("set xstate: %s", show_errno(ret));
	iov.iov_len -= 8;
	ret = quiet_pt(PTRACE_SETREGSET, pid, NT_X86_XSTATE, (long)&iov);
	out("set part: %s", show_errno(ret));
	req_go(pid, PTRACE_CONT, 0);
	out("it saw %ld/2 %ld/2, control %#lx", shm->val[0], shm->val[1],
	    shm->val[2]);
	return 0;
}
