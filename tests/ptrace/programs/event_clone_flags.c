// SPDX-License-Identifier: GPL-2.0-only
/* clone() and clone3() of each kind, each set of birth events: what is reported, who is traced */
#include <linux/sched.h>

#include "event.h"

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

static unsigned long flags;
static bool by_clone3;
static int hold[2];	/* what the new task waits for */

/* shm->step: 1: go on and clone, 3: tell, 5: is back from clone */
static int new_task(void *arg)
{
	char byte;

	syscall(SYS_read, hold[0], &byte, 1);
	syscall(SYS_exit, 6);
	return 0;
}

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

/* The signals it got, in order of number, and its children */
static void tell(void)
{
	struct timespec none = { 0 };
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	while ((sig = sigtimedwait(&set, NULL, &none)) > 0)
		out("tracee: %s", signame(sig));
	out("tracee:");
	show_wait(-1, __WALL | WNOHANG);
}

static void child(void *arg)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	await(1);
	shm->val[0] = make();
	reach(5);
	await(3);
	tell();
	_exit(2);
}

/* It stopped, or waits in vfork(), or is back from the call */
static char settled(pid_t pid)
{
	char state;

	for (;;) {
		state = state_of(pid);
		if (state == 't' || shm->step[5])
			return state;
		if (state == 'D' && (flags & CLONE_VFORK) && shm->pid[0])
			return state;
		usleep(200);
	}
}

/* It stopped, or waits in its function */
static bool is_stopped(pid_t pid)
{
	char state;

	for (;;) {
		state = state_of(pid);
		if (state == 't')
			return true;
		if (state == 'S') {
			await_syscall(pid, SYS_read);
			return false;
		}
		usleep(200);
	}
}

static void start(pid_t *pid, long options, bool seized)
{
	forget_steps();
	if (seized) {
		*pid = spawn_seized("tracee", child, NULL, options);
	} else {
		*pid = spawn_traced("tracee", child, NULL);
		quiet_pt(PTRACE_SETOPTIONS, *pid, 0, options);
		quiet_pt(PTRACE_CONT, *pid, 0, 0);
	}
	reach(1);
}

static void one(long options, bool seized)
{
	bool event, traced;
	pid_t pid, new;

	start(&pid, options, seized);
	event = settled(pid) == 't';
	new = shm->pid[0];
	if (new)
		name(new, "new");
	if (event) {
		show_wait(pid, __WALL);
		event_show(pid, last_status());
	}
	if (!new) {
		/* no such call */
		out("result %s", show_errno(shm->val[0]));
		goto end;
	}
	traced = is_stopped(new);
	if (traced) {
		show_wait(new, __WALL);
		event_show(new, last_status());
		quiet_pt(PTRACE_CONT, new, 0, 0);
		is_stopped(new);
	}
	show_proc(new);
	if (event)
		quiet_pt(PTRACE_CONT, pid, 0, 0);
	if (write(hold[1], "", 1) != 1)
		abort();
	await_state(new, "Z-");
	settle();
	show_wait(new, __WALL | WNOHANG);
end:
	reach(3);
	show_wait(pid, __WALL);
	show_wait(-1, __WALL | WNOHANG);
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
