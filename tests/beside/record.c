// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a tracer sees, as text that is the same in each run: numbers of
 * processes are replaced.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "beside/beside.h"

#define GET_SYSCALL_INFO	0x420e

/* enum of the kernel's; C libraries differ in whether they have it */
struct syscall_info {
	uint8_t op, pad[3];
	uint32_t arch;
	uint64_t ip, sp;
	uint64_t nr, args[6];
	uint32_t data;
};

static const char *const reg_names[] = {
	"r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8",
	"ax", "cx", "dx", "si", "di", "orig_ax", "ip", "cs", "flags", "sp",
	"ss", "fs_base", "gs_base", "ds", "es", "fs", "gs",
};

void bs_note(struct bs_run *run, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(run->text + run->len, BS_TEXT - run->len, fmt, args);
	va_end(args);
	run->len += n;
	if (run->len >= BS_TEXT) {
		run->len = BS_TEXT - 1;
		bs_check(run, false, "the text is too long");
	}
}

static const char *who(struct bs_run *run, uint64_t pid)
{
	if (pid == (uint64_t)run->pid)
		return "PID";
	if (run->kid && pid == (uint64_t)run->kid)
		return "KID";
	return pid == (uint64_t)getpid() ? "TRACER" : NULL;
}

/* A value that may be the number of a process */
static void note_value(struct bs_run *run, const char *name, uint64_t val)
{
	const char *masked = who(run, val);

	if (masked)
		bs_note(run, " %s=%s", name, masked);
	else
		bs_note(run, " %s=%llx", name, (unsigned long long)val);
}

static void record_info(struct bs_run *run, pid_t pid)
{
	siginfo_t info;

	if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info)) {
		bs_note(run, "  siginfo: errno %d\n", errno);
		return;
	}
	bs_note(run, "  siginfo: signo %d errno %d code %x", info.si_signo,
		info.si_errno, info.si_code);
	note_value(run, "pid", info.si_pid);
	bs_note(run, " uid %d\n", info.si_uid);
}

static void record_message(struct bs_run *run, pid_t pid)
{
	unsigned long message = 0;

	if (ptrace(PTRACE_GETEVENTMSG, pid, 0, &message)) {
		bs_note(run, "  message: errno %d\n", errno);
		return;
	}
	bs_note(run, "  message:");
	note_value(run, "it", message);
	bs_note(run, "\n");
}

static void record_regs(struct bs_run *run, pid_t pid)
{
	struct user_regs_struct regs;
	unsigned long *reg = (unsigned long *)&regs;
	unsigned int i;

	if (ptrace(PTRACE_GETREGS, pid, 0, &regs)) {
		bs_note(run, "  registers: errno %d\n", errno);
		return;
	}
	if (pid == run->pid)
		run->ax = regs.rax;
	if (run->action && run->action->brief)
		return;
	/* a call that was stepped over has the flag in it */
	if (run->action && run->action->traps)
		regs.r11 &= ~0x100UL;
	bs_note(run, "  registers:");
	for (i = 0; i < sizeof(reg_names) / sizeof(*reg_names); i++) {
		/* where a process may be named, and no number could be one */
		if (!strcmp(reg_names[i], "ax") || !strcmp(reg_names[i], "di"))
			note_value(run, reg_names[i], reg[i]);
		else
			bs_note(run, " %s=%lx", reg_names[i], reg[i]);
	}
	bs_note(run, "\n");
}

static void record_call(struct bs_run *run, pid_t pid)
{
	struct syscall_info info = {};
	long n = ptrace(GET_SYSCALL_INFO, pid, sizeof(info), &info);
	int i;

	if (run->action && run->action->brief)
		return;
	if (n < 0) {
		bs_note(run, "  call: errno %d\n", errno);
		return;
	}
	bs_note(run, "  call: size %ld op %d arch %x ip %llx sp %llx", n,
		info.op, info.arch, (unsigned long long)info.ip,
		(unsigned long long)info.sp);
	if (info.op)
		note_value(run, "nr", info.nr);
	for (i = 0; info.op && i < 6; i++)
		note_value(run, "arg", info.args[i]);
	bs_note(run, " data %x\n", info.data);
}

/* The kid a fork event tells of, known from here on */
static void learn_kid(struct bs_run *run, pid_t pid, int status)
{
	unsigned long message;
	int event = status >> 16;

	if (pid == run->pid && event >= PTRACE_EVENT_FORK &&
	    event <= PTRACE_EVENT_CLONE && !run->kid &&
	    !ptrace(PTRACE_GETEVENTMSG, pid, 0, &message))
		run->kid = message;
}

void bs_record(struct bs_run *run, pid_t pid, int status)
{
	learn_kid(run, pid, status);
	bs_note(run, "%s: status %x\n", who(run, pid) ?: "?", status);
	if (!WIFSTOPPED(status))
		return;
	record_info(run, pid);
	record_message(run, pid);
	record_regs(run, pid);
	record_call(run, pid);
}

/* What the child has seen itself */
void bs_record_end(struct bs_run *run)
{
	bs_note(run, "handlers: SIGUSR1 %d, SIGUSR2 %d\n",
		ut_shm->flag[BS_USR1], ut_shm->flag[BS_USR2]);
	bs_note(run, "calls returned:");
	note_value(run, "first", ut_shm->val[BS_RESULT]);
	note_value(run, "second", ut_shm->val[BS_NEXT]);
	bs_note(run, "\n");
}

bool bs_is_step_trap(pid_t pid, int status)
{
	siginfo_t info;

	return WIFSTOPPED(status) && status >> 8 == SIGTRAP &&
		!ptrace(PTRACE_GETSIGINFO, pid, 0, &info) &&
		(info.si_code == TRAP_TRACE || info.si_code == TRAP_BRKPT);
}

int bs_signal_of(pid_t pid, int status)
{
	siginfo_t info;
	int signr = WSTOPSIG(status);

	/* an event, a system call, a step, or a group stop of the old style */
	if (!WIFSTOPPED(status) || status >> 16 || signr == SIGTRAP ||
	    signr & 0x80 || ptrace(PTRACE_GETSIGINFO, pid, 0, &info))
		return 0;
	return signr;
}
