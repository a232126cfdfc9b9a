/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs about stepping share: code with labels, a line for a stop */
#ifndef STEP_H
#define STEP_H

#include "../rig.h"

#define STR_(x)	#x
#define STR(x)	STR_(x)
/* A label in assembler code, and its declaration for C */
#define L(x)	".globl " #x "\n" #x ":\n"
#define LABEL(x) extern const char x[]

#ifdef __x86_64__
#define R(x)	r##x
#define ORIG	orig_rax
#define CALL_INSN "syscall\n"
#else
#define R(x)	e##x
#define ORIG	orig_eax
#define CALL_INSN "int $0x80\n"
#endif

struct label {
	const char *name;
	const char *addr;
};

#define SYM(x)	{ #x, x }

/* Of the program; the last has no name */
static const struct label *labels;

static __attribute__((unused)) const char *where(unsigned long addr)
{
	static char buf[4][48];
	static int turn;
	const struct label *l, *best = NULL;

	if (!addr)
		return "0";
	for (l = labels; l && l->name; l++)
		if (addr >= (unsigned long)l->addr &&
		    (!best || l->addr > best->addr))
			best = l;
	if (!best || addr - (unsigned long)best->addr > 64)
		return "elsewhere";
	turn = (turn + 1) % 4;
	if (addr == (unsigned long)best->addr)
		return best->name;
	snprintf(buf[turn], sizeof(buf[turn]), "%s+%lu", best->name,
		 addr - (unsigned long)best->addr);
	return buf[turn];
}

static __attribute__((unused)) const char *small(long value)
{
	static char buf[4][24];
	static int turn;

	if (value < -4096 || value > 4096)
		return "large";
	turn = (turn + 1) % 4;
	snprintf(buf[turn], sizeof(buf[turn]), "%ld", value);
	return buf[turn];
}

static __attribute__((unused)) struct user_regs_struct regs_of(pid_t pid)
{
	struct user_regs_struct regs = { 0 };

	quiet_pt(PTRACE_GETREGS, pid, 0, (long)&regs);
	return regs;
}

static __attribute__((unused)) const char *code_text(pid_t pid)
{
	static char buf[64];
	siginfo_t info = { 0 };

	if (quiet_pt(PTRACE_GETSIGINFO, pid, 0, (long)&info))
		return "no siginfo";
	if (info.si_signo == SIGTRAP && info.si_code > 0 && info.si_code < 5)
		snprintf(buf, sizeof(buf), "code %d addr %s", info.si_code,
			 where((unsigned long)info.si_addr));
	else
		snprintf(buf, sizeof(buf), "code %#x", info.si_code);
	return buf;
}

/* For a program whose results are pids */
static bool hide_ax;

/* "  at LABEL, TF 0, orig -1, ax 3" */
static __attribute__((unused)) void show_at(pid_t pid)
{
	struct user_regs_struct regs = regs_of(pid);

	out("  at %s, TF %d, orig %s, ax %s", where(regs.R(ip)),
	    !!(regs.eflags & 0x100), small(regs.ORIG),
	    hide_ax && (long)regs.R(ax) > 0 ? "positive" :
	    small(regs.R(ax)));
}

/* The status, and where it stands if that is a stop; true for a stop */
static __attribute__((unused)) bool show_stop(pid_t pid, const char *what,
					      int status)
{
	if (WIFSTOPPED(status)) {
		out("%s: stopped %s event %d, %s", what,
		    signame(status >> 8 & 0xff), status >> 16, code_text(pid));
		show_at(pid);
		return true;
	}
	if (WIFEXITED(status))
		out("%s: exited %d", what, WEXITSTATUS(status));
	else
		out("%s: killed by %s", what, signame(WTERMSIG(status)));
	return false;
}

/* Resume, wait, show */
static __attribute__((unused)) bool go(pid_t pid, int request, int sig)
{
	const char *what = request == PTRACE_CONT ? "cont" :
			   request == PTRACE_SYSCALL ? "syscall" :
			   request == PTRACE_SINGLESTEP ? "step" :
			   request == PTRACE_SINGLEBLOCK ? "block" :
			   request == PTRACE_SYSEMU ? "emu" : "emu step";
	int status;

	if (quiet_pt(request, pid, 0, sig)) {
		out("%s: %s", what, show_errno(-1));
		return false;
	}
	alarm(20);
	if (waitpid(pid, &status, __WALL) != pid) {
		out("%s: wait %s", what, show_errno(-1));
		return false;
	}
	alarm(0);
	return show_stop(pid, what, status);
}

/* The same without a word; the status */
static __attribute__((unused)) int go_on(pid_t pid, int request, int sig)
{
	int status = -1;

	alarm(20);
	if (quiet_pt(request, pid, 0, sig) ||
	    waitpid(pid, &status, __WALL) != pid)
		out("go_on: %s", show_errno(-1));
	alarm(0);
	return status;
}

/* A child that runs body(), which starts with int3: it stands behind that */
static __attribute__((unused)) pid_t start_body(void (*body)(void *))
{
	pid_t pid = spawn_traced("tracee", body, NULL);
	int status = go_on(pid, PTRACE_CONT, 0);

	if (status != (SIGTRAP << 8 | 0x7f))
		out("start_body: status %#x", status);
	return pid;
}

#endif
