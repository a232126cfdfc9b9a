// SPDX-License-Identifier: GPL-2.0-only
/* The 32-bit ptrace call with a 64-bit tracee: each request, its sizes and layouts */
#include "req_compat.h"

static void child(void *arg)
{
	for (;;)
		raise(SIGUSR1);
}

/* How much of the room was written by a call */
static int filled(void)
{
	int n = 256;

	while (n && req_room[n - 1] == (char)0xa5)
		n--;
	return n;
}

static void sized(pid_t pid, const char *name, int request, long addr)
{
	long ret;

	memset(req_room, 0xa5, sizeof(req_room));
	ret = pt32(request, pid, addr, (long)req_room);
	out("  %s: %s, %d bytes", name, show_errno(ret), filled());
}

static void regset(pid_t pid, const char *name, long type, long len)
{
	long ret = regset32(PTRACE_GETREGSET, pid, type, len);

	out("  regset %s %ld: %s, %u", name, len, show_errno(ret),
	    req_iov32.len > 520 ? 9999 : req_iov32.len);
	ret = regset32(PTRACE_SETREGSET, pid, type, req_iov32.len);
	out("    set: %s", show_errno(ret));
}

int main(void)
{
	struct user_regs_struct regs, after;
	pid_t pid = spawn_traced("tracee", child, NULL);
	uint32_t word[2] = { 0 };
	int i;

	memcpy(req_old, req_room, 1);
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&regs);
	req_quiet(pt32, pid);
	req_print();
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&after);
	for (i = 0; i < sizeof(regs) / 8; i++)
		if (((long *)&regs)[i] != ((long *)&after)[i])
			out("register %d lost its upper half: %s", i,
			    (uint32_t)((long *)&regs)[i] ==
			    (uint32_t)((long *)&after)[i] ? "yes" : "no");
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&regs);
	req_moving(pt32, pid, 65);
	req_moving(pt32, pid, -1);
	req_print();

	out("sizes");
	req_go(pid, PTRACE_CONT, 0);
	sized(pid, "peekdata", PTRACE_PEEKDATA, (long)&req_word);
	sized(pid, "peekusr", PTRACE_PEEKUSR, 0);
	sized(pid, "message", PTRACE_GETEVENTMSG, 0);
	sized(pid, "siginfo", PTRACE_GETSIGINFO, 0);
	sized(pid, "sigmask", PTRACE_GETSIGMASK, 8);
	sized(pid, "sigmask 4", PTRACE_GETSIGMASK, 4);
	sized(pid, "regs", PTRACE_GETREGS, 0);
	sized(pid, "fpregs", PTRACE_GETFPREGS, 0);
	sized(pid, "fpxregs", REQ_GETFPXREGS, 0);
	sized(pid, "syscall info", PTRACE_GET_SYSCALL_INFO, 88);
	sized(pid, "rseq", PTRACE_GET_RSEQ_CONFIGURATION, 24);
	for (i = 11; i < 16; i++)
		sized(pid, "thread area", REQ_GET_THREAD_AREA, i);
	sized(pid, "arch_prctl", REQ_ARCH_PRCTL, 0);
	/* these have the layout of the tracee */
	regset(pid, "prstatus", NT_PRSTATUS, 1000);
	regset(pid, "prstatus", NT_PRSTATUS, 68);
	regset(pid, "prstatus", NT_PRSTATUS, 72);
	regset(pid, "fpreg", NT_PRFPREG, 4096);
	regset(pid, "xfpreg", NT_PRXFPREG, 4096);
	regset(pid, "xstate", NT_X86_XSTATE, 8192);
	regset(pid, "tls", NT_386_TLS, 4096);

	/* a word is four bytes */
	req_word = 0x1111222233334444;
	out("poke: %s", show_errno(pt32(PTRACE_POKEDATA, pid,
					(long)&req_word, 0x5678)));
	quiet_pt(PTRACE_PEEKDATA, pid, (long)&req_word, (long)&req_room);
	out("  now %#lx", *(long *)req_room);
	pt32(PTRACE_PEEKDATA, pid, (long)&req_word + 4, (long)req_room);
	out("  upper half %#x", *(uint32_t *)req_room);

	out("attach: %s", show_errno(pt32(PTRACE_ATTACH, pid, 0, 0)));
	out("seize: %s", show_errno(pt32(PTRACE_SEIZE, pid, 0, 0x100)));
	out("nobody: %s", show_errno(pt32(PTRACE_SEIZE, 0x3fffffff, 0, 0)));
	out("self: %s", show_errno(pt32(PTRACE_ATTACH, getpid(), 0, 0)));
	out("unknown: %s %s", show_errno(pt32(99, pid, 0, 0)),
	    show_errno(pt32(-1, pid, 0, 0)));
	out("options: %s %s", show_errno(pt32(PTRACE_SETOPTIONS, pid, 0, 1)),
	    show_errno(pt32(PTRACE_SETOPTIONS, pid, 0, -1)));
	/* which the 64-bit call sees, too */
	req_go(pid, PTRACE_SYSCALL, 0);
	show_siginfo(pid);
	pt32(PTRACE_GETEVENTMSG, pid, 0, (long)word);
	out("message %u %u", word[0], word[1]);
	out("cont: %s", show_errno(pt32(PTRACE_CONT, pid, 0, 0)));
	show_wait(pid, 0);
	out("detach: %s", show_errno(pt32(PTRACE_DETACH, pid, 0, SIGTERM)));
	show_wait(pid, 0);
	return 0;
}
