/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs of the differential rig share.
 *
 * A program shows one behaviour of ptrace(2) and prints what it saw.  Its
 * transcript has to be the same on every run: processes are named, not
 * numbered, addresses are shown as symbols, everything waits for an event.
 */
#ifndef RIG_H
#define RIG_H

#include <errno.h>
#include <linux/ptrace.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PTRACE_TRACEME
#define PTRACE_TRACEME		0
#define PTRACE_PEEKTEXT		1
#define PTRACE_PEEKDATA		2
#define PTRACE_PEEKUSR		3
#define PTRACE_POKETEXT		4
#define PTRACE_POKEDATA		5
#define PTRACE_POKEUSR		6
#define PTRACE_CONT		7
#define PTRACE_KILL		8
#define PTRACE_SINGLESTEP	9
#define PTRACE_ATTACH		16
#define PTRACE_DETACH		17
#define PTRACE_SYSCALL		24
#endif
#ifndef PTRACE_GETREGS
#define PTRACE_GETREGS		12
#define PTRACE_SETREGS		13
#define PTRACE_GETFPREGS	14
#define PTRACE_SETFPREGS	15
#define PTRACE_SYSEMU		31
#define PTRACE_SYSEMU_SINGLESTEP 32
#define PTRACE_SINGLEBLOCK	33
#endif

/* Shared between tracer and tracees, zeroed at the start */
struct rig_shm {
	volatile int step[16];		/* for rig_reach() and rig_await() */
	volatile long val[64];
	volatile pid_t pid[16];
};

extern struct rig_shm *shm;

/* Names of processes: who() gives "?" for a stranger, "0" for 0 */
void name(pid_t pid, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *who(pid_t pid);

/* A line of the transcript; out() is atomic between processes */
void out(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * fork() with a name.  The child runs fn(arg) and ends with exit code 0 if
 * fn returns; it is killed when its parent dies.
 */
pid_t spawn(const char *child, void (*fn)(void *arg), void *arg);
/* The same, and the child said TRACEME and is in its first SIGSTOP stop */
pid_t spawn_traced(const char *child, void (*fn)(void *arg), void *arg);
/* The same, the child waits inside, was seized with options and not stopped */
pid_t spawn_seized(const char *child, void (*fn)(void *arg), void *arg,
		   long options);
/* What a child may do: sleep for ever */
void pausing(void *arg);

/*
 * Make a ptrace call and print it: "PTRACE_CONT(tracee, 0, SIGUSR1) = 0".
 * data is shown as a signal for those requests that take one, as options for
 * SETOPTIONS and SEIZE.  Returns what the call returned, errno kept.
 */
long pt(int request, pid_t pid, long addr, long data);
/* The same without a word */
long quiet_pt(int request, pid_t pid, long addr, long data);

/* wait4() and waitid(), printed with what they say.  They return the pid. */
pid_t show_wait(pid_t pid, int options);
pid_t show_waitid(idtype_t type, id_t id, int options);
/* The status only, printed like show_wait() does */
int last_status(void);

/* At a ptrace stop */
void show_siginfo(pid_t pid);		/* PTRACE_GETSIGINFO */
void show_msg(pid_t pid);		/* GETEVENTMSG; a number */
void show_msg_pid(pid_t pid);		/* GETEVENTMSG; a process by name */
void show_syscall(pid_t pid);		/* GET_SYSCALL_INFO */
void show_regs(pid_t pid);		/* orig_ax and ax, of GETREGS */
/* PTRACE_EVENT_* of the status that wait returned, or 0 */
int event_of(int status);

/* /proc/PID/status: "state t, tracer tracer" */
void show_proc(pid_t pid);
char state_of(pid_t pid);
/* Until the state letter is one of those; the transcript tells on time-out */
void await_state(pid_t pid, const char *letters);
/* Until the task sleeps inside this system call */
void await_syscall(pid_t pid, long nr);
/* Until there is no such process, or until it is a zombie */
void await_gone(pid_t pid);

/* Until SIGCHLD is pending, which is held; it is not taken */
void await_sigchld(void);

/* A point that other processes wait for */
void reach(int step);
void await(int step);

/* Block SIGCHLD and take those that came, in order: "SIGCHLD: code pid status" */
void hold_sigchld(void);
void show_sigchld(void);	/* waits for one */
void no_sigchld(void);		/* says if there is one nevertheless */

/* Names for numbers */
const char *signame(int sig);
const char *syscall_name(long nr);
const char *show_errno(long ret);	/* "0", "17" or "-ESRCH" by errno */
void show_info(const siginfo_t *info);	/* one line, fields that are defined */

/* Kill and reap what is left of a tracee, without a word */
void finish(pid_t pid);

#endif
