/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs about events share: a tracee that meets each event, and a
 * tracer that shows all of every stop, a new task before its parent goes on.
 */
#ifndef EVENT_H
#define EVENT_H

#include "sec.h"
#include "wait.h"

#define EVENT_FAMILY	(PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
			 PTRACE_O_TRACECLONE)
#define EVENT_ALL	(EVENT_FAMILY | PTRACE_O_TRACEEXEC | \
			 PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEEXIT | \
			 PTRACE_O_TRACESECCOMP)

#define EVENT_THREAD	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | \
			 CLONE_THREAD | CLONE_SYSVSEM)

/* The tracer and the tracee are not of the same size: numbers, not names */
static bool event_foreign;
static int event_born;

/* Small numbers and errors tell something, processes have names, the rest changes */
static const char *event_number(long n)
{
	static char buf[4][24];
	static int i;

	if (n < -4096 || n > 32)
		return who(n);
	i = (i + 1) % 4;
	snprintf(buf[i], sizeof(buf[i]), "%ld", n);
	return buf[i];
}

static const char *event_call(long nr)
{
	static char buf[24];

	if (!event_foreign)
		return nr == -1 ? "-1" : syscall_name(nr);
	snprintf(buf, sizeof(buf), "%ld", nr);
	return buf;
}

static void event_syscall(pid_t pid)
{
	struct ptrace_syscall_info info = { 0 };
	long ret;

	ret = quiet_pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), (long)&info);
	if (ret < 0) {
		out("  call %s", show_errno(ret));
		return;
	}
	out("  call op %d arch %#x size %ld", info.op, info.arch, ret);
	if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		out("  call result %s, error %d",
		    event_number(info.exit.rval), info.exit.is_error);
	else if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		out("  call %s", event_call(info.entry.nr));
	else if (info.op == PTRACE_SYSCALL_INFO_SECCOMP)
		out("  call %s, data %u", event_call(info.seccomp.nr),
		    info.seccomp.ret_data);
}

static void event_regs(pid_t pid)
{
	struct user_regs_struct r;

	if (quiet_pt(PTRACE_GETREGS, pid, 0, (long)&r)) {
		out("  regs %s", show_errno(-1));
		return;
	}
#ifdef __x86_64__
	out("  regs orig %s, ax %s, cs %#lx", event_call(r.orig_rax),
	    event_number(r.rax), (long)r.cs);
#else
	out("  regs orig %s, ax %s, cs %#lx", event_call(r.orig_eax),
	    event_number(r.eax), (long)r.xcs);
#endif
}

static bool event_is_birth(int status)
{
	int event = event_of(status);

	return event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
	       event == PTRACE_EVENT_CLONE;
}

/* All there is to see at a stop with this status */
static UNUSED void event_show(pid_t pid, int status)
{
	int event = event_of(status);

	show_siginfo(pid);
	if (event_is_birth(status) || event == PTRACE_EVENT_EXEC ||
	    event == PTRACE_EVENT_VFORK_DONE)
		show_msg_pid(pid);
	else
		show_msg(pid);
	event_regs(pid);
	event_syscall(pid);
}

/* The new task of a birth event, named */
static UNUSED pid_t event_new(pid_t pid)
{
	pid_t new = msg_of(pid);

	if (*who(new) == '?')
		name(new, "new %d", ++event_born);
	return new;
}

/* One stop or the end; true: it is to go on.  *new: what it gave birth to */
static UNUSED bool event_stop(pid_t pid, pid_t *new)
{
	*new = 0;
	if (show_wait(pid, __WALL) != pid || !WIFSTOPPED(last_status()))
		return false;
	if (event_is_birth(last_status()))
		*new = event_new(pid);
	event_show(pid, last_status());
	return true;
}

/* To its end, and before it goes on from an event the new task to its own */
static UNUSED void event_follow(pid_t pid, int how)
{
	int status, sig;
	pid_t new;

	while (event_stop(pid, &new)) {
		status = last_status();
		if (new)
			event_follow(new, how);
		/* what it sent to itself is for it */
		sig = WSTOPSIG(status);
		if (status >> 16 || sig != SIGUSR2)
			sig = 0;
		quiet_pt(how, pid, 0, sig);
	}
}

