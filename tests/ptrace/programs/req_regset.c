// SPDX-License-Identifier: GPL-2.0-only
/* GETREGSET and SETREGSET: every type there is or is not, lengths good and bad */
#include <sys/io.h>

#include "req.h"

static void child(void *arg)
{
	/* told by the tracer: this one runs beside it */
	if (arg)
		shm->val[0] = ioperm(0x80, 1, 1) ? errno : 0;
	for (;;)
		raise(SIGUSR1);
}

static void sizes(pid_t pid, const char *name, long type)
{
	static const long lens[] = { 0, 1, 4, 8, 12, 16, 24, 60, 68, 72, 108,
				     216, 224, 512, 520, 8192, -8, -1 };
	char text[1024] = "", set[1024] = "";
	struct iovec iov;
	unsigned int i;
	long ret;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		iov = (struct iovec){ req_room, lens[i] };
		ret = quiet_pt(PTRACE_GETREGSET, pid, type, (long)&iov);
		sprintf(text + strlen(text), " %ld", lens[i]);
		if (ret)
			sprintf(text + strlen(text), " %s", show_errno(ret));
		else if (iov.iov_len > 520 && type == NT_X86_XSTATE)
			/* how long that is depends on the processor */
			strcat(text, " whole");
		else
			sprintf(text + strlen(text), "=%zu", iov.iov_len);
		/* the same again */
		if (ret || lens[i] < 0)
			continue;
		ret = quiet_pt(PTRACE_SETREGSET, pid, type, (long)&iov);
		sprintf(set + strlen(set), " %ld %s", lens[i],
			show_errno(ret));
	}
	out("  get %s:%s", name, text);
	out("  set %s:%s", name, set);
}

static void all(pid_t pid)
{
	struct iovec iov;
	long type;

	for (type = 0; type < 0x1000; type++) {
		iov = (struct iovec){ req_room, 0 };
		if (!quiet_pt(PTRACE_GETREGSET, pid, type, (long)&iov) ||
		    errno != EINVAL)
			out("  type %#lx: %s", type, show_errno(
			    quiet_pt(PTRACE_GETREGSET, pid, type,
				     (long)&iov)));
	}
	iov = (struct iovec){ req_room, 8192 };
	req_add("prstatus", show_errno(quiet_pt(PTRACE_GETREGSET, pid,
						-1, (long)&iov)));
#ifdef __x86_64__
	req_add("1<<32|prstatus",
		show_errno(quiet_pt(PTRACE_GETREGSET, pid,
				    1L << 32 | NT_PRSTATUS, (long)&iov)));
#endif
	req_print();
	sizes(pid, "prstatus", NT_PRSTATUS);
	sizes(pid, "fpreg", NT_PRFPREG);
	sizes(pid, "xstate", NT_X86_XSTATE);
	sizes(pid, "xfpreg", NT_PRXFPREG);
	sizes(pid, "tls", NT_386_TLS);
	sizes(pid, "ioperm", NT_386_IOPERM);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	req_go(pid, PTRACE_CONT, 0);
	all(pid);
	finish(pid);
	out("with ports");
	pid = spawn_traced("tracee", child, pid ? &pid : NULL);
	req_go(pid, PTRACE_CONT, 0);
	out("ioperm: %ld", shm->val[0]);
	sizes(pid, "ioperm", NT_386_IOPERM);
	finish(pid);
	return 0;
}
