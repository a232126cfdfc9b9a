// SPDX-License-Identifier: GPL-2.0-only
/* Request numbers that do not exist, and those with bits above 32 */
#include "req.h"

static bool known(long request)
{
	static const unsigned char all[] = {
		/* those that let it go on, or write something by address */
		PTRACE_TRACEME, PTRACE_CONT, PTRACE_KILL, PTRACE_SINGLESTEP,
		PTRACE_ATTACH, PTRACE_DETACH, PTRACE_SYSCALL,
		PTRACE_SYSEMU, PTRACE_SYSEMU_SINGLESTEP, PTRACE_SINGLEBLOCK,
	};
	unsigned int i;

	for (i = 0; i < sizeof(all); i++)
		if (all[i] == request)
			return true;
	return request == PTRACE_SEIZE;
}

#ifdef __x86_64__
static void wide(pid_t pid)
{
	long ret;

	out("the request is a long, the pid is not");
	req_add("CONT", show_errno(syscall(SYS_ptrace, 1L << 32 | PTRACE_CONT,
					   (long)pid, 0, 0)));
	req_add("TRACEME", show_errno(syscall(SYS_ptrace, 1L << 32, (long)pid,
					      0, 0)));
	ret = syscall(SYS_ptrace, 1L << 32 | PTRACE_ATTACH, (long)pid, 0, 0);
	req_add("ATTACH", show_errno(ret));
	ret = syscall(SYS_ptrace, (long)PTRACE_GETEVENTMSG, 1L << 32 | pid, 0, req_room);
	req_add("GETEVENTMSG", show_errno(ret));
	req_print();
}
#endif

int main(void)
{
	static const long odd[] = { -1, -2, 0x7fffffff, 0x4000, 0x41ff, 0x4300,
				    0x10007, 0x80000007 };
	pid_t pid = spawn_traced("tracee", pausing, NULL);
	char text[32];
	long i;

	for (i = 0; i < 128; i++) {
		if (known(i))
			continue;
		sprintf(text, "%ld", i);
		req_add(text, show_errno(quiet_pt(i, pid, 0, 0)));
	}
	for (i = 0x4200; i < 0x4220; i++) {
		if (known(i))
			continue;
		sprintf(text, "%#lx", i);
		req_add(text, show_errno(quiet_pt(i, pid, 0, 0)));
	}
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		sprintf(text, "%#lx", odd[i]);
		req_add(text, show_errno(syscall(SYS_ptrace, odd[i],
						 (long)pid, 0, 0)));
	}
	req_print();
	out("for nobody");
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		sprintf(text, "%#lx", odd[i]);
		req_add(text, show_errno(syscall(SYS_ptrace, odd[i],
						 0x3fffffffL, 0, 0)));
	}
	req_print();
#ifdef __x86_64__
	wide(pid);
#endif
	show_proc(pid);
	finish(pid);
	return 0;
}