/* The tracee ------------------------------------------------------------- */

static char event_stack[16384] __attribute__((aligned(16)));

/* A clone() whose child has a stack of its own and ends with a code at once */
static UNUSED pid_t event_clone(unsigned long flags, int code)
{
	long *top = (long *)(event_stack + sizeof(event_stack) - 64);
	pid_t pid;

#ifdef __x86_64__
	asm volatile("syscall\n"
		     "	test	%%rax, %%rax\n"
		     "	jnz	1f\n"
		     "	mov	%[code], %%edi\n"
		     "	mov	%[exit], %%eax\n"
		     "	syscall\n"
		     "1:"
		     : "=a"(pid)
		     : "a"((long)SYS_clone), "D"(flags), "S"(top), "d"(0L),
		       [code] "b"(code), [exit] "i"(SYS_exit)
		     : "memory", "rcx", "r11");
#else
	asm volatile("int	$0x80\n"
		     "	test	%%eax, %%eax\n"
		     "	jnz	1f\n"
		     "	mov	%%edi, %%ebx\n"
		     "	mov	%[exit], %%eax\n"
		     "	int	$0x80\n"
		     "1:"
		     : "=a"(pid)
		     : "a"(SYS_clone), "b"(flags), "c"(top), "d"(0),
		       "D"(code), [exit] "i"(SYS_exit)
		     : "memory");
#endif
	return pid;
}

/*
 * Each event once; the tasks it makes end at once and are reaped.  Their exit
 * signals are blocked, as nobody knows when they come.
 */
static UNUSED __attribute__((noreturn)) void event_acts(void)
{
	static const char *const argv[] = { "event", "end", NULL };
	static const char *const envp[] = { NULL };
	sigset_t set;
	pid_t pid;

	sigfillset(&set);
	sigdelset(&set, SIGUSR2);
	sigdelset(&set, SIGTRAP);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGUSR2, handler_nop);
	syscall(SYS_tgkill, getpid(), gettid_(), SIGUSR2);
	pid = raw_clone(SIGCHLD);
	if (!pid)
		syscall(SYS_exit_group, 3);
	syscall(SYS_wait4, pid, NULL, __WALL, NULL);
	pid = event_clone(CLONE_VM | CLONE_VFORK | SIGCHLD, 4);
	syscall(SYS_wait4, pid, NULL, __WALL, NULL);
	pid = event_clone(CLONE_VM | SIGUSR1, 5);
	syscall(SYS_wait4, pid, NULL, __WALL, NULL);
	event_clone(EVENT_THREAD, 6);
	FILTER({ SYS_getuid, SECCOMP_RET_TRACE | 0x1234 });
	syscall(SYS_getuid);
	syscall(SYS_execve, "/proc/self/exe", argv, envp);
	syscall(SYS_exit_group, 7);
	for (;;)
		;
}

static UNUSED void event_tracee(void *arg)
{
	event_acts();
}

/* It goes on from its first stop with these options, or from where it is seized */
static UNUSED pid_t event_spawn(void (*fn)(void *arg), long options, bool seized)
{
	pid_t pid;

	event_born = 0;
	if (seized)
		return spawn_seized("tracee", fn, NULL, options);
	pid = spawn_traced("tracee", fn, NULL);
	pt(PTRACE_SETOPTIONS, pid, 0, options);
	quiet_pt(PTRACE_CONT, pid, 0, 0);
	return pid;
}

/* The same program, built for the other size */
static UNUSED void event_other_size(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 4);

	if (n < 4)
		_exit(94);
	path[n] = 0;
	if (!strcmp(path + n - 3, "_32"))
		path[n - 3] = 0;
	else
		strcpy(path + n, "_32");
}

static __attribute__((constructor)) void event_again(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "acts"))
		event_acts();
	if (argc > 1 && !strcmp(argv[1], "end"))
		syscall(SYS_exit_group, 9);
}

#endif
