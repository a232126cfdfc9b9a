// SPDX-License-Identifier: GPL-2.0-only
/* PEEKUSR and POKEUSR of each offset: bad ones, dummies, registers, debug registers */
#include "req.h"

static void child(void *arg)
{
	for (;;)
		raise(SIGUSR1);
}

/* Offsets that do the same, as ranges */
static void ranges(pid_t pid, const char *what, int request)
{
	long offset, first = 0, old = 0, step = 1, value = 0;
	const long end = sizeof(struct user) + 64;
	int last_errno = -1, err;

	out("%s", what);
	for (offset = 0; offset <= end; offset += step) {
		if (request == PTRACE_POKEUSR) {
			/* what is there, if anything is */
			value = 0;
			if (quiet_pt(PTRACE_PEEKUSR, pid, offset,
				     (long)&value))
				value = 0;
		}
		err = quiet_pt(request, pid, offset,
			       request == PTRACE_PEEKUSR ? (long)&value :
			       value) ? errno : 0;
		/* the aligned ones */
		if (offset % sizeof(long)) {
			if (err != EIO)
				out("  unaligned %ld: %d", offset, err);
			continue;
		}
		if (err != last_errno && last_errno >= 0) {
			out("  %ld to %ld: %s", first, old, last_errno ?
			    strerrorname_np(last_errno) : "ok");
			first = offset;
		}
		last_errno = err;
		old = offset;
	}
	out("  %ld to %ld: %s", first, old, last_errno ?
	    strerrorname_np(last_errno) : "ok");
}

int main(void)
{
	static const long far[] = { -1, -4, -8, 0x10000, 0x7ffffff8 };
	pid_t pid = spawn_traced("tracee", child, NULL);
	struct user_regs_struct regs, again;
	long offset, value, err;
	unsigned int i;

	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&regs);
	ranges(pid, "peek", PTRACE_PEEKUSR);
	ranges(pid, "poke", PTRACE_POKEUSR);
	for (i = 0; i < sizeof(far) / sizeof(far[0]); i++)
		out("far %#lx: %s %s", far[i],
		    show_errno(quiet_pt(PTRACE_PEEKUSR, pid, far[i],
					(long)&value)),
		    show_errno(quiet_pt(PTRACE_POKEUSR, pid, far[i], 0)));
#ifdef __x86_64__
	out("above 32 bits: %s %s",
	    show_errno(quiet_pt(PTRACE_PEEKUSR, pid, 1L << 32, (long)&value)),
	    show_errno(quiet_pt(PTRACE_POKEUSR, pid, 1L << 32, 0)));
#endif
	/* The register area is what GETREGS has */
	for (offset = 0; offset < sizeof(regs); offset += sizeof(long)) {
		quiet_pt(PTRACE_PEEKUSR, pid, offset, (long)&value);
		if (value != *(long *)((char *)&regs + offset))
			out("register at %ld differs", offset);
	}
	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&again);
	out("all %s", memcmp(&regs, &again, sizeof(regs)) ? "changed" :
	    "as they were");
	/* All else reads as zero, and stays so */
	for (; offset < sizeof(struct user); offset += sizeof(long)) {
		err = quiet_pt(PTRACE_POKEUSR, pid, offset, 0);
		value = 1;
		quiet_pt(PTRACE_PEEKUSR, pid, offset, (long)&value);
		if (value)
			out("at debugreg %ld: poke %s, then %#lx",
			    (long)(offset - offsetof(struct user,
						     u_debugreg)) /
			    (long)sizeof(long), err ? "failed" : "0", value);
	}
	req_go(pid, PTRACE_CONT, 0);
	finish(pid);
	return 0;
}
