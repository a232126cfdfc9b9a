// SPDX-License-Identifier: GPL-2.0-only
/* GET_RSEQ_CONFIGURATION: none, another signature; sizes and what they write */
#include "req.h"

#ifndef SYS_rseq
#define SYS_rseq (sizeof(long) == 8 ? 334 : 386)
#endif

static struct {
	uint32_t cpu_id_start, cpu_id;
	uint64_t ptr;
	uint32_t flags;
} mine __attribute__((aligned(32)));

static void child(void *arg)
{
	extern const ptrdiff_t __rseq_offset;
	char *libc = (char *)__builtin_thread_pointer() + __rseq_offset;
	long ret;

	shm->val[0] = 7;
	ret = syscall(SYS_rseq, libc, 32, 1, 0x53053053);
	shm->val[0] = ret;
	raise(SIGUSR1);
	ret = syscall(SYS_rseq, &mine, 32, 0, 0x12345678);
	shm->val[0] = ret;
	raise(SIGUSR2);
	_exit(0);
}

static void show(pid_t pid)
{
	static const long sizes[] = { 0, 8, 12, 16, 20, 24, 25, 4096, -1 };
	struct ptrace_rseq_configuration *conf = (void *)req_room;
	unsigned int i;
	char text[16];
	int n;

	out("registering gave %ld", shm->val[0]);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		long ret;

		memset(req_room, 0xa5, 256);
		ret = quiet_pt(PTRACE_GET_RSEQ_CONFIGURATION, pid, sizes[i],
			       (long)conf);
		for (n = 256; n && req_room[n - 1] == (char)0xa5; n--)
			;
		sprintf(text, "%ld/%d", sizes[i], n);
		req_add(text, show_errno(ret));
	}
	req_print();
	out("  pointer %s, size %u, signature %#x, flags %u, pad %u",
	    !conf->rseq_abi_pointer ? "0" :
	    conf->rseq_abi_pointer == (unsigned long)&mine ? "ours" :
	    "something", conf->rseq_abi_size, conf->signature, conf->flags,
	    conf->pad);
}

int main(void)
{
	pid_t pid = spawn_traced("tracee", child, NULL);

	show(pid);
	req_go(pid, PTRACE_CONT, 0);
	show(pid);
	req_go(pid, PTRACE_CONT, 0);
	show(pid);
	finish(pid);
	return 0;
}
