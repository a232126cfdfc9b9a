// SPDX-License-Identifier: GPL-2.0-only
/* clone() and clone3() of each kind, each set of birth events: what is reported, who is traced */
#include <linux/sched.h>

#include "birth.h"

#define SHARED	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND)
#define WAY(flags) { #flags, (flags) }
static const struct {
	const char *name;
	unsigned long flags;
} ways[] = {
	WAY(SIGCHLD), WAY(SIGUSR1), WAY(0), WAY(CLONE_FILES | SIGCHLD),
	WAY(CLONE_VFORK | SIGCHLD), WAY(CLONE_VFORK | SIGUSR1),
	WAY(CLONE_VFORK | CLONE_VM | SIGCHLD), WAY(CLONE_VM | SIGCHLD),
	WAY(SHARED | 0), WAY(SHARED | CLONE_THREAD),
	WAY(SHARED | CLONE_THREAD | SIGUSR1),
	WAY(SHARED | CLONE_THREAD | CLONE_VFORK),
	WAY(SHARED | CLONE_THREAD | CLONE_UNTRACED),
	WAY(SHARED | CLONE_THREAD | CLONE_PTRACE),
	WAY(CLONE_PARENT | SIGCHLD), WAY(CLONE_PARENT | CLONE_PTRACE),
	WAY(CLONE_PTRACE | SIGCHLD), WAY(CLONE_PTRACE | CLONE_VFORK | SIGUSR1),
	WAY(CLONE_UNTRACED | SIGCHLD),
	WAY(CLONE_UNTRACED | CLONE_PTRACE | SIGCHLD),
	WAY(CLONE_UNTRACED | CLONE_VFORK | SIGCHLD),
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static bool by_clone3;

static long make(void)
{
	pid_t *where = (pid_t *)&shm->pid[0];
	struct clone_args args = {
		.flags = (flags & ~0xffUL) | CLONE_PARENT_SETTID,
		.exit_signal = flags & 0xff,
		.parent_tid = (unsigned long)where,
	};
	long ret;

	if (!by_clone3)
		return clone(new_task, event_stack + sizeof(event_stack) - 64,
			     flags | CLONE_PARENT_SETTID, NULL, where);
	ret = syscall(SYS_clone3, &args, sizeof(args));
	if (!ret)
		new_task(NULL);
	return ret;
}

int main(void)
{
	int way, set, three;

	if (pipe(hold))
		abort();
	for (way = 0; way < WAYS; way++) {
		for (set = 0; set < 8; set++) {
			flags = ways[way].flags;
			for (three = 0; three < 2; three++) {
				by_clone3 = three;
				/* the new one is on the same stack there */
				if (three && ((flags & CLONE_VM) ||
					      set % 7 != 0))
					continue;
				out("%s(%s), events %s%s%s", three ? "clone3" :
				    "clone", ways[way].name, set & 1 ? "F" : "",
				    set & 2 ? "V" : "", set & 4 ? "C" : "");
				one(set << 1, (way + set) & 1);
			}
		}
	}
	return 0;
}
