/* SPDX-License-Identifier: GPL-2.0-only */
/* A tracee that creates a pid namespace; PTRACE_O_TRACEFORK traces its init */
#ifndef MISC_PIDNS_H
#define MISC_PIDNS_H

#include "../rig.h"

static void (*pidns_main)(void);

/* The init's wait status, valid after pidns_ended() */
#define PIDNS_STATUS	(shm->val[63])
#define pidns_ended()	await(15)

static void pidns_starter(void *arg)
{
	int status = 0;
	pid_t pid;

	if (unshare(CLONE_NEWPID))
		_exit(99);
	pid = fork();
	if (!pid) {
		pidns_main();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	PIDNS_STATUS = status;
	reach(15);
	for (;;)
		pause();
}

static __attribute__((unused)) pid_t event_pid(pid_t pid, const char *called)
{
	unsigned long msg = 0;

	quiet_pt(PTRACE_GETEVENTMSG, pid, 0, (long)&msg);
	name(msg, "%s", called);
	return msg;
}

/* si_pid is in the receiver's namespace: print the number, it has no name. */
static __attribute__((unused)) void show_inner(pid_t pid)
{
	siginfo_t info = { 0 };

	if (quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info))
		out("  siginfo %s", show_errno(-1));
	else
		out("  siginfo %s code %#x pid %d uid %d",
		    signame(info.si_signo), info.si_code, info.si_pid,
		    info.si_uid);
}

/* Returns the init in its first stop; the starter runs. */
static __attribute__((unused)) pid_t pidns_start(void (*main)(void),
						 long options, pid_t *starter)
{
	pid_t pid, init;
	int status;

	pidns_main = main;
	pid = spawn_traced("starter", pidns_starter, NULL);
	quiet_pt(PTRACE_SETOPTIONS, pid, 0,
		 options | PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	if (waitpid(pid, &status, __WALL) != pid || status >> 16 != 1)
		out("starter: status %#x", status);
	init = event_pid(pid, "init");
	waitpid(init, &status, __WALL);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	*starter = pid;
	return init;
}

#endif
