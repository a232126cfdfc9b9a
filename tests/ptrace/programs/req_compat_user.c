// SPDX-License-Identifier: GPL-2.0-only
/* PEEKUSR and POKEUSR by the 32-bit call: each offset, with a 64- and a 32-bit tracee */
#include "req_compat.h"

static void child(void *arg)
{
	for (;;)
		raise(SIGUSR1);
}

/* The result at each offset, and whether it is the 64-bit register's lower half */
static void offsets(pid_t pid, int request)
{
	long offset, first = 0, old = 0, err, last = -1;
	uint32_t value = 0;

	for (offset = 0; offset < 300; offset++) {
		if (request == PTRACE_POKEUSR &&
		    pt32(PTRACE_PEEKUSR, pid, offset, (long)req_room))
			*(uint32_t *)req_room = 0;
		value = *(uint32_t *)req_room;
		err = pt32(request, pid, offset, request == PTRACE_POKEUSR ?
			   value : (long)req_room) ? errno : 0;
		if (offset % 4) {
			if (err != EIO)
				out("  unaligned %ld: %ld", offset, err);
			continue;
		}
		if (err != last && last >= 0) {
			out("  %ld to %ld: %s", first, old, last ?
			    strerrorname_np(last) : "ok");
			first = offset;
		}
		last = err;
		old = offset;
	}
	out("  %ld to %ld: %s", first, old, last ? strerrorname_np(last) :
	    "ok");
}

static void registers(pid_t pid)
{
	static const char *const names[] = {
		"ebx", "ecx", "edx", "esi", "edi", "ebp", "eax", "ds", "es",
		"fs", "gs", "orig_eax", "eip", "cs", "eflags", "esp", "ss",
	};
	struct user_regs_struct r, now;
	uint32_t is, other;
	int i;

	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&r);
	{
		const uint32_t want[] = {
			r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.rax, r.ds,
			r.es, r.fs, r.gs, r.orig_rax, r.rip, r.cs, r.eflags,
			r.rsp, r.ss,
		};

		pt32(PTRACE_GETREGS, pid, 0, (long)req_room);
		for (i = 0; i < 17; i++) {
			is = ~want[i];
			pt32(PTRACE_PEEKUSR, pid, i * 4, (long)&req_old);
			is = *(uint32_t *)req_old;
			other = ((uint32_t *)req_room)[i];
			if (is != want[i] || other != want[i])
				out("  %s differs", names[i]);
		}
	}
	/* a new value: what is above 32 bits is zero then */
	for (i = 0; i < 17; i++) {
		out("  %s:%s", names[i],
		    show_errno(pt32(PTRACE_POKEUSR, pid, i * 4, 0x82345673)));
		pt32(PTRACE_PEEKUSR, pid, i * 4, (long)req_room);
		is = *(uint32_t *)req_room;
		if (i == 14)
			is &= ~0x40;	/* the rest decides */
		out("    %#x", is == 0x82345673 ? is : i == 14 || i == 9 ||
		    i == 10 || (i > 6 && i < 9) || i == 13 || i == 16 ?
		    is : 0);
		quiet_pt(PTRACE_GETREGS, pid, 0, (long)&now);
		if (i == 11)
			out("    as a long %#lx", (long)now.orig_rax);
		if (i == 6)
			out("    as a long %#lx", (long)now.rax);
		quiet_pt(PTRACE_SETREGS, pid, 0, (long)&r);
	}
	out("  orig_eax -1: %s", show_errno(pt32(PTRACE_POKEUSR, pid, 44,
						 -1)));
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&now);
	out("    as a long %#lx", (long)now.orig_rax);
	quiet_pt(PTRACE_SETREGS, pid, 0, (long)&r);
}

static void debug(pid_t pid)
{
	int i;

	for (i = 0; i < 8; i++) {
		/* u_debugreg of a 32-bit struct user is at 252 */
		req_add("poke", show_errno(pt32(PTRACE_POKEUSR, pid,
						252 + i * 4, 0)));
		pt32(PTRACE_PEEKUSR, pid, 252 + i * 4, (long)req_room);
		out("  dr%d %#x", i, *(uint32_t *)req_room);
	}
	req_print();
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	req_go(pid, PTRACE_CONT, 0);
	out("64-bit tracee");
	offsets(pid, PTRACE_PEEKUSR);
	offsets(pid, PTRACE_POKEUSR);
	debug(pid);
	finish(pid);
	pid = spawn_traced("tracee", child, NULL);
	req_go(pid, PTRACE_CONT, 0);
	registers(pid);
	finish(pid);

	pid = start32(0);
	req_go(pid, PTRACE_CONT, 0);
	out("32-bit tracee");
	offsets(pid, PTRACE_PEEKUSR);
	offsets(pid, PTRACE_POKEUSR);
	debug(pid);
	registers(pid);
	req_go(pid, PTRACE_CONT, 0);
	finish(pid);
	return 0;
}
