// SPDX-License-Identifier: GPL-2.0-only
/* GET_RSEQ_CONFIGURATION of what libc registered, in a new image, errors */
#include "../rig.h"

static void child(void *arg)
{
	raise(SIGUSR1);
	execl("/proc/self/exe", "misc_rseq", "new", NULL);
}

static void show(pid_t pid)
{
	struct ptrace_rseq_configuration conf = { 0 };
	long ret;

	ret = quiet_pt(PTRACE_GET_RSEQ_CONFIGURATION, pid, sizeof(conf),
		       (long)&conf);
	/* the address is libc's */
	out("  %s: pointer %s, size %u, signature %#x, flags %u pad %u",
	    show_errno(ret), conf.rseq_abi_pointer ? "set" : "0",
	    conf.rseq_abi_size, conf.signature, conf.flags, conf.pad);
	out("  small %s, large %s, bad address %s",
	    show_errno(quiet_pt(PTRACE_GET_RSEQ_CONFIGURATION, pid, 8,
				(long)&conf)),
	    show_errno(quiet_pt(PTRACE_GET_RSEQ_CONFIGURATION, pid, 99,
				(long)&conf)),
	    show_errno(quiet_pt(PTRACE_GET_RSEQ_CONFIGURATION, pid,
				sizeof(conf), 8)));
}

int main(int argc, char **argv)
{
	pid_t pid;

	if (argc > 1)
		return 0;
	pid = spawn_traced("tracee", child, NULL);
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	show(pid);
	/* exec: before libc of the new image registers again */
	pt(PTRACE_CONT, pid, 0, 0);
	show_wait(pid, 0);
	show(pid);
	pt(PTRACE_DETACH, pid, 0, 0);
	show_wait(pid, 0);
	return 0;
}
