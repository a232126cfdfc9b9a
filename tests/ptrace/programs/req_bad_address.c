// SPDX-License-Identifier: GPL-2.0-only
/* Requests whose data or address argument points nowhere, into the kernel, too far */
#include "req.h"

static void all(req_call *call, pid_t pid, const char *what, long at)
{
	out("%s", what);
	ASK("PEEKTEXT", PTRACE_PEEKTEXT, (long)&req_word, at);
	ASK("PEEKDATA", PTRACE_PEEKDATA, (long)&req_word, at);
	ASK("PEEKUSR", PTRACE_PEEKUSR, 0, at);
	ASK("GETREGS", PTRACE_GETREGS, 0, at);
	ASK("SETREGS", PTRACE_SETREGS, 0, at);
	ASK("GETFPREGS", PTRACE_GETFPREGS, 0, at);
	ASK("SETFPREGS", PTRACE_SETFPREGS, 0, at);
	ASK("GETEVENTMSG", PTRACE_GETEVENTMSG, 0, at);
	ASK("GETSIGINFO", PTRACE_GETSIGINFO, 0, at);
	ASK("SETSIGINFO", PTRACE_SETSIGINFO, 0, at);
	ASK("GETREGSET", PTRACE_GETREGSET, NT_PRSTATUS, at);
	ASK("SETREGSET", PTRACE_SETREGSET, NT_PRSTATUS, at);
	ASK("GETREGSET-unknown", PTRACE_GETREGSET, 99, at);
	ASK("PEEKSIGINFO", PTRACE_PEEKSIGINFO, at, (long)req_room);
	ASK("GETSIGMASK", PTRACE_GETSIGMASK, 8, at);
	ASK("SETSIGMASK", PTRACE_SETSIGMASK, 8, at);
	ASK("SECCOMP_GET_METADATA", PTRACE_SECCOMP_GET_METADATA, 16, at);
	ASK("GET_SYSCALL_INFO", PTRACE_GET_SYSCALL_INFO, 88, at);
	ASK("GET_RSEQ_CONFIGURATION", PTRACE_GET_RSEQ_CONFIGURATION, 24, at);
	ASK("GET_THREAD_AREA", REQ_GET_THREAD_AREA, 12, at);
	ASK("SET_THREAD_AREA", REQ_SET_THREAD_AREA, 12, at);
	ASK("ARCH_PRCTL", REQ_ARCH_PRCTL, at, ARCH_GET_FS);
	req_print();
	out("%s, by iovec", what);
	req_iov = (struct iovec){ (void *)at, 16 };
	ASK("GETREGSET", PTRACE_GETREGSET, NT_PRSTATUS, (long)&req_iov);
	ASK("SETREGSET", PTRACE_SETREGSET, NT_PRSTATUS, (long)&req_iov);
	req_iov = (struct iovec){ (void *)at, 512 };
	ASK("GETREGSET-fp", PTRACE_GETREGSET, NT_PRFPREG, (long)&req_iov);
	ASK("SETREGSET-fp", PTRACE_SETREGSET, NT_PRFPREG, (long)&req_iov);
	req_print();
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", pausing, NULL);
	struct user_regs_struct old, new;
	char *zeroes = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&old);
	all(quiet_pt, pid, "null", 0);
	all(quiet_pt, pid, "unmapped", 0x1000);
	all(quiet_pt, pid, "the last byte", (long)req_edge() - 1);
	all(quiet_pt, pid, "read-only zeroes", (long)zeroes);
#ifdef __x86_64__
	all(quiet_pt, pid, "kernel", 0xffff888000000000L);
	all(quiet_pt, pid, "not canonical", 0x0000800000000000);
#endif
	all(quiet_pt, pid, "-1", -1);
	/* some were set to zero */
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&old);
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&new);
	out("registers %s", memcmp(&old, &new, sizeof(old)) ? "differ" :
	    "are back");
	show_proc(pid);
	finish(pid);
	return 0;
}
