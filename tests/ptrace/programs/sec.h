/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs about seccomp share: filters by call number */
#ifndef SEC_H
#define SEC_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "step.h"

struct rule {
	long nr;
	unsigned int action;
};

/* A filter: those calls with that action, all others allowed */
static __attribute__((unused)) void filter_flags(const struct rule *rules,
						 int n, unsigned int flags)
{
	struct sock_filter code[64];
	struct sock_fprog prog = { .filter = code };
	int i, len = 0;

	code[len++] = (struct sock_filter)
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
	for (i = 0; i < n; i++) {
		code[len++] = (struct sock_filter)
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rules[i].nr, 0, 1);
		code[len++] = (struct sock_filter)
			BPF_STMT(BPF_RET | BPF_K, rules[i].action);
	}
	code[len++] = (struct sock_filter)
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	prog.len = len;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog))
		out("seccomp() failed: %s", show_errno(-1));
}

#define FILTER(...) do {						\
	const struct rule rules__[] = { __VA_ARGS__ };			\
	filter_flags(rules__, sizeof(rules__) / sizeof(rules__[0]), 0);	\
} while (0)

/* A result as exit code: 100 + errno, or the result */
static __attribute__((unused)) int result(long ret)
{
	return ret == -1 ? 100 + errno : ret;
}

#endif
